// Watches the queues while a service runs: an a-kasse that does not fetch is found out before its members' letters tell.

import { repeat } from '../domain/repeat.ts';
import type { OutboxWatch, QueueLength } from '../store/outbox.ts';

/** Who is told what is seen. */
interface Listener {
  /** At every look: all queues in which something waits. */
  onLook(queues: readonly QueueLength[], now: Date): void;
  /** The oldest besked of a queue has waited for too long; said once, until the queue is well again. */
  onLate(queue: QueueLength): void;
  /** A queue that was late is not so any more. */
  onWell(akasse: string): void;
  onError(error: unknown): void;
}

/** Whether the oldest besked of a queue has waited for so many minutes. */
export const isLate = (oldest: string, minutes: number, now: Date): boolean =>
  now.getTime() - Date.parse(oldest) >= minutes * 60_000;

/** Milliseconds between looks. */
const WATCH_INTERVAL = 60_000;

/**
 * Looks at once and then every `interval` milliseconds; a queue is late whose oldest besked has waited `lateMinutes`.
 * Gives a function that stops it and resolves when nothing of it is under way.
 */
export function keepWatch(
  outbox: OutboxWatch,
  { lateMinutes, now }: { readonly lateMinutes: number; readonly now: () => Date },
  listener: Listener,
  interval = WATCH_INTERVAL,
): () => Promise<void> {
  let late = new Set<string>();
  const look = async (): Promise<void> => {
    const queues = await outbox.lengths();
    const at = now();
    listener.onLook(queues, at);
    const lateNow = new Set<string>();
    for (const queue of queues.filter(({ oldest }) => isLate(oldest, lateMinutes, at))) {
      if (!late.has(queue.akasse)) listener.onLate(queue);
      lateNow.add(queue.akasse);
    }
    for (const akasse of late) if (!lateNow.has(akasse)) listener.onWell(akasse);
    late = lateNow;
  };
  const first = look().catch((error: unknown) => listener.onError(error));
  const stop = repeat(look, interval, (error) => listener.onError(error));
  return async () => {
    await first;
    await stop();
  };
}

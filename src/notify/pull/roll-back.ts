// Rolls idle sequences back while a service runs, so that nobody has to call for it. Any number of processes may do so
// on one store: the store rolls each back once.

import { repeat } from '../../domain/repeat.ts';
import type { Sequences } from '../../store/outbox.ts';

/** Who is told what became of it. */
interface Listener {
  onRolledBack(identifier: string): void;
  onError(error: unknown): void;
}

/** Milliseconds between looks. A call that meets an idle sequence rolls it back by itself, so this need not be often. */
export const ROLL_BACK_INTERVAL = 30_000;

/**
 * Looks every `interval` milliseconds for sequences that have been idle for `idleMinutes`. What fails is tried again.
 * Gives a function that stops it and resolves when nothing of it is under way.
 */
export function keepRolledBack(
  sequences: Pick<Sequences, 'rollBackIdle'>,
  idleMinutes: number,
  listener: Listener,
  interval = ROLL_BACK_INTERVAL,
): () => Promise<void> {
  const look = async (): Promise<void> => {
    for (const identifier of await sequences.rollBackIdle(idleMinutes)) listener.onRolledBack(identifier);
  };
  return repeat(look, interval, (error) => listener.onError(error));
}

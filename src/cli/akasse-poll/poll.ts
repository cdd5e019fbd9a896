// Empties the queue of an a-kasse: transfer after transfer until nothing is waiting, once or for as long as wanted.

import { DELAYS, type Delays } from '../client/retries.ts';
import type { WsrmClient } from '../client/wsrm-client.ts';
import { type Besked, toBesked } from './besked.ts';
import { mayPass, type PollFailure } from './failure.ts';
import { OTHER_POLLER, type TransferEnd, transfer } from './transfer.ts';

/** What a poll needs, and whom it tells. */
export interface PollOptions {
  /** The queue to empty; see `makeAkasseClient`. It stays connected: disconnecting it is the caller's. */
  readonly client: WsrmClient;
  /**
   * Keeps the beskeder of one transfer, in the order of the queue, and resolves when they are durable: after that they
   * leave the queue and never come again. Until then they come again, so the same besked may be given more than once,
   * also by a later poll; whoever keeps them leaves out what he has already, by `messageIdentifier`. What it throws
   * ends the poll, with the beskeder still in the queue.
   */
  readonly keep: (beskeder: readonly Besked[]) => Promise<void>;
  /** Told of each sequence how many beskeder it has, before they are fetched. */
  readonly onInventory?: (count: number) => void;
  /** Told of each transfer how many beskeder were kept, and whether they left the queue. */
  readonly onTransfer?: (transfer: { readonly fetched: number; readonly removed: boolean }) => void;
  /** The waits between attempts; by default as long as all commands wait. */
  readonly delays?: Delays;
  /** Aborted to stop: the step under way is finished and an open sequence is closed. */
  readonly signal?: AbortSignal;
}

/** What came of a poll. */
export interface PollResult {
  readonly ending: /** Nothing is waiting any more. */
    | { readonly kind: 'emptied' }
    /** `signal` was aborted. */
    | { readonly kind: 'interrupted' }
    | { readonly kind: 'failed'; readonly failure: PollFailure };
  /** Sequences whose beskeder were kept and left the queue. */
  readonly sequences: number;
  /** Beskeder given to `keep` and kept, each as often as it came. */
  readonly fetched: number;
}

/** So many transfers in a row may be ended by somebody else. */
const MOST_ENDED_ELSEWHERE = 5;

/**
 * Empties the queue once. Never rejects for what the service or the network does: the result says how it ended, and
 * what was counted holds in every case.
 */
export async function pollBeskeder(options: PollOptions): Promise<PollResult> {
  const { client, keep, onInventory, onTransfer, delays = DELAYS, signal = NEVER } = options;
  let sequences = 0;
  let fetched = 0;
  let endedElsewhere = 0;
  const result = (ending: PollResult['ending']): PollResult => ({ ending, sequences, fetched });
  const context = {
    client,
    keep: async (registrations: Parameters<Parameters<typeof transfer>[0]['keep']>[0]): Promise<void> => {
      await keep(registrations.map(toBesked));
      fetched += registrations.length;
    },
    onInventory: (count: number) => onInventory?.(count),
    delays,
    interrupted: signal,
  };
  while (!signal.aborted) {
    const end: TransferEnd = await transfer(context);
    switch (end.kind) {
      case 'empty':
        return result({ kind: 'emptied' });
      case 'interrupted':
        return result({ kind: 'interrupted' });
      case 'failed':
        // Whoever interrupts a retry knows why it did not come to its end.
        return result(signal.aborted && mayPass(end.failure) ? { kind: 'interrupted' } : end);
      case 'removed':
        sequences += 1;
        endedElsewhere = 0;
        onTransfer?.({ fetched: end.fetched, removed: true });
        break;
      case 'ended-elsewhere':
        onTransfer?.({ fetched: end.fetched, removed: false });
        endedElsewhere += 1;
        if (endedElsewhere >= MOST_ENDED_ELSEWHERE) return result({ kind: 'failed', failure: CONTENTION });
    }
  }
  return result({ kind: 'interrupted' });
}

const NEVER = new AbortController().signal;

const CONTENTION: PollFailure = {
  kind: 'contention',
  reason: `${MOST_ENDED_ELSEWHERE} sequences in a row were ended by somebody else before they were done. ${OTHER_POLLER}`,
};

/** What goes on from poll to poll. */
export interface WatchOptions extends PollOptions {
  /** Seconds between the end of a poll and the next one. */
  readonly seconds: number;
  /** Told of a poll that failed in a way that may pass; the next one is made all the same. */
  readonly onFailure?: (failure: PollFailure) => void;
}

/**
 * Empties the queue again and again until `signal` is aborted, or until it fails in a way that does not pass by itself:
 * the service refuses the caller, or `keep` threw. The counts are those of all polls together.
 */
export async function watchBeskeder(options: WatchOptions): Promise<PollResult> {
  const { seconds, onFailure, delays = DELAYS, signal = NEVER } = options;
  let sequences = 0;
  let fetched = 0;
  for (;;) {
    const poll = await pollBeskeder(options);
    sequences += poll.sequences;
    fetched += poll.fetched;
    const { ending } = poll;
    if (ending.kind === 'failed') {
      if (!mayPass(ending.failure)) return { ending, sequences, fetched };
      onFailure?.(ending.failure);
    }
    if (!signal.aborted) await delays.sleep(seconds * 1_000, signal);
    if (signal.aborted) return { ending: { kind: 'interrupted' }, sequences, fetched };
  }
}

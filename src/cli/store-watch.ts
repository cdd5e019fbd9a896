// Watches the store of a running service: says in the log when it fails and why, and when it is well again puts into the
// audit trail how many calls were answered 1011 without an entry of their own.

import type { Log } from '../soap/log.ts';
import { keepWell } from '../store/health.ts';
import type { Kald, ServedStore } from '../store/store.ts';
import { operatorEntry } from './operator.ts';

/** The watch over one store. */
export interface StoreWatch {
  /** Counts a call whose audit entry could not be kept. */
  onUnrecorded(kald: Kald): void;
  /** Stops it, with an entry of what was counted if one can be kept. */
  stop(): Promise<void>;
}

/** Calls without an entry: how many, and when the first and the last of them were received. */
interface Gap {
  readonly antal: number;
  readonly fra: Date;
  readonly til: Date;
}

/** What an entry says of calls that failed for a reason of their own, in a store that was well. */
const NOT_THE_STORE = 'unexpected errors; the log has them';

/** Begins to watch. */
export function watchStore(store: ServedStore, log: Log): StoreWatch {
  let gap: Gap | undefined;
  let cause = NOT_THE_STORE;
  let entering: Promise<void> = Promise.resolve();
  const enter = async (): Promise<void> => {
    const entered = gap;
    if (entered === undefined) return;
    const { antal, fra, til } = entered;
    const detaljer = JSON.stringify({ antal, fra: fra.toISOString(), til: til.toISOString(), aarsag: cause });
    await store.audit.record(operatorEntry('MeldSvigt', { detaljer }));
    // Others may have come meanwhile.
    gap = gap === entered || gap === undefined ? undefined : { ...gap, antal: gap.antal - antal };
    cause = NOT_THE_STORE;
  };
  /** One time after the other, so that nothing is entered twice. */
  const tryToEnter = (): Promise<void> => {
    entering = entering
      .then(enter)
      .catch((error: unknown) =>
        log.error('that calls have no audit entry could not be kept in the trail', { error: String(error) }),
      );
    return entering;
  };
  const stopLooking = keepWell(store.health, {
    onFailing: (failure) => {
      cause = failure.cause;
      log.error('THE STORE FAILS: calls are answered 1011 until it is well again', { ...failure });
    },
    onWell: (failure) => log.warn('the store is well again', { ...failure, unrecorded: gap?.antal ?? 0 }),
    whileWell: () => {
      if (gap !== undefined) void tryToEnter();
    },
  });
  return {
    onUnrecorded: ({ modtaget }) => {
      gap = { antal: (gap?.antal ?? 0) + 1, fra: gap?.fra ?? modtaget, til: modtaget };
    },
    stop: async () => {
      await stopLooking();
      cause = store.health.failure()?.cause ?? cause;
      await tryToEnter();
    },
  };
}

// Watches the store of a running service: says in the log when it fails and why, and when it is well again puts into the
// audit trail how many calls were answered 1011 without an entry of their own.

import type { Log } from '../soap/log.ts';
import { keepWell, type StoreFailure } from '../store/health.ts';
import type { Kald, Store } from '../store/store.ts';
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

/** Begins to watch. */
export function watchStore(store: Store, log: Log): StoreWatch {
  let gap: Gap | undefined;
  let lastCause = '';
  const enter = async (): Promise<void> => {
    const entered = gap;
    if (entered === undefined) return;
    const { antal, fra, til } = entered;
    const detaljer = JSON.stringify({
      antal,
      fra: fra.toISOString(),
      til: til.toISOString(),
      aarsag: lastCause,
    });
    await store.audit.record(operatorEntry('MeldSvigt', { detaljer }));
    gap = gap === entered ? undefined : { ...gap!, antal: gap!.antal - antal };
  };
  const tryToEnter = (): Promise<void> =>
    enter().catch((error: unknown) =>
      log.error('that calls have no audit entry could not be kept in the trail', { error: String(error) }),
    );
  const onFailing = ({ cause, since }: StoreFailure): void => {
    lastCause = cause;
    log.error('THE STORE FAILS: calls are answered 1011 until it is well again', { cause, since });
  };
  const onWell = ({ cause, since }: StoreFailure): void => {
    log.warn('the store is well again', { cause, since, unrecorded: gap?.antal ?? 0 });
    void tryToEnter();
  };
  const stopLooking = keepWell(store.health, { onFailing, onWell });
  return {
    onUnrecorded: ({ modtaget }) => {
      gap = { antal: (gap?.antal ?? 0) + 1, fra: gap?.fra ?? modtaget, til: modtaget };
    },
    stop: async () => {
      await stopLooking();
      lastCause = store.health.failure()?.cause ?? lastCause;
      await tryToEnter();
    },
  };
}

// Brings what the write-ahead log holds into the database file. A thread of its own does nearly all of that, beside the
// transactions; what has come meanwhile is brought over between two transactions, and the log begins anew. It may get
// long before: what changes the same page many times then costs one write, and whoever waits while the last pages are
// brought over is one of so many that the slowest hundredth does not feel it.

import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Connection } from './connection.ts';

/** Pages in the log from which on they are brought over. */
const LONG_LOG = 40_000;
/** Transactions between looks at how long the log is. */
const LOOK_EVERY = 16;

const THREAD = new URL(`./checkpoint-thread${extname(import.meta.url)}`, import.meta.url);

export interface Checkpoints {
  /** To be called between transactions. Throws nothing. */
  afterTransaction(): void;
  /** Stops the thread. */
  stop(): Promise<void>;
}

/** How long the log is, in pages, and how many of them are in the database file. */
interface LogState {
  readonly log: number;
  readonly checkpointed: number;
}

/** Looks after the log of a connection, from now on the only one to do so in this process. */
export function makeCheckpoints(db: Connection, path: string): Checkpoints {
  db.pragma('wal_autocheckpoint = 0');
  const look = db.prepare<[], LogState>('PRAGMA wal_checkpoint(NOOP)');
  const finish = db.prepare<[], LogState>('PRAGMA wal_checkpoint(PASSIVE)');
  const thread = new Worker(THREAD, { workerData: path, resourceLimits: { maxYoungGenerationSizeMb: 1 } });
  let transactions = 0;
  let isUnderWay = false;
  let isNearlyDone = false;
  let next = LONG_LOG;
  thread.on('message', () => {
    isUnderWay = false;
    isNearlyDone = true;
  });
  thread.on('error', () => undefined); // without it the log gets longer, and nothing is lost
  thread.unref();

  /** Brings over what has come meanwhile. */
  const finishRest = (): void => {
    isNearlyDone = false;
    const { log, checkpointed } = finish.get()!;
    // Somebody who still reads from the log keeps it from beginning anew: then it is tried again when it has grown.
    next = checkpointed === log ? LONG_LOG : log + LONG_LOG;
  };
  const beginIfLong = (): void => {
    if (isUnderWay || look.get()!.log < next) return;
    isUnderWay = true;
    thread.postMessage('checkpoint');
  };

  return {
    afterTransaction() {
      transactions += 1;
      try {
        if (isNearlyDone) finishRest();
        else if (transactions % LOOK_EVERY === 0) beginIfLong();
      } catch {
        // A disk that fails: the log stays as it is, and whoever writes next is told.
      }
    },
    async stop() {
      await thread.terminate();
    },
  };
}

// Runs work as write transactions, one after the other in the order it came. Where another process holds the lock
// the first of them tries again and the others queue behind it, so that waiting holds up nothing; and nothing is
// committed but to the file that the store's path still names.

import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { LIMITS } from '../../contract/limits.ts';
import type { HealthKeeper } from '../kept/health.ts';
import { StoreBusyError } from '../store.ts';
import type { Connection } from './connection.ts';
import { watchFiles } from './same-files.ts';

/** Milliseconds between tries. */
const RETRY = 10;
/**
 * Milliseconds for which transactions are run before the process looks at what has come meanwhile: as long as that look
 * took the last time, within these bounds, so that however much comes and is refused, half of the time is for what was
 * taken on.
 */
const SLICE = { least: 8, most: 100 };

export interface Transactions {
  /**
   * Runs the work in a transaction that is on disk when this resolves. Rejects with nothing kept otherwise, with
   * StoreBusyError when another process would not let go of the lock. What it rejects with is told to the health of the
   * connection.
   */
  run<T>(work: () => T): Promise<T>;
  /** Waits for those that have been asked for. */
  settled(): Promise<void>;
}

interface Waiting {
  readonly until: number;
  /** Runs the work and settles its promise. Throws only when the lock is held by another process. */
  attempt(): void;
  giveUp(): void;
}

/** Makes the runner of a connection. */
export function makeTransactions(db: Connection, path: string, health: HealthKeeper): Transactions {
  db.pragma('busy_timeout = 0'); // SQLite's own wait would hold up the whole process
  const transact = makeTransact(db, path);
  const queue: Waiting[] = [];
  let draining: Promise<void> | undefined;

  const drain = async (): Promise<void> => {
    // All that has come by now is in the queue before work on it begins: how long the queue is, is known to whoever
    // refuses what is too much.
    let sliceEnds = await lookAround();
    for (let head = queue[0]; head !== undefined; head = queue[0]) {
      try {
        head.attempt();
        queue.shift();
        await undefined; // the answer goes out
        if (queue.length > 0 && performance.now() > sliceEnds) sliceEnds = await lookAround();
      } catch {
        if (performance.now() < head.until) await sleep(RETRY);
        else queue.shift()?.giveUp();
      }
    }
  };
  const start = (): void => {
    draining ??= drain().finally(() => {
      draining = undefined;
      if (queue.length > 0) start(); // asked for since the queue was last looked at
    });
  };

  return {
    run: <T>(work: () => T) =>
      new Promise<T>((resolve, reject) => {
        const fail = (error: unknown): void => reject(health.failed(error));
        queue.push({
          until: performance.now() + LIMITS.patience,
          attempt() {
            try {
              resolve(transact(work));
            } catch (error) {
              if (isBusy(error)) throw error;
              fail(error);
            }
          },
          giveUp: () =>
            fail(new StoreBusyError(`another process has held the store for ${LIMITS.patience} ms`)),
        });
        start();
      }),
    async settled() {
      while (draining !== undefined) await draining;
    },
  };
}

/** Lets the process look at what has come; gives when it is to do so again. */
async function lookAround(): Promise<number> {
  const began = performance.now();
  await turn();
  const ended = performance.now();
  return ended + Math.min(SLICE.most, Math.max(SLICE.least, ended - began));
}

const isBusy = (error: unknown): boolean =>
  error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY');

function makeTransact(db: Connection, path: string): <T>(work: () => T) => T {
  const checkFiles = watchFiles(path);
  return (work) => {
    checkFiles();
    // IMMEDIATE: what reads before it writes must hold the write lock from the start, or two of them could decide on
    // the same state.
    return db
      .transaction(() => {
        const result = work();
        checkFiles();
        return result;
      })
      .immediate();
  };
}

// Runs work as write transactions, one at a time in this process. Where another process holds the lock it waits
// without holding up the event loop, and it commits only to the file that the store's path still names.

import { statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { StoreError } from '../store.ts';
import type { Connection } from './connection.ts';

/** Milliseconds for which SQLite itself, and with it the whole process, may wait for the lock. */
const BLOCKING_WAIT = 20;
/** Milliseconds between tries, and after which a call gives up. */
const RETRY = 10;
const PATIENCE = 10_000;

export interface Transactions {
  /** Runs the work in a transaction that is on disk when this resolves. Rejects, with nothing kept, otherwise. */
  run<T>(work: () => T): Promise<T>;
  /** Waits for those under way. */
  settled(): Promise<void>;
}

/** Makes the runner of a connection. */
export function makeTransactions(db: Connection, path: string): Transactions {
  db.pragma(`busy_timeout = ${BLOCKING_WAIT}`);
  const opened = statSync(path);
  const open = new Set<Promise<unknown>>();

  const checkFile = (): void => {
    const now = statSync(path, { throwIfNoEntry: false });
    if (now?.ino === opened.ino && now.dev === opened.dev) return;
    throw new StoreError(
      `PENSION_STORE: the file ${path} was removed or replaced while it was in use; nothing is kept any more. Restart the service on the right file.`,
    );
  };
  const attempt = <T>(work: () => T): T => {
    checkFile();
    // IMMEDIATE: what reads before it writes must hold the write lock from the start, or two of them could decide on
    // the same state.
    return db
      .transaction(() => {
        const result = work();
        checkFile();
        return result;
      })
      .immediate();
  };

  const run = async <T>(work: () => T): Promise<T> => {
    for (let waited = 0; ; waited += RETRY + BLOCKING_WAIT) {
      try {
        return attempt(work);
      } catch (error) {
        const isBusy = error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY');
        if (!isBusy || waited >= PATIENCE) throw error;
      }
      await sleep(RETRY);
    }
  };
  return {
    run(work) {
      const running = run(work);
      open.add(running);
      const done = (): unknown => open.delete(running);
      running.then(done, done);
      return running;
    },
    async settled() {
      await Promise.allSettled(open);
    },
  };
}

// Runs work as write transactions, in the order it came: all that waits becomes one transaction, and is on the disk with
// one flush. What one of them throws undoes that one alone. Where another process holds the lock the first of them tries
// again and the others queue behind it, so that waiting holds up nothing; and nothing is committed but to the file that
// the store's path still names.

import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { LIMITS } from '../../contract/limits.ts';
import type { HealthKeeper } from '../kept/health.ts';
import { StoreBusyError } from '../store.ts';
import type { Connection } from './connection.ts';
import { explainFailure } from './health.ts';
import { watchFiles } from './same-files.ts';

/** Milliseconds between tries. */
const RETRY = 10;
/** Milliseconds after which a transaction takes nobody else in, so that those who are in it do not wait for long. */
const SLICE = 20;

export interface Transactions {
  /**
   * Runs the work in a transaction that is on disk when this resolves; others may be in it too. Rejects with nothing kept
   * of it otherwise, with StoreBusyError when another process would not let go of the lock. What it rejects with is told
   * to the health of the connection.
   */
  run<T>(work: () => T): Promise<T>;
  /** Waits for those that have been asked for. */
  settled(): Promise<void>;
}

/** Somebody who waits for a transaction. */
interface Waiting {
  readonly until: number;
  readonly work: () => unknown;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/** Makes the runner of a connection. */
export function makeTransactions(
  db: Connection,
  path: string,
  health: HealthKeeper,
  afterEach: () => void = () => undefined,
): Transactions {
  db.pragma('busy_timeout = 0'); // SQLite's own wait would hold up the whole thread
  // Every page that changes is kept as it was, for one of a group that is undone: in memory, and not in a file of its own.
  db.pragma('temp_store = MEMORY');
  const runGroup = makeGroups(db, path, health);
  const queue: Waiting[] = [];
  let draining: Promise<void> | undefined;

  const drain = async (): Promise<void> => {
    await undefined; // all that is asked for together is in the queue by then, and in the group
    while (queue.length > 0) {
      try {
        queue.splice(0, runGroup(queue));
        afterEach();
        await turn(); // whatever has come meanwhile joins those that wait
      } catch (error) {
        if (!isBusy(error)) throw error;
        if (performance.now() < queue[0]!.until) await sleep(RETRY);
        else giveUp(queue.shift()!, health);
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
        const until = performance.now() + LIMITS.patience;
        queue.push({ until, work, resolve: resolve as (value: unknown) => void, reject });
        start();
      }),
    async settled() {
      while (draining !== undefined) await draining;
    },
  };
}

const giveUp = ({ reject }: Waiting, health: HealthKeeper): void =>
  reject(health.failed(new StoreBusyError(`another process has held the store for ${LIMITS.patience} ms`)));

const isBusy = (error: unknown): boolean =>
  error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY');

/** What came of the work of one of a group, told only when the group is on the disk. */
type Outcome = { readonly value: unknown } | { readonly error: unknown };

/**
 * Makes the function that runs a transaction over as many of the queue, from its beginning, as there is time for; it
 * gives how many that were, and each of them has been told. Throws only when the lock is held by another process.
 */
function makeGroups(
  db: Connection,
  path: string,
  health: HealthKeeper,
): (queue: readonly Waiting[]) => number {
  const checkFiles = watchFiles(path);
  const statement = (sql: string) => db.prepare(sql);
  // IMMEDIATE: what reads before it writes must hold the write lock from the start, or two processes could decide on the
  // same state.
  const [begin, commit, rollback] = ['BEGIN IMMEDIATE', 'COMMIT', 'ROLLBACK'].map(statement);
  const [savepoint, release, undo] = ['SAVEPOINT one', 'RELEASE one', 'ROLLBACK TO one'].map(statement);

  /** The work of one among others. Throws when SQLite has given up the whole transaction. */
  const runOne = (work: () => unknown): Outcome => {
    savepoint!.run();
    try {
      const value = work();
      release!.run();
      return { value };
    } catch (error) {
      if (!db.inTransaction) throw error;
      undo!.run();
      release!.run();
      return { error };
    }
  };

  /** One transaction. Throws, with nothing kept, when it is not on the disk. */
  const transact = (
    group: readonly Pick<Waiting, 'work'>[],
    run: (work: () => unknown) => Outcome,
  ): Outcome[] => {
    checkFiles();
    begin!.run();
    try {
      const outcomes: Outcome[] = [];
      const ends = performance.now() + SLICE;
      for (const { work } of group) {
        outcomes.push(run(work));
        if (performance.now() > ends) break;
      }
      checkFiles();
      commit!.run();
      return outcomes;
    } catch (error) {
      if (db.inTransaction) rollback!.run();
      throw error;
    }
  };

  const alone = ({ work }: Waiting): Outcome => {
    try {
      return transact([{ work }], (only) => ({ value: only() }))[0]!;
    } catch (error) {
      if (isBusy(error)) throw error;
      return { error };
    }
  };

  /** Each in a transaction of its own, as far as the lock can be had. */
  const oneByOne = (queue: readonly Waiting[]): Outcome[] => {
    const outcomes = [alone(queue[0]!)];
    try {
      for (const one of queue.slice(1)) outcomes.push(alone(one));
    } catch {
      // Another process has the lock: the others are still in the queue.
    }
    return outcomes;
  };

  const together = (queue: readonly Waiting[]): Outcome[] => {
    try {
      return transact(queue, runOne);
    } catch (error) {
      if (isBusy(error)) throw error;
      if (explainFailure(error).cause !== undefined) return queue.map(() => ({ error }));
      // A constraint that is looked at last has found something, which may be of one of them only.
      return oneByOne(queue);
    }
  };

  return (queue) => {
    const outcomes = queue.length === 1 ? [alone(queue[0]!)] : together(queue);
    outcomes.forEach((outcome, at) => {
      const { resolve, reject } = queue[at]!;
      if ('value' in outcome) resolve(outcome.value);
      else reject(health.failed(outcome.error));
    });
    return outcomes.length;
  };
}

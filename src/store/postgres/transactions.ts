// Runs work as transactions on a few connections, each within a time: a database that does not answer makes nobody wait.
// While the store is known to fail nothing is asked of it but whether it is well again.

import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { LIMITS } from '../../contract/limits.ts';
import type { HealthKeeper } from '../kept/health.ts';
import { StoreFailingError } from '../store.ts';
import { type Session, type Statement, sessionOf } from './connection.ts';
import { CALLS, makeConnections } from './connections.ts';
import {
  explainFailure,
  Failed,
  isClash,
  isConnectionLost,
  isShort,
  isTimeout,
  type When,
} from './health.ts';
import { Slots } from './slots.ts';

/** Connections beside those of the calls, for what the process does by itself. */
const OWN = 2;
/** Times that a transaction is tried which the database has ended because of another one, and milliseconds between. */
const TRIES = 5;
const RETRY = 20;

export interface Transactions {
  /** One statement, on disk when this resolves; one round trip. */
  call<T>(statement: Statement, values: readonly unknown[]): Promise<T[]>;
  /** Runs the work in a transaction that is on disk when this resolves. Rejects with nothing kept otherwise. */
  run<T>(work: (session: Session) => Promise<T>): Promise<T>;
  /** Writes one row, whatever is known of the health of the store; an error that names no store where there is none. */
  probe(statement: string): Promise<void>;
  /** Waits for what is under way, and closes the connections. */
  close(): Promise<void>;
}

interface PoolOptions {
  readonly connections: number;
  readonly isTest: boolean;
}

/** Work that is to be done by then, as `performance.now()` counts. */
type Attempt<T> = (until: number) => Promise<T>;

const soon = (): number => performance.now() + LIMITS.storeAnswer;

/** Makes the runner over connections to that address. What it rejects with is told to the health. */
export function makeTransactions(
  address: string,
  { connections: count, isTest }: PoolOptions,
  health: HealthKeeper,
): Transactions {
  const connections = makeConnections(address, count + OWN, isTest);
  // Whoever waits for a connection waits here: that takes as long as it takes, and says nothing of the database.
  const slots = new Slots(count + OWN);
  const underWay = new Set<Promise<unknown>>();

  const withClient = async <T>(
    until: number,
    work: (session: Session, at: (when: When) => void) => Promise<T>,
  ): Promise<T> => {
    let when: When = 'before';
    let client: pg.PoolClient | undefined;
    /** How long the last statement had; with less than the database gives it, silence says nothing of the database. */
    let given = CALLS.statement;
    try {
      client = await connections.acquire(until);
      const session = sessionOf(client, () => {
        given = Math.max(1, until - performance.now());
        return given;
      });
      const result = await work(session, (now) => {
        when = now;
      });
      client.release();
      return result;
    } catch (error) {
      client?.release(isConnectionLost(error));
      throw new Failed(error, when, given < CALLS.statement && isTimeout(error));
    }
  };

  const inTransaction = <T>(until: number, work: (session: Session) => Promise<T>): Promise<T> =>
    withClient(until, async (session, at) => {
      await session.run('BEGIN');
      let result: T;
      try {
        result = await work(session);
      } catch (error) {
        if (!isConnectionLost(error)) await session.run('ROLLBACK');
        throw error;
      }
      at('maybe after');
      await session.run('COMMIT');
      return result;
    });

  const again = async <T>(attempt: Attempt<T>): Promise<T> => {
    const until = soon();
    for (let tried = 1; ; tried += 1) {
      try {
        return await attempt(until);
      } catch (error) {
        const isOver = tried === TRIES || performance.now() > until;
        if (isOver || !(error instanceof Failed) || !isClash(error.cause)) throw error;
        await sleep(RETRY * tried);
      }
    }
  };

  /** Where one connection was lost and the database is there, the others need not be told. */
  const isOnlyItsOwn = async (error: unknown): Promise<boolean> =>
    error instanceof Failed &&
    isConnectionLost(error.cause) &&
    !isTimeout(error.cause) &&
    (await connections.isThere());

  const told = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      const isIts = await isOnlyItsOwn(error);
      const wasWell = health.failure() === undefined;
      const explained = isIts ? explainFailure(error).error : health.failed(error);
      if (isIts || (wasWell && health.failure() !== undefined && !isShort(error))) connections.forget();
      throw explained;
    }
  };
  const unlessFailing = <T>(work: () => Promise<T>): Promise<T> => {
    const failure = health.failure();
    return failure === undefined ? work() : Promise.reject(new StoreFailingError(failure.cause));
  };
  const guarded = <T>(attempt: Attempt<T>): Promise<T> => {
    const work = unlessFailing(() => slots.run(() => unlessFailing(() => told(() => again(attempt)))));
    underWay.add(work);
    return work.finally(() => underWay.delete(work));
  };

  return {
    call: (statement, values) =>
      guarded((until) =>
        withClient(until, (session, at) => {
          at('maybe after');
          return session.all(statement, values);
        }),
      ),
    run: (work) => guarded((until) => inTransaction(until, work)),
    async probe(statement) {
      const written = await withClient(soon(), (session) => session.run(statement)).catch(
        (error: unknown) => {
          if (!isShort(error)) connections.forget();
          throw error;
        },
      );
      if (written !== 1)
        throw new StoreFailingError('the store in the database is not as this program makes it');
    },
    async close() {
      while (underWay.size > 0) await Promise.allSettled(underWay);
      await connections.close();
    },
  };
}

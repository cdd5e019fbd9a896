// Runs work as transactions on a few connections, each within a time: a database that does not answer makes nobody wait.
// While the store is known to fail nothing is asked of it but whether it is well again.

import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { LIMITS } from '../../contract/limits.ts';
import type { HealthKeeper } from '../kept/health.ts';
import { StoreFailingError } from '../store.ts';
import {
  configOf,
  prepareConnection,
  type Session,
  type Statement,
  sessionOf,
  type Use,
} from './connection.ts';
import { Failed, isClash, isConnectionLost, type When } from './health.ts';
import { Slots } from './slots.ts';

/** Connections beside those of the calls, for what the process does by itself. */
const OWN = 2;
/** The database gives a statement up, and the wait for a lock, a little before we do. */
const CALLS: Use = { statement: LIMITS.storeAnswer - 500, lock: LIMITS.storeAnswer - 1_000, indexed: true };
/** How long a connection may take to be made, which leaves a little for the statement. */
const CONNECT = LIMITS.storeAnswer - 500;
/** How long a connection that is closed may take to say so. */
const CUT = 2_000;
/** Times that a transaction is tried which the database has ended because of another one, and milliseconds between. */
const TRIES = 5;
const RETRY = 20;

export interface Transactions {
  /** One statement, on disk when this resolves; one round trip. */
  call<T>(statement: Statement, values: readonly unknown[]): Promise<T[]>;
  /** Runs the work in a transaction that is on disk when this resolves. Rejects with nothing kept otherwise. */
  run<T>(work: (session: Session) => Promise<T>): Promise<T>;
  /** The same, whatever is known of the health of the store. */
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
  { connections, isTest }: PoolOptions,
  health: HealthKeeper,
): Transactions {
  /** Every connection there is, of pools that are being closed too. */
  const made = new Set<pg.ClientBase>();
  const makePool = (): pg.Pool => {
    const pool = new pg.Pool({
      ...configOf(address, CONNECT),
      max: connections + OWN,
      onConnect: (client) => prepareConnection(client, CALLS, isTest),
    });
    // Whoever waits for a statement is told; of a connection that nobody uses the next one is made when it is needed.
    pool.on('error', () => undefined);
    pool.on('connect', (client) => {
      client.on('error', () => undefined);
      made.add(client);
      client.once('end', () => made.delete(client));
    });
    return pool;
  };
  let pool = makePool();
  // Whoever waits for a connection waits here: that takes as long as it takes, and says nothing of the database.
  const connected = new Slots(connections + OWN);
  const underWay = new Set<Promise<unknown>>();

  /** Closes those connections in order; one whose other end says nothing to that is cut, for it would keep the process. */
  const closed = async (old: pg.Pool, its: ReadonlySet<pg.ClientBase>): Promise<void> => {
    const cut = setTimeout(() => {
      for (const client of its)
        (client as unknown as { connection: { stream: Socket } }).connection.stream.destroy();
    }, CUT);
    const ended = [...its].map((client) => new Promise((resolve) => client.once('end', resolve)));
    await old.end().catch(() => undefined);
    await Promise.all(ended);
    clearTimeout(cut);
  };

  /** Connections that were made before the database went away are not asked again. */
  const forget = (): void => {
    const old = pool;
    pool = makePool();
    void closed(old, new Set(made));
  };

  /** A connection that is there by then; one that comes later goes back. */
  const connectBy = async (until: number): Promise<pg.PoolClient> => {
    const connecting = pool.connect();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      const message = 'timeout while a connection was made';
      timer = setTimeout(() => reject(new Error(message)), Math.max(1, until - performance.now()));
    });
    try {
      return await Promise.race([connecting, late]);
    } catch (error) {
      connecting.then(
        (client) => client.release(),
        () => undefined,
      );
      throw error;
    } finally {
      clearTimeout(timer);
    }
  };

  const withClient = async <T>(
    until: number,
    work: (session: Session, at: (when: When) => void) => Promise<T>,
  ): Promise<T> => {
    let when: When = 'before';
    let client: pg.PoolClient | undefined;
    try {
      client = await connectBy(until);
      const session = sessionOf(client, () => Math.max(1, until - performance.now()));
      const result = await work(session, (now) => {
        when = now;
      });
      client.release();
      return result;
    } catch (error) {
      const lost = client === undefined || isConnectionLost(error);
      client?.release(lost);
      throw new Failed(error, when);
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

  const told = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      const wasWell = health.failure() === undefined;
      const explained = health.failed(error);
      if (wasWell && health.failure() !== undefined) forget();
      throw explained;
    }
  };
  const unlessFailing = <T>(work: () => Promise<T>): Promise<T> => {
    const failure = health.failure();
    return failure === undefined ? work() : Promise.reject(new StoreFailingError(failure.cause));
  };
  const guarded = <T>(attempt: Attempt<T>): Promise<T> => {
    const work = unlessFailing(() => connected.run(() => unlessFailing(() => told(() => again(attempt)))));
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
    probe: async (statement) => {
      await withClient(soon(), (session) => session.run(statement)).catch((error: unknown) => {
        forget();
        throw error;
      });
    },
    async close() {
      while (underWay.size > 0) await Promise.allSettled(underWay);
      await closed(pool, new Set(made));
    },
  };
}

// The connections of a process: a few, made when they are needed, given up together when the database went away.

import type { Socket } from 'node:net';
import pg from 'pg';
import { LIMITS } from '../../contract/limits.ts';
import { configOf, prepareConnection, type Use } from './connection.ts';

/** The database gives a statement up, and the wait for a lock, a little before we do. */
export const CALLS: Use = {
  statement: LIMITS.storeAnswer - 500,
  lock: LIMITS.storeAnswer - 1_000,
  indexed: true,
};
/** How long a connection may take to be made, which leaves a little for the statement. */
const CONNECT = LIMITS.storeAnswer - 500;
/** How long a look at whether the database is there may take: what is left of a call that has lost its connection. */
const LOOK = 1_000;
/** How long a connection that is closed may take to say so, when the process ends. */
const CUT = 2_000;

export interface Connections {
  /** A connection that is there by then, as `performance.now()` counts; it is given back by its `release`. */
  acquire(until: number): Promise<pg.PoolClient>;
  /** No connection that was made before now is given out again; what is under way on them goes on. */
  forget(): void;
  /** Whether a new connection can be made and used, soon. */
  isThere(): Promise<boolean>;
  close(): Promise<void>;
}

/** Makes them when they are asked for; so many at most. */
export function makeConnections(address: string, most: number, isTest: boolean): Connections {
  /** Every connection there is, of pools that are being closed too. */
  const made = new Set<pg.ClientBase>();
  const makePool = (): pg.Pool => {
    const pool = new pg.Pool({
      ...configOf(address, CONNECT),
      max: most,
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

  /** Closes those connections in order; one whose other end says nothing to that is cut, for it would keep the process. */
  const closed = async (old: pg.Pool, within: number): Promise<void> => {
    const its = new Set(made);
    const cut = setTimeout(() => {
      for (const client of its)
        (client as unknown as { connection: { stream: Socket } }).connection.stream.destroy();
    }, within);
    const ended = [...its].map((client) => new Promise((resolve) => client.once('end', resolve)));
    await old.end().catch(() => undefined);
    await Promise.all(ended);
    clearTimeout(cut);
  };

  const look = async (): Promise<boolean> => {
    const client = new pg.Client({ ...configOf(address, LOOK), query_timeout: LOOK });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await prepareConnection(client, CALLS, isTest);
      return true;
    } catch {
      return false;
    } finally {
      void client.end().catch(() => undefined);
    }
  };
  let looking: Promise<boolean> | undefined;

  return {
    async acquire(until) {
      const connecting = pool.connect();
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_, reject) => {
        const message = 'timeout while a connection was made';
        timer = setTimeout(() => reject(new Error(message)), Math.max(1, until - performance.now()));
      });
      try {
        return await Promise.race([connecting, late]);
      } catch (error) {
        // One that comes later goes back.
        connecting.then(
          (client) => client.release(),
          () => undefined,
        );
        throw error;
      } finally {
        clearTimeout(timer);
      }
    },
    forget() {
      const old = pool;
      pool = makePool();
      void closed(old, LIMITS.storeAnswer);
    },
    isThere() {
      looking ??= look().finally(() => {
        looking = undefined;
      });
      return looking;
    },
    close: () => closed(pool, CUT),
  };
}

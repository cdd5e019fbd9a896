// Finds the process that is bringing up a store on PostgreSQL at this moment, and kills it.

import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { onServer } from '../../build/postgres/databases.ts';
import type { RunningCli } from '../support/cli.ts';
import type { Seeded } from '../support/seeded.ts';

/** Milliseconds from the first step within which one is killed. */
const LATER = 120;
/** Milliseconds after which none of them can be at it any more. */
const OVER = 30_000;

/** So many addresses of the same database, by which the database can tell who is connected. */
export const tellingApart = (url: string, count: number): string[] =>
  Array.from({ length: count }, (_, nr) => {
    const named = new URL(url);
    named.searchParams.set('application_name', nameOf(nr));
    return named.href;
  });

const nameOf = (nr: number): string => `service ${nr}`;

/** Whoever of them has the lock of those who migrate. */
async function migratorOf(client: pg.Client): Promise<string | undefined> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT application_name AS name FROM pg_locks JOIN pg_stat_activity USING (pid)
      WHERE locktype = 'advisory' AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
  );
  return rows[0]?.name;
}

/**
 * Waits until one of the processes, which came to the database by addresses that tell them apart, brings it up, and then
 * for a moment, and kills the one that is at it by then. Gives that one; rejects where none was seen.
 */
export function killMigrator(
  url: string,
  processes: readonly RunningCli[],
  chance: Seeded,
): Promise<RunningCli> {
  const wait = chance.below(LATER);
  return onServer(url, async (client) => {
    let begun: number | undefined;
    let last: string | undefined;
    for (const until = performance.now() + OVER; performance.now() < until; ) {
      const name = await migratorOf(client);
      last = name ?? last;
      if (last !== undefined) begun ??= performance.now();
      if (begun !== undefined && performance.now() >= begun + wait) break;
      await sleep(1);
    }
    const found = processes.find((_, nr) => nameOf(nr) === last);
    if (found === undefined) throw new Error('none of the services was seen bringing up the store');
    found.signal('SIGKILL');
    return found;
  });
}

// The store of a race, in a file or in a database of its own: where it is, how it is looked at, and what is wrong with
// it when the race is over.

import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { onServer } from '../../build/postgres/databases.ts';
import { openRows, verifyStore } from '../../src/store/open-store.ts';
import { type AskedOf, checkInvariants } from '../support/invariants.ts';
import { tempDatabase } from '../support/postgres.ts';
import { tempDir } from '../support/temp.ts';
import { type Course, ON_POSTGRES, ON_SQLITE } from './course.ts';
import { type Look, lookAtDatabase, lookAtFile } from './look.ts';

export interface RaceStore {
  readonly address: string;
  readonly course: Course;
  look(): Promise<Look>;
  /** What is wrong with it, in sentences, after those requests where they were counted. */
  check(asked?: AskedOf): Promise<string[]>;
}

/** A store in a new file, or in the one named. */
export function fileStore(file = path.join(tempDir(), 'pension.db')): RaceStore {
  return {
    address: `sqlite:${file}`,
    course: ON_SQLITE,
    look: async () => lookAtFile(file),
    check: (asked) => checkInvariants(`sqlite:${file}`, asked),
  };
}

/** A store in a new database, or in the one named. */
export async function databaseStore(url?: string): Promise<RaceStore> {
  const address = url ?? (await tempDatabase());
  return {
    address,
    course: ON_POSTGRES,
    look: () => lookAtDatabase(address),
    check: async (asked) => [
      ...(await checkInvariants(address, asked)),
      ...(await broken(address)),
      ...(await deadlocks(address)),
    ],
  };
}

/** What `pension store verify` finds. */
async function broken(address: string): Promise<string[]> {
  const rows = await openRows(address);
  try {
    const found: string[] = [];
    for await (const { id, violations } of verifyStore(rows))
      found.push(...violations.map((violation) => `${id}: ${violation}`));
    return found;
  } finally {
    await rows.close();
  }
}

/** Milliseconds within which PostgreSQL has counted what connections did that are closed. */
const COUNTED = 5_000;

/** Deadlocks that the database has ended. The store tries again what was ended so, and nobody would notice. */
async function deadlocks(address: string): Promise<string[]> {
  const others = `SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()`;
  for (const until = Date.now() + COUNTED; Number(await ask(address, others)) > 0 && Date.now() < until; )
    await sleep(20);
  const found = Number(
    await ask(address, 'SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()'),
  );
  return found === 0 ? [] : [`${found} deadlocks`];
}

const ask = (address: string, sql: string): Promise<unknown> =>
  onServer(address, async (client) => Object.values((await client.query(sql)).rows[0] as object)[0]);

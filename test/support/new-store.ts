// Where a test that starts a service has its store: a file of its own, or, with PENSION_TEST_STORE=postgres, a database of
// its own. `make test-pg` runs the tests that start services a second time so.

import path from 'node:path';
import Database from 'better-sqlite3';
import pg from 'pg';
import { databaseOf } from '../../src/store/address.ts';
import { addressOf, filesOf, openAudit } from '../../src/store/open-store.ts';
import { tempDatabase } from './postgres.ts';
import { reading, type StoreTables } from './store-rows.ts';
import { tempDir } from './temp.ts';

/** Whether services of tests are on PostgreSQL in this run. */
export const ON_POSTGRES = process.env.PENSION_TEST_STORE === 'postgres';

/** The address of a store that is not there yet. */
export const newStore = async (): Promise<string> =>
  ON_POSTGRES ? tempDatabase() : addressOf(path.join(tempDir(), 'pension.db'));

/** The file of a store that is in one. */
export const fileOf = (address: string): string => filesOf(address)[0]!;

/** The rows of a query in the store of that address, in which every audit entry has its number. */
export async function lookInto<T>(
  address: string,
  sql: string,
  ...values: readonly (string | number)[]
): Promise<T[]> {
  await (await openAudit(address)).close(); // gives what has come in its numbers
  return reading(address, (tables: StoreTables) => tables.all<T>(sql, ...values));
}

/** Changes the store of that address beside its service, by a statement without values. */
export async function changeIn(address: string, sql: string): Promise<void> {
  const database = databaseOf(address);
  if (database.kind === 'sqlite') {
    const db = new Database(database.path);
    db.exec(sql);
    db.close();
    return;
  }
  const client = new pg.Client(database.url);
  await client.connect();
  await client.query(`SET search_path = pension; ${sql}`);
  await client.end();
}

// Reads the tables of a store, whichever database it is in: one connection, which sees one moment and writes nothing.

import Database from 'better-sqlite3';
import pg from 'pg';
import { databaseOf } from '../../src/store/address.ts';

/** What is asked of the tables. Names of columns and tables are the same in both databases. */
export interface StoreTables {
  readonly kind: 'sqlite' | 'postgres';
  /** The rows of a query, each `?` in it one of the values. Dates are text; columns are named as the query says. */
  all<T>(sql: string, ...values: readonly (string | number)[]): Promise<T[]>;
}

/** Works on the store of that address. */
export function reading<T>(address: string, work: (tables: StoreTables) => Promise<T>): Promise<T> {
  const database = databaseOf(address);
  return database.kind === 'sqlite' ? readingFile(database.path, work) : readingServer(database.url, work);
}

/** The first column of every row. */
export async function column<T>(
  tables: StoreTables,
  sql: string,
  ...values: readonly (string | number)[]
): Promise<T[]> {
  const rows = await tables.all<Readonly<Record<string, T>>>(sql, ...values);
  return rows.map((row) => Object.values(row)[0]!);
}

async function readingFile<T>(file: string, work: (tables: StoreTables) => Promise<T>): Promise<T> {
  const db = new Database(file, { readonly: true });
  try {
    db.exec('BEGIN');
    return await work({
      kind: 'sqlite',
      all: async <Row>(sql: string, ...values: readonly (string | number)[]) =>
        db.prepare<unknown[], Row>(sql).all(...values),
    });
  } finally {
    db.close();
  }
}

const BIGINT = 20;
const NUMERIC = 1700;
/** All other types are text. Counts and sums are numbers; there is nothing here that is too large for one. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid) =>
    [pg.types.builtins.INT4, BIGINT, NUMERIC].includes(oid) ? Number : (text: string) => text,
};

async function readingServer<T>(url: string, work: (tables: StoreTables) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('SET search_path = pension; SET datestyle = ISO');
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    return await work(tablesOf(client));
  } finally {
    await client.end();
  }
}

/** The tables as a connection sees them whose search path is that of the store. */
export const tablesOf = (client: pg.ClientBase): StoreTables => ({
  kind: 'postgres',
  async all<Row>(sql: string, ...values: readonly (string | number)[]) {
    let asked = 0;
    const text = sql.replaceAll('?', () => {
      asked += 1;
      return `$${asked}`;
    });
    return (await client.query({ text, values: [...values], types } as pg.QueryConfig)).rows as Row[];
  },
});

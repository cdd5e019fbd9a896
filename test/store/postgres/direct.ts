// Writes to the tables of a store without the program, as a mistake or a hand at the database would.

import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { openPostgresStore } from '../../../src/store/postgres/index.ts';
import { nyBorger } from '../../support/domain-model.ts';
import { tempDatabase } from '../../support/postgres.ts';
import { NU, portsAt } from '../../support/store-fixtures.ts';
import { OPTIONS } from './under-test.ts';

export type Row = Readonly<Record<string, string | number | boolean | null>>;

/** A whole indberetning, as rows: each part may be changed to be wrong, or left out (`null`). */
export interface Whole {
  readonly forloeb?: Row | null;
  readonly version?: Row | null;
  readonly besked?: Row | null;
}

/** The key of a forløb. */
export interface Key {
  readonly forloeb_id: string;
  readonly personnummer: string;
}

/** Address of a new database with the schema in place and nothing else. */
export async function emptyStore(): Promise<string> {
  const url = await tempDatabase();
  await (await openPostgresStore(url, portsAt(NU), OPTIONS)).close();
  return url;
}

/** OIDs of types that the store takes as text and as numbers. */
const DATE = 1082;
const BIGINT = 20;

/** A connection that sees the tables and knows nothing of the program; dates come as text, as they are written. */
export async function connect(url: string): Promise<pg.Client> {
  const types = {
    getTypeParser: (oid: number, format: 'text') =>
      oid === BIGINT ? Number : oid === DATE ? String : pg.types.getTypeParser(oid, format),
  };
  const client = new pg.Client({ connectionString: url, types } as pg.ClientConfig);
  client.on('error', () => undefined); // the statement under way is refused with it
  await client.connect();
  await client.query("SET search_path = pension; SET datestyle = 'ISO, YMD'");
  return client;
}

/** Such a connection, with rows that are right but for the changes. */
export class Direct {
  readonly client: pg.Client;

  constructor(client: pg.Client) {
    this.client = client;
  }

  /** Inserts one row. */
  async insert(table: string, row: Row): Promise<void> {
    const columns = Object.keys(row);
    const values = columns.map((_, at) => `$${at + 1}`);
    const text = `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${values.join(', ')})`;
    await this.client.query(text, Object.values(row));
  }

  /** The first column of the first row. */
  async one<T>(sql: string, values: readonly unknown[] = []): Promise<T> {
    const { rows } = await this.client.query<Record<string, T>>(sql, [...values]);
    return Object.values(rows[0]!)[0]!;
  }

  /** Runs it and takes it back if it fails; what is deferred is looked at now. */
  async tried(work: () => Promise<unknown>): Promise<void> {
    await this.client.query('SAVEPOINT tried');
    try {
      await work();
      await this.client.query('SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED');
      await this.client.query('RELEASE SAVEPOINT tried');
    } catch (error) {
      await this.client.query('ROLLBACK TO SAVEPOINT tried');
      throw error;
    }
  }

  /** Keeps a first version, right but for what is said, and gives its key. */
  async first(what: Whole = {}): Promise<Key> {
    const key = { forloeb_id: randomUUID(), personnummer: nyBorger() };
    const state = { overgangsdato: '2026-01-01', afgoerelsesdato: '2025-12-01', ophoersdato: '2026-06-30' };
    const forloeb: Row = { ...key, nr: 1, version: 1, ...state, ...what.forloeb };
    const named = { forloeb_id: String(forloeb.forloeb_id), personnummer: String(forloeb.personnummer) };
    await this.tried(async () => {
      await this.client.query('INSERT INTO borger VALUES ($1) ON CONFLICT DO NOTHING', [named.personnummer]);
      await this.insert('forloeb_ejer', named);
      if (what.forloeb !== null) await this.insert('forloeb', forloeb);
      await this.#versionOf(forloeb, what);
    });
    return named;
  }

  /** Keeps the next version, right but for what is said. */
  async next(key: Key, version: number, what: Whole = {}): Promise<void> {
    await this.tried(async () => {
      if (what.forloeb !== null) await this.update('forloeb', key.forloeb_id, { version, ...what.forloeb });
      const { rows } = await this.client.query<Row>('SELECT * FROM forloeb WHERE forloeb_id = $1', [
        key.forloeb_id,
      ]);
      await this.#versionOf({ ...rows[0]!, version }, what);
    });
  }

  /** Changes the rows of that forløb. */
  async update(table: 'forloeb' | 'forloeb_version' | 'besked', id: string, changes: Row): Promise<void> {
    const set = Object.keys(changes).map((column, at) => `${column} = $${at + 2}`);
    const text = `UPDATE ${table} SET ${set.join(', ')} WHERE forloeb_id = $1`;
    await this.client.query(text, [id, ...Object.values(changes)]);
  }

  /** The version and the besked that belong to a forløb as it stands. */
  async #versionOf(forloeb: Row, what: Whole): Promise<void> {
    const { forloeb_id = null, personnummer = null, version = null, nr: _, ...state } = forloeb;
    const of = { forloeb_id, personnummer, version };
    const head = { indberettet: NU.toISOString(), correlation_id: randomUUID(), request_user_metadata: '{}' };
    if (what.version !== null)
      await this.insert('forloeb_version', { ...of, ...head, ...state, ...what.version });
    const besked = {
      message_identifier: randomUUID(),
      registration_type: version === 1 ? 'Create' : 'Update',
      modtager_aarsag: 'intet-medlemskab',
    };
    if (what.besked !== null) await this.insert('besked', { ...of, ...besked, ...what.besked });
  }
}

/** Everything in the schema of the store by name, and every row of its tables: what must be as it was, is equal. */
export async function dump(url: string): Promise<unknown> {
  const client = await connect(url);
  try {
    const { rows: things } = await client.query<{ name: string; kind: string }>(
      `SELECT relname AS name, relkind AS kind FROM pg_class WHERE relnamespace = 'pension'::regnamespace
       UNION ALL SELECT proname, 'function' FROM pg_proc WHERE pronamespace = 'pension'::regnamespace
       UNION ALL SELECT tgname, 'trigger' FROM pg_trigger JOIN pg_class AS c ON c.oid = tgrelid
                  WHERE relnamespace = 'pension'::regnamespace AND NOT tgisinternal ORDER BY 2, 1`,
    );
    const rows: unknown[] = [];
    for (const { name } of things.filter(({ kind }) => kind === 'r'))
      rows.push([
        name,
        (await client.query(`SELECT t::text FROM ${pg.escapeIdentifier(name)} AS t ORDER BY 1`)).rows,
      ]);
    return { things, rows };
  } finally {
    await client.end();
  }
}

// Stores as older versions of the program left them, with forløb, beskeder and a trail in them; and whether all that was
// in one is still there after it has been brought up.

import { randomBytes, randomUUID } from 'node:crypto';
import Database from 'better-sqlite3';
import { digestOf, faceOf, sidesOf } from '../../src/access/audit/digest.ts';
import { AUDIT_FIELDS, type AuditEntry } from '../../src/access/audit/entry.ts';
import { sealStatements } from '../../src/store/sqlite/audit-seals.ts';
import { type Connection, openConnection } from '../../src/store/sqlite/connection.ts';
import { knownMigrations, migrate } from '../../src/store/sqlite/migrate.ts';
import { nyBorger } from '../support/domain-model.ts';
import { kald, NU, portsAt } from '../support/store-fixtures.ts';
import { type Sagt, tilstandAfter } from './model.ts';
import type { OldForloeb } from './started.ts';

/** Every step of the schema that the program knows. */
export const STEPS = knownMigrations().map(({ name }) => name);
/** Step at which the trail got its digests and seals. */
const SEALED_FROM = 3;
const DAY = 20_454;

/** Makes a store at that step in the file, with so many forløb of two versions each. */
export function makeOldStore(file: string, step: number, forloeb: number): OldForloeb[] {
  const db = openConnection(file);
  migrate(db, portsAt(NU), knownMigrations().slice(0, step));
  const made = db.transaction(() => Array.from({ length: forloeb }, (_, nr) => addForloeb(db, nr)))();
  if (step >= SEALED_FROM) {
    const seals = sealStatements(db);
    while (seals.sealNext(NU) !== undefined);
  }
  db.close();
  return made;
}

const prepared = new WeakMap<Connection, Map<string, Database.Statement>>();

/** Inserts into the columns that the table of this schema has. */
function insert(db: Connection, table: string, row: Readonly<Record<string, unknown>>): void {
  const statements = prepared.get(db) ?? new Map<string, Database.Statement>();
  prepared.set(db, statements);
  let statement = statements.get(table);
  if (statement === undefined) {
    const columns = columnsOf(db, table).filter((column) => column in row);
    statement = db.prepare(
      `INSERT INTO ${table} (${columns}) VALUES (${columns.map((column) => `:${column}`)})`,
    );
    statements.set(table, statement);
  }
  statement.run(row);
}

const columnsOf = (db: Database.Database, table: string): string[] =>
  db.prepare<[string], string>('SELECT name FROM pragma_table_info(?)').pluck().all(table);

function addForloeb(db: Connection, nr: number): OldForloeb {
  const [personnummer, forloeb_id] = [nyBorger(), randomUUID()];
  const sagt = (version: number): Sagt => ({
    mark: '',
    borger: personnummer,
    kompensation: DAY + (nr % 1_000) + version,
  });
  for (const version of [1, 2]) {
    const head = kald();
    const dates = {
      overgangsdato: null,
      afgoerelsesdato: null,
      ophoersdato: null,
      kompensationsafgoerelsesdato: tilstandAfter(sagt(version)).split(' ')[2],
    };
    const of = { forloeb_id, personnummer, version };
    if (version === 1) insert(db, 'forloeb', { ...of, nr: 1, ...dates });
    else
      db.prepare('UPDATE forloeb SET version = ?, kompensationsafgoerelsesdato = ? WHERE forloeb_id = ?').run(
        version,
        dates.kompensationsafgoerelsesdato,
        forloeb_id,
      );
    const tidspunkt = NU.toISOString();
    const version_nr = 2 * nr + version;
    insert(db, 'forloeb_version', {
      ...of,
      version_nr,
      ...dates,
      indberettet: tidspunkt,
      correlation_id: head.correlationId,
      request_user_metadata: JSON.stringify(head.requestUserMetadata),
    });
    const [modtager, modtager_aarsag] =
      nr % 3 === 0 ? [null, 'intet-medlemskab'] : ['22', 'nuvaerende-akasse'];
    insert(db, 'besked', {
      ...of,
      version_nr,
      message_identifier: randomUUID(),
      registration_type: version === 1 ? 'Create' : 'Update',
      modtager,
      modtager_aarsag,
      event_date: modtager === null ? null : tidspunkt,
    });
    addEntry(db, {
      seq: nr * 2 + version,
      tidspunkt,
      correlationId: head.correlationId,
      operation: 'SaveTidligPension',
      udfald: 'udfoert',
      system: 'udk',
      userFullName: head.requestUserMetadata.RequestUserStructure.UserFullName,
      personnummer,
      forloebId: forloeb_id,
      version,
      ...(modtager !== null && { modtager }),
      modtagerAarsag: modtager_aarsag!,
    } as AuditEntry);
  }
  return { borger: personnummer, guid: forloeb_id, tilstand: tilstandAfter(sagt(2)) };
}

function addEntry(db: Connection, entry: AuditEntry): void {
  const sides = sidesOf(entry);
  const salt = sides.hidden && randomBytes(16);
  const digest = digestOf(faceOf(sides, salt?.toString('hex')));
  insert(db, 'audit_entry', {
    ...Object.fromEntries(AUDIT_FIELDS.map(({ name, column }) => [column, entry[name] ?? null])),
    salt: salt ?? null,
    digest: Buffer.from(digest, 'hex'),
  });
}

/** Every row of every table of a store, by table, with the columns that it had then. */
export interface Contents {
  readonly columns: ReadonlyMap<string, readonly string[]>;
  readonly rows: ReadonlyMap<string, readonly string[]>;
}

/** Reads it; with `like`, the columns and tables that were there then. */
export function contentsOf(file: string, like?: Contents): Contents {
  const db = new Database(file, { readonly: true });
  const tables = db
    .prepare<[], string>(`SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`)
    .pluck()
    .all();
  const columns = like?.columns ?? new Map(tables.map((table) => [table, columnsOf(db, table)]));
  const rows = new Map(
    [...columns].map(([table, names]) => [
      table,
      db
        .prepare<[], unknown[]>(`SELECT ${names} FROM ${table}`)
        .raw()
        .all()
        .map((row) => JSON.stringify(row)),
    ]),
  );
  db.close();
  return { columns, rows };
}

/** Rows of an old store that are not there any more. */
export function lostOf(was: Contents, file: string): string[] {
  const is = contentsOf(file, was);
  return [...was.rows].flatMap(([table, rows]) => {
    const there = new Set(is.rows.get(table));
    return rows.filter((row) => !there.has(row)).map(() => `a row of ${table}`);
  });
}

/** The steps that have been taken, in order; none of a store that is not there yet. */
export function stepsOf(file: string): string[] {
  try {
    const db = new Database(file, { readonly: true, fileMustExist: true });
    try {
      return db.prepare<[], string>('SELECT name FROM migration ORDER BY number').pluck().all();
    } finally {
      db.close();
    }
  } catch {
    return [];
  }
}

// Stores on PostgreSQL as they are when only the first steps of the schema have been taken, with what such a schema can
// hold; and whether all that was in one is still there after it has been brought up.

import { randomUUID } from 'node:crypto';
import { onServer } from '../../build/postgres/databases.ts';
import type { NewAuditEntry } from '../../src/access/audit/entry.ts';
import type { Personnummer } from '../../src/domain/personnummer.ts';
import { indholdDetaljer } from '../../src/store/indhold.ts';
import { openClient, type Session, sessionOf } from '../../src/store/postgres/connection.ts';
import { knownMigrations, migrate } from '../../src/store/postgres/migrate.ts';
import { statementsOf } from '../../src/store/postgres/statements.ts';
import { dayAt, nyBorger } from '../support/domain-model.ts';
import { kald, NU, operatorEntry, portsAt } from '../support/store-fixtures.ts';
import { tilstandAfter } from './model.ts';
import type { OldForloeb } from './started.ts';

/** Every step of the schema that the program knows. */
export const STEPS = knownMigrations().map(({ name }) => name);
/** The step that makes the trail, without which nothing is saved. */
const TRAIL = 3;
const DAY = 20_454;

/** Brings an empty database to that step, with so many forløb of two versions each where it can hold any. */
export async function makeOldDatabase(url: string, step: number, forloeb: number): Promise<OldForloeb[]> {
  const client = await openClient(url, false);
  const session = sessionOf(client);
  const made: OldForloeb[] = [];
  await migrate(session, portsAt(NU), knownMigrations().slice(0, step));
  await session.run('BEGIN');
  if (step >= 2)
    await session.run(
      `INSERT INTO medlemskab VALUES ('${nyBorger()}', '22', '2010-01-01', NULL, NULL, NULL, false)`,
    );
  if (step >= TRAIL) {
    const { audit, numbering, seals } = statementsOf(session, portsAt(NU));
    for (let nr = 0; nr < forloeb; nr += 1) {
      made.push(await addForloeb(session, audit.add));
      // Half of the trail is numbered and sealed; the rest has just come in.
      if (nr === Math.floor(forloeb / 2)) {
        while (await numbering.numberNext());
        await seals.sealNext(NU);
      }
    }
  }
  await session.run('COMMIT');
  await client.end();
  return made;
}

async function addForloeb(
  session: Session,
  addEntry: (entry: NewAuditEntry) => Promise<void>,
): Promise<OldForloeb> {
  const [personnummer, id] = [nyBorger(), randomUUID()];
  await session.run('INSERT INTO borger VALUES ($1)', [personnummer]);
  await session.run('INSERT INTO forloeb_ejer VALUES ($1, $2)', [id, personnummer]);
  for (const version of [1, 2]) await addVersion(session, addEntry, personnummer, id, version);
  return {
    borger: personnummer,
    guid: id,
    tilstand: tilstandAfter({ mark: '', borger: '', kompensation: DAY + 2 }),
  };
}

async function addVersion(
  session: Session,
  addEntry: (entry: NewAuditEntry) => Promise<void>,
  personnummer: Personnummer,
  id: string,
  version: number,
): Promise<void> {
  const [date, messageIdentifier] = [dayAt(DAY + version), randomUUID()];
  const { correlationId, requestUserMetadata } = kald();
  const metadata = JSON.stringify(requestUserMetadata);
  const tidspunkt = NU.toISOString();
  await session.run(
    version === 1
      ? `INSERT INTO forloeb (personnummer, forloeb_id, nr, version, kompensationsafgoerelsesdato) VALUES ($1, $2, 1, $3, $4)`
      : `UPDATE forloeb SET version = $3, kompensationsafgoerelsesdato = $4 WHERE personnummer = $1 AND forloeb_id = $2`,
    [personnummer, id, version, date],
  );
  await session.run(
    `INSERT INTO forloeb_version (personnummer, forloeb_id, version, indberettet, correlation_id,
                                  kompensationsafgoerelsesdato, request_user_metadata)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [personnummer, id, version, tidspunkt, correlationId, date, metadata],
  );
  await session.run(
    `INSERT INTO besked (personnummer, message_identifier, forloeb_id, version, registration_type, modtager,
                         modtager_aarsag, event_date)
     VALUES ($1, $2, $3, $4, $5, '22', 'nuvaerende-akasse', $6)`,
    [personnummer, messageIdentifier, id, version, version === 1 ? 'Create' : 'Update', tidspunkt],
  );
  const indhold = indholdDetaljer({
    forloebId: id,
    version,
    overgangsdato: null,
    afgoerelsesdato: null,
    ophoersdato: null,
    kompensationsafgoerelsesdato: date,
    indberettet: tidspunkt,
    requestUserMetadata: metadata,
    messageIdentifier,
  });
  await addEntry({
    ...operatorEntry('SaveTidligPension'),
    correlationId,
    personnummer,
    forloebId: id,
    version,
    modtager: '22',
    modtagerAarsag: 'nuvaerende-akasse',
    detaljer: indhold,
  } as NewAuditEntry);
}

/** Tables whose rows stay as they are, with the columns that they had; and what stays of an entry, numbered or not. */
export type Contents = ReadonlyMap<string, { readonly columns: string; readonly rows: readonly string[] }>;

const GROWS = ['audit_counter', 'audit_intake', 'medlemskab_register'];

/** Reads it, of those tables that were there then, with the columns that they had then. */
export const contentsOf = (url: string, like?: Contents): Promise<Contents> =>
  onServer(url, async (client) => {
    await client.query('SET search_path = pension');
    const read = async (columns: string, from: string): Promise<string[]> =>
      (
        await client.query<{ row: string }>(`SELECT ROW(${columns})::text AS row FROM ${from} ORDER BY 1`)
      ).rows.map(({ row }) => row);
    const { rows: tables } = await client.query<{ name: string; columns: string }>(
      `SELECT table_name AS name, string_agg(column_name, ', ' ORDER BY ordinal_position) AS columns
         FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
        WHERE table_schema = 'pension' AND table_type = 'BASE TABLE' GROUP BY 1`,
    );
    const contents = new Map<string, { columns: string; rows: string[] }>();
    for (const { name, columns: all } of tables) {
      if (GROWS.includes(name) || (like !== undefined && !like.has(name))) continue;
      const columns = like?.get(name)?.columns ?? all;
      contents.set(name, { columns, rows: await read(columns, name) });
    }
    if (contents.has('audit_entry')) {
      const columns = 'correlation_id, operation, forloeb_id, version, detaljer';
      const both = ['audit_entry', 'audit_intake'].map((table) => `SELECT ${columns} FROM ${table}`);
      contents.set('trail', { columns, rows: await read(columns, `(${both.join(' UNION ALL ')}) AS e`) });
    }
    return contents;
  });

/** Rows of an old store that are not there any more. */
export async function lostOf(was: Contents, url: string): Promise<string[]> {
  const is = await contentsOf(url, was);
  return [...was].flatMap(([table, { rows }]) => {
    const there = new Set(is.get(table)?.rows);
    return rows.filter((row) => !there.has(row)).map(() => `a row of ${table}`);
  });
}

/** The steps that have been taken, in order; none of a store that is not there yet. */
export const stepsOf = (url: string): Promise<string[]> =>
  onServer(url, async (client) => {
    const { rows } = await client.query("SELECT to_regclass('pension.migration') IS NOT NULL AS is");
    if (!rows[0].is) return [];
    const steps = await client.query<{ name: string }>('SELECT name FROM pension.migration ORDER BY number');
    return steps.rows.map(({ name }) => name);
  });

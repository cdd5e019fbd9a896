// Makes a store of the rows of another. While they are written the triggers are off, for those want to see how a row
// came to be; the rules of each row, and its references, hold.

import pg from 'pg';
import {
  demandProgress,
  notTaken,
  otherVersion,
  readProgress,
  takenSince,
  writeProgress,
} from '../copy/progress.ts';
import type {
  CopyCounters,
  CopyMarker,
  CopyOrigin,
  CopyPlace,
  CopyProgress,
  CopyTarget,
} from '../copy/sides.ts';
import type { CopyColumn, CopyPage, CopyRow, CopyStep, CopyTable, CopyValue } from '../copy/tables.ts';
import { demandWritten } from '../kept/row.ts';
import { MARKER } from '../kept/unfinished.ts';
import { StoreError, type StorePorts } from '../store.ts';
import { auditStatements } from './audit.ts';
import { numberingStatements } from './audit-numbering.ts';
import { openClient, SCHEMA, type Session, sessionOf } from './connection.ts';
import { refuse } from './health.ts';
import { checkSchema, migrate, stepsOf } from './migrate.ts';

/** What is in the database now; nothing is made. Rejects with StoreError where it is another program's. */
export async function lookForCopy(url: string): Promise<CopyPlace> {
  const client = await openClient(url, true).catch(refuse);
  const session = sessionOf(client);
  try {
    if ((await stepsOf(session, { unfinished: true })) === undefined) return { state: 'free' };
    if (await isUnfinished(session)) return { state: 'unfinished', marker: await markerIn(session) };
    return { state: (await holdsNothing(session)) ? 'free' : 'taken' };
  } catch (error) {
    return refuse(error);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Makes an unfinished copy that holds nothing yet. Rejects with StoreError where there is a store meanwhile. */
export const beginPostgresCopy = (
  url: string,
  isTest: boolean,
  { poster, segl }: CopyOrigin,
  ports: StorePorts,
): Promise<CopyTarget> =>
  opened(url, isTest, ports, async (session) => {
    await migrate(session, ports);
    await inTransaction(session, async () => {
      const tables = await tablesOf(session);
      await session.run(`LOCK TABLE ${tables.join(', ')} IN ACCESS EXCLUSIVE MODE`);
      if (tables.includes(MARKER) || !(await holdsNothing(session))) throw takenSince();
      await demandAlone(session);
      await session.run(
        `CREATE TABLE ${MARKER} (nr integer NOT NULL PRIMARY KEY CHECK (nr = 1), poster bigint NOT NULL,
           segl text NOT NULL, progress text NOT NULL)`,
      );
      const values = [poster, segl, writeProgress({ step: 0 })];
      await session.run(`INSERT INTO ${MARKER} VALUES (1, $1, $2, $3)`, values);
      for (const table of tables) await session.run(`ALTER TABLE ${table} DISABLE TRIGGER USER`);
    });
  });

/** A service that has opened the empty store already would save into the copy, whose rules are off. */
async function demandAlone(session: Session): Promise<void> {
  const others = await session.one(
    `SELECT 1 AS found FROM pg_stat_activity WHERE datname = current_database()
        AND application_name = 'pension' AND pid <> pg_backend_pid() LIMIT 1`,
  );
  if (others !== undefined)
    throw new StoreError(
      'PENSION_STORE: a service or a command has the database open. Stop it first; nothing was changed.',
    );
}

/** Opens the unfinished copy that is there, once nothing more can come of a process that was killed. */
export const goOnWithPostgresCopy = (url: string, isTest: boolean, ports: StorePorts): Promise<CopyTarget> =>
  opened(url, isTest, ports, async (session) => {
    await checkSchema(session, undefined, { unfinished: true }).catch((error: unknown) =>
      Promise.reject(error instanceof StoreError ? otherVersion() : error),
    );
    await session.run(`SELECT nr FROM ${MARKER} FOR UPDATE`);
  });

async function opened(
  url: string,
  isTest: boolean,
  ports: StorePorts,
  prepare: (session: Session) => Promise<void>,
): Promise<CopyTarget> {
  const client = await openClient(url, isTest).catch(refuse);
  const session = sessionOf(client);
  try {
    await prepare(session);
    return targetOf(session, ports, () => client.end());
  } catch (error) {
    await client.end().catch(() => undefined);
    return refuse(error);
  }
}

function targetOf(session: Session, ports: StorePorts, close: () => Promise<void>): CopyTarget {
  const step = (from: CopyProgress, to: CopyProgress, work: () => Promise<void>): Promise<void> =>
    inTransaction(session, async () => {
      const values = [writeProgress(to), writeProgress(from)];
      const move = `UPDATE ${MARKER} SET progress = $1 WHERE progress = $2`;
      demandProgress((await isUnfinished(session)) ? await session.run(move, values) : 0);
      await work();
    }).catch((error: unknown) => {
      // A value that is none of its type, or a rule that does not hold.
      const isRule = error instanceof pg.DatabaseError && /^2[23]/.test(error.code ?? '');
      return isRule ? Promise.reject(notTaken(error.message)) : refuse(error);
    });
  return {
    write: (copied, page, from, to) => step(from, to, () => writePage(session, copied, page)),
    complete: (counters, from, to) =>
      step(from, to, async () => {
        await setCounters(session, counters);
        for (const table of await tablesOf(session)) {
          await session.run(`ALTER TABLE ${table} ENABLE TRIGGER USER`);
          // So many rows have come that what is known of the table is no use any more.
          await session.run(`ANALYZE ${table}`);
        }
      }),
    finish: (entry, from) =>
      step(from, from, async () => {
        await session.run(`DROP TABLE ${MARKER}`);
        await auditStatements(session).add(entry);
        // With its number, so that whoever runs the command again finds it behind the seam.
        await numberingStatements(session, ports).numberNext();
      }),
    close,
  };
}

/** Sets the counters as those of the other store are. */
async function setCounters(session: Session, counters: CopyCounters): Promise<void> {
  const { besked, sequence, auditEntry, auditSeal, generation } = counters;
  if (besked > 0) await session.run(`SELECT setval('besked_nr', $1)`, [besked]);
  if (sequence > 0) await session.run(`SELECT setval('sequence_sequence_nr_seq', $1)`, [sequence]);
  await session.run(
    `UPDATE audit_counter SET value = CASE name WHEN 'audit_entry' THEN $1::bigint ELSE $2::bigint END`,
    [auditEntry, auditSeal],
  );
  await session.run('UPDATE medlemskab_register SET generation = $1', [generation]);
}

async function writePage(session: Session, { tables }: CopyStep, { rows }: CopyPage): Promise<void> {
  for (const [at, table] of tables.entries()) {
    const json = asJson(table, rows[at]!);
    if (table.name === 'forloeb') await writeOwners(session, json);
    const columns = table.columns.map(({ name }) => name).join(', ');
    const written = await session.run(
      `INSERT INTO ${table.name} (${columns})
       SELECT ${columns} FROM json_populate_recordset(NULL::${table.name}, $1)`,
      [json],
    );
    demandWritten(written, table.name, rows[at]!.length);
  }
}

/** The citizens, and whose each forløb is, follow from the forløb. */
async function writeOwners(session: Session, forloeb: string): Promise<void> {
  const given = 'FROM json_populate_recordset(NULL::forloeb, $1)';
  await session.run(`INSERT INTO borger SELECT DISTINCT personnummer ${given} ON CONFLICT DO NOTHING`, [
    forloeb,
  ]);
  await session.run(`INSERT INTO forloeb_ejer SELECT forloeb_id, personnummer ${given}`, [forloeb]);
}

const asJson = ({ columns }: CopyTable, rows: readonly CopyRow[]): string =>
  JSON.stringify(
    rows.map((row) =>
      Object.fromEntries(columns.map((column, at) => [column.name, asKept(column, row[at]!)])),
    ),
  );

function asKept({ kind }: CopyColumn, value: CopyValue): CopyValue | boolean {
  if (kind === 'bytes') return value === null ? null : `\\x${value}`;
  return kind === 'flag' ? value === 1 : value;
}

async function inTransaction(session: Session, work: () => Promise<void>): Promise<void> {
  await session.run('BEGIN');
  try {
    await work();
  } catch (error) {
    await session.run('ROLLBACK').catch(() => undefined);
    throw error;
  }
  await session.run('COMMIT');
}

async function markerIn(session: Session): Promise<CopyMarker> {
  const { poster, segl, progress } = (await session.one<CopyOrigin & { readonly progress: string }>(
    `SELECT poster, segl, progress FROM ${MARKER}`,
  ))!;
  return { poster, segl, progress: readProgress(progress) };
}

const isUnfinished = async (session: Session): Promise<boolean> => (await tablesOf(session)).includes(MARKER);

async function tablesOf(session: Session): Promise<string[]> {
  const tables = await session.all<{ readonly name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relnamespace = '${SCHEMA}'::regnamespace AND relkind = 'r' ORDER BY relname`,
  );
  return tables.map(({ name }) => name);
}

/** Tables that are never empty. */
const MADE_WITH_ROWS = ['migration', 'medlemskab_register', 'audit_counter', 'probe'];

/** Whether it is a store in which nothing has ever been kept, or is just being made. */
async function holdsNothing(session: Session): Promise<boolean> {
  const tables = await tablesOf(session);
  const looks = tables
    .filter((table) => !MADE_WITH_ROWS.includes(table))
    .map((table) => `EXISTS (SELECT 1 FROM ${table})`);
  if (tables.includes('audit_counter')) looks.push('EXISTS (SELECT 1 FROM audit_counter WHERE value > 0)');
  const { found } = (await session.one<{ readonly found: boolean }>(
    `SELECT ${['false', ...looks].join(' OR ')} AS found`,
  ))!;
  return !found;
}

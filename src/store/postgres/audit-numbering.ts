// Gives entries that have come in their numbers, salts and digests. Any process may do so at any time; one after the
// other, for each locks the counter of the entries first.

import { digestOf, faceOf, sidesOf } from '../../access/audit/digest.ts';
import { AUDIT_FIELDS, type AuditEntry, type NewAuditEntry } from '../../access/audit/entry.ts';
import { ENTRY_COLUMNS } from '../kept/audit.ts';
import { demandWritten } from '../kept/row.ts';
import type { StorePorts } from '../store.ts';
import { type Session, statement } from './connection.ts';

/** Entries that are numbered in one transaction. */
const BATCH = 1_000;

const LAST = statement(`SELECT value FROM audit_counter WHERE name = 'audit_entry' FOR UPDATE`);
// In the order in which the numbers of the intake were drawn: for each citizen that of the Saves.
const TAKE = statement(`SELECT * FROM audit_intake ORDER BY nr LIMIT ${BATCH}`);
const INSERT = statement(
  `INSERT INTO audit_entry (${ENTRY_COLUMNS}, salt, digest, intake_nr)
   SELECT ${ENTRY_COLUMNS}, salt, digest, intake_nr FROM json_populate_recordset(NULL::audit_entry, $1) ORDER BY seq`,
);
const REMOVE = statement('DELETE FROM audit_intake WHERE nr = ANY ($1::bigint[])');

type IntakeRow = Readonly<Record<string, string | number | null>> & { readonly nr: number };

/** The statements that number, in the caller's transaction. */
export const numberingStatements = (session: Session, { newSalt }: Pick<StorePorts, 'newSalt'>) => ({
  /** Numbers a batch of what has come in; gives whether there may be more. */
  async numberNext(): Promise<boolean> {
    const { value: last } = (await session.one<{ readonly value: number }>(LAST))!;
    const came = await session.all<IntakeRow>(TAKE);
    if (came.length === 0) return false;
    const rows = came.map((row, at) => entryRow(entryIn(row), last + at + 1, row.nr, newSalt));
    demandWritten(await session.run(INSERT, [JSON.stringify(rows)]), 'audit_entry', rows.length);
    demandWritten(await session.run(REMOVE, [came.map(({ nr }) => nr)]), 'audit_intake', rows.length);
    return came.length === BATCH;
  },
});

/** The entry that a row of the intake says. */
function entryIn(row: IntakeRow): NewAuditEntry {
  const entry: Record<string, string | number> = {};
  for (const { name, column } of AUDIT_FIELDS) {
    const value = row[column];
    if (value !== null && value !== undefined) entry[name] = value;
  }
  return entry as unknown as NewAuditEntry;
}

/** The row of an entry under that number: with its salt where it has something to hide, and its digest. */
function entryRow(entry: NewAuditEntry, seq: number, intakeNr: number, newSalt: () => Uint8Array) {
  const numbered: AuditEntry = { ...entry, seq };
  const sides = sidesOf(numbered);
  const salt = sides.hidden && Buffer.from(newSalt()).toString('hex');
  return {
    ...Object.fromEntries(AUDIT_FIELDS.map(({ name, column }) => [column, numbered[name] ?? null])),
    salt: salt === undefined ? null : `\\x${salt}`,
    digest: `\\x${digestOf(faceOf(sides, salt))}`,
    intake_nr: intakeNr,
  };
}

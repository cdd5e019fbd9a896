// Entries and seals of the audit trail in columns, as every database keeps them, and what they become.

import { AUDIT_FIELDS, type AuditEntry, type StoredEntry } from '../../access/audit/entry.ts';
import { type FullSeal, type SealedEntry, sealedLines } from '../../access/audit/seal.ts';

/** The columns of an entry, in the order of its fields. */
export const ENTRY_COLUMNS = AUDIT_FIELDS.map(({ column }) => column).join(', ');

/** The column of each field, by its name. */
export const COLUMN_OF = new Map<string, string>(AUDIT_FIELDS.map(({ name, column }) => [name, column]));

/** A seal in columns; `entries` as the text that is hashed. */
export interface SealRow {
  nr: number;
  tidspunkt: string;
  sidste: number;
  entries: string;
  forrige: string;
  indhold: string;
  hash: string;
}

/** The entry that a row of ENTRY_COLUMNS, salt and digest says; both in hexadecimal. */
export function toStored(row: unknown[]): StoredEntry {
  const entry: Record<string, unknown> = {};
  AUDIT_FIELDS.forEach(({ name }, at) => {
    if (row[at] !== null) entry[name] = row[at];
  });
  const [salt, digest] = row.slice(AUDIT_FIELDS.length) as [string | null, string];
  return { entry: entry as unknown as AuditEntry, ...(salt !== null && { salt }), digest };
}

/** What a row says twice must be the same both times, or it has been changed. */
export function toSeal({ entries: text, sidste, ...seal }: SealRow): FullSeal {
  const entries = readLines(String(text));
  const agrees = sealedLines(entries) === text && entries.at(-1)?.seq === sidste;
  return { ...seal, entries, ...(!agrees && { problem: 'its list of entries has been changed' }) };
}

const readLines = (text: string): SealedEntry[] =>
  text
    .split('\n')
    .slice(0, -1)
    .map((line) => {
      const [seq, digest = ''] = line.split(' ', 2);
      return { seq: Number(seq), digest };
    });

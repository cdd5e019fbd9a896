// Reads the audit trail page by page: entries by what they say, seals, and what is being gathered.

import {
  AUDIT_FIELDS,
  type AuditEntry,
  type NewAuditEntry,
  type StoredEntry,
} from '../../access/audit/entry.ts';
import { type FullSeal, type SealedEntry, sealedLines } from '../../access/audit/seal.ts';
import type { AuditCounters, AuditFilter, AuditPage } from '../store.ts';
import { type GatheringRow, gatheredEntry } from './audit-gathering.ts';
import type { Connection } from './connection.ts';

interface SealRow {
  nr: number;
  tidspunkt: string;
  sidste: number;
  entries: string;
  forrige: string;
  indhold: string;
  hash: string;
}

const COLUMN_OF = new Map(AUDIT_FIELDS.map(({ name, column }) => [name, column]));
const COLUMNS = AUDIT_FIELDS.map(({ column }) => column).join(', ');

/** Reads on a connection, which need not be one that may write. */
export function auditReader(db: Connection) {
  const seals = db.prepare<[number, number], SealRow>(
    'SELECT * FROM audit_seal WHERE nr > ? ORDER BY nr LIMIT ?',
  );
  const gathering = db.prepare<[], GatheringRow>('SELECT * FROM audit_gathering ORDER BY minut, tidspunkt');
  const counter = db
    .prepare<[string], number>(
      `SELECT seq FROM sqlite_sequence WHERE name = ? AND typeof(seq) = 'integer' AND seq > 0`,
    )
    .pluck();
  return {
    entries({ after, limit, filter = {} }: AuditPage): StoredEntry[] {
      const { where, values } = conditions(filter);
      const rows = db
        .prepare<unknown[], unknown[]>(
          `SELECT ${COLUMNS}, iif(salt IS NULL, NULL, lower(hex(salt))), lower(hex(digest)) FROM audit_entry
            WHERE ${['seq > ?', ...where].join(' AND ')} ORDER BY seq LIMIT ?`,
        )
        .raw()
        .all(after, ...values, limit);
      return rows.map(toStored);
    },
    seals: ({ after, limit }: { after: number; limit: number }): FullSeal[] =>
      seals.all(after, limit).map(toSeal),
    gathering: (): NewAuditEntry[] => gathering.all().map(gatheredEntry),
    counters: (): AuditCounters => ({
      entries: counter.get('audit_entry') ?? 0,
      seals: counter.get('audit_seal') ?? 0,
    }),
  };
}

/** Entries about a citizen: that name the citizen, or a sequence that held a besked of that citizen. */
const ABOUT_BORGER = `seq IN (
  WITH borger (personnummer) AS (VALUES (?))
  SELECT e.seq FROM borger JOIN audit_entry AS e USING (personnummer)
  UNION
  SELECT e.seq FROM borger JOIN sequence_besked USING (personnummer) JOIN sequence AS s USING (sequence_nr)
    JOIN audit_entry AS e ON e.sequence = s.identifier)`;

function conditions({ personnummer, organisation, from, to, equals = {} }: AuditFilter) {
  const where: string[] = [];
  const values: unknown[] = [];
  const demand = (condition: string, value: unknown): void => {
    where.push(condition);
    values.push(value);
  };
  if (personnummer !== undefined) demand(ABOUT_BORGER, personnummer);
  if (organisation !== undefined) demand('active_organisation_code = ?', organisation.code);
  if (organisation?.type !== undefined) demand('active_organisation_type = ?', organisation.type);
  if (from !== undefined) demand('tidspunkt >= ?', from);
  if (to !== undefined) demand('tidspunkt < ?', to);
  for (const [name, value] of Object.entries(equals)) {
    demand(`${COLUMN_OF.get(name as keyof AuditEntry)} = ?`, value);
  }
  return { where, values };
}

function toStored(row: unknown[]): StoredEntry {
  const entry: Record<string, unknown> = {};
  AUDIT_FIELDS.forEach(({ name }, at) => {
    if (row[at] !== null) entry[name] = row[at];
  });
  const [salt, digest] = row.slice(AUDIT_FIELDS.length) as [string | null, string];
  return { entry: entry as unknown as AuditEntry, ...(salt !== null && { salt }), digest };
}

/** What a row says twice must be the same both times, or it has been changed. */
function toSeal({ entries: text, sidste, ...seal }: SealRow): FullSeal {
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

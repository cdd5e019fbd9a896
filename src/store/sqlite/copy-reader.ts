// Reads a store page by page to copy it, as it is at one moment. Nothing is written.

import type { CopyCounters, CopyReader } from '../copy/sides.ts';
import {
  BEFORE_ALL,
  COPY_TABLES,
  type CopyColumn,
  type CopyKey,
  type CopyPage,
  type CopyRow,
  type CopyStep,
  type CopyTable,
  type ForloebSize,
  lastOfPage,
} from '../copy/tables.ts';
import { type Connection, openReadOnly } from './connection.ts';
import { checkSchema } from './migrate.ts';

/** Opens the store in `path`; only with `unfinished` also one that is an unfinished copy. Throws StoreError. */
export function openSqliteCopyReader(path: string, unfinished = false): CopyReader {
  const db = openReadOnly(path, true);
  try {
    checkSchema(db, undefined, { unfinished });
    return readerOf(db);
  } catch (error) {
    db.close();
    throw error;
  }
}

interface Trail {
  readonly poster: number;
  readonly sidste: number | null;
  readonly segl: string | null;
  readonly waiting: number;
}

function readerOf(db: Connection): CopyReader {
  const trail = db.prepare<[], Trail>(
    `SELECT (SELECT coalesce(max(seq), 0) FROM audit_entry) AS poster, s.sidste, s.nr || ':' || s.hash AS segl,
            (SELECT count(*) FROM audit_gathering) AS waiting
       FROM (SELECT 1) LEFT JOIN (SELECT * FROM audit_seal ORDER BY nr DESC LIMIT 1) AS s`,
  );
  return {
    origin: async () => {
      const { poster, sidste, segl, waiting } = trail.get()!;
      return segl !== null && sidste === poster && waiting === 0 ? { poster, segl } : undefined;
    },
    counts: async () =>
      new Map(
        COPY_TABLES.map(({ name, where = 'true' }) => [
          name,
          db.prepare<[], number>(`SELECT count(*) FROM ${name} WHERE ${where}`).pluck().get()!,
        ]),
      ),
    counters: async () => countersIn(db),
    page: async (step, after) =>
      step.by === 'rows' ? pageOfRows(db, step, after) : pageOfBorgere(db, step, after),
    close: async () => void db.close(),
  };
}

/** The counters that SQLite keeps by table, each with its table. */
export const COUNTER_OF = [
  ['besked', 'besked'],
  ['sequence', 'sequence'],
  ['auditEntry', 'audit_entry'],
  ['auditSeal', 'audit_seal'],
] as const;

function countersIn(db: Connection): CopyCounters {
  const counter = db.prepare<[string], number>('SELECT seq FROM sqlite_sequence WHERE name = ?').pluck();
  const generation = db.prepare<[], number>('SELECT generation FROM medlemskab_register').pluck().get()!;
  const counters = Object.fromEntries(COUNTER_OF.map(([name, table]) => [name, counter.get(table) ?? 0]));
  return { ...counters, generation } as unknown as CopyCounters;
}

const asRead = ({ name, kind }: CopyColumn): string =>
  kind === 'bytes' ? `CASE WHEN t.${name} IS NOT NULL THEN lower(hex(t.${name})) END` : `t.${name}`;

const columnsOf = ({ columns }: CopyTable): string => columns.map(asRead).join(', ');

function pageOfRows(db: Connection, step: CopyStep, after: CopyKey | undefined): CopyPage | undefined {
  const table = step.tables[0]!;
  const { name, order, columns, where = 'true' } = table;
  const key = order.join(', ');
  const behind = after === undefined ? '' : `AND (${key}) > (${order.map(() => '?').join(', ')})`;
  const rows = db
    .prepare(
      `SELECT ${columnsOf(table)} FROM ${name} AS t WHERE ${where} ${behind} ORDER BY ${key} LIMIT ${step.size}`,
    )
    .raw()
    .all(...(after ?? [])) as CopyRow[];
  const last = rows.at(-1);
  if (last === undefined) return undefined;
  const places = order.map((column) => columns.findIndex((known) => known.name === column));
  return { rows: [rows], last: places.map((place) => last[place]!) };
}

// Only the forløb are found by their citizen; their versions are found by the forløb, and beskeder by their versions.
const FOUND: Readonly<Record<string, string>> = {
  forloeb: 'page AS t',
  forloeb_version: 'page CROSS JOIN forloeb_version AS t USING (forloeb_id)',
  besked: 'page CROSS JOIN forloeb_version AS v USING (forloeb_id) CROSS JOIN besked AS t USING (version_nr)',
};

function pageOfBorgere(db: Connection, step: CopyStep, after: CopyKey | undefined): CopyPage | undefined {
  const from = after?.[0] ?? BEFORE_ALL;
  const sizes = db
    .prepare<[CopyKey[number]], ForloebSize>(
      `SELECT personnummer, version FROM forloeb WHERE personnummer > ? ORDER BY personnummer LIMIT ${step.size}`,
    )
    .all(from);
  const to = lastOfPage(sizes, step.size);
  if (to === undefined) return undefined;
  const rows = step.tables.map(
    (table) =>
      db
        .prepare(
          `WITH page AS (SELECT * FROM forloeb WHERE personnummer > ? AND personnummer <= ?)
           SELECT ${columnsOf(table)} FROM ${FOUND[table.name]}
            ORDER BY ${table.order.map((column) => `t.${column}`).join(', ')}`,
        )
        .raw()
        .all(from, to) as CopyRow[],
  );
  return { rows, last: [to] };
}

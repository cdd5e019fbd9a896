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
  type CopyValue,
  type ForloebSize,
  lastOfPage,
} from '../copy/tables.ts';
import { mayBeQuiet, openClient, type Session, sessionOf } from './connection.ts';
import { refuse } from './health.ts';
import { checkSchema } from './migrate.ts';

/** Opens the store in that database; only with `unfinished` also one that is an unfinished copy. Rejects with StoreError. */
export async function openPostgresCopyReader(url: string, unfinished = false): Promise<CopyReader> {
  const client = await openClient(url, true).catch(refuse);
  const session = sessionOf(client);
  try {
    // It is quiet while the other side writes a page, or looks at all of its own.
    await mayBeQuiet(session);
    await session.run('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    await checkSchema(session, undefined, { unfinished });
    return readerOf(session, () => client.end());
  } catch (error) {
    await client.end().catch(() => undefined);
    return refuse(error);
  }
}

interface Trail {
  readonly poster: number;
  readonly sidste: number | null;
  readonly segl: string | null;
  readonly waiting: number;
}

function readerOf(session: Session, close: () => Promise<void>): CopyReader {
  return {
    origin: async () => {
      const { poster, sidste, segl, waiting } = (await session.one<Trail>(
        `SELECT (SELECT coalesce(max(seq), 0) FROM audit_entry) AS poster, s.sidste, s.nr || ':' || s.hash AS segl,
                (SELECT count(*) FROM audit_gathering) + (SELECT count(*) FROM audit_intake) AS waiting
           FROM (SELECT 1) AS one LEFT JOIN (SELECT * FROM audit_seal ORDER BY nr DESC LIMIT 1) AS s ON true`,
      ))!;
      return segl !== null && sidste === poster && waiting === 0 ? { poster, segl } : undefined;
    },
    counts: async () => {
      const counts = new Map<string, number>();
      for (const { name, where = 'true' } of COPY_TABLES) {
        const sql = `SELECT count(*) AS antal FROM ${name} WHERE ${where}`;
        counts.set(name, (await session.one<{ readonly antal: number }>(sql))!.antal);
      }
      return counts;
    },
    counters: async () =>
      (await session.one<CopyCounters>(
        `SELECT (SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM besked_nr) AS besked,
                (SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM sequence_sequence_nr_seq) AS sequence,
                (SELECT value FROM audit_counter WHERE name = 'audit_entry') AS "auditEntry",
                (SELECT value FROM audit_counter WHERE name = 'audit_seal') AS "auditSeal",
                (SELECT generation FROM medlemskab_register) AS generation`,
      ))!,
    page: (step, after) =>
      step.by === 'rows' ? pageOfRows(session, step, after) : pageOfBorgere(session, step, after),
    close,
  };
}

function asRead({ name, kind }: CopyColumn): string {
  if (kind === 'bytes') return `encode(${name}, 'hex') AS ${name}`;
  return kind === 'flag' ? `${name}::integer AS ${name}` : name;
}

const columnsOf = ({ columns }: CopyTable): string => columns.map(asRead).join(', ');

async function read(session: Session, sql: string, values: readonly CopyValue[]): Promise<CopyRow[]> {
  const rows = await session.all<Readonly<Record<string, CopyValue>>>(sql, values);
  return rows.map((row) => Object.values(row));
}

async function pageOfRows(
  session: Session,
  step: CopyStep,
  after: CopyKey | undefined,
): Promise<CopyPage | undefined> {
  const table = step.tables[0]!;
  const { name, order, columns, where = 'true' } = table;
  const key = order.join(', ');
  const behind =
    after === undefined ? '' : `AND (${key}) > (${order.map((_, at) => `$${at + 1}`).join(', ')})`;
  const rows = await read(
    session,
    `SELECT ${columnsOf(table)} FROM ${name} WHERE ${where} ${behind} ORDER BY ${key} LIMIT ${step.size}`,
    after ?? [],
  );
  const last = rows.at(-1);
  if (last === undefined) return undefined;
  const places = order.map((column) => columns.findIndex((known) => known.name === column));
  return { rows: [rows], last: places.map((place) => last[place]!) };
}

async function pageOfBorgere(
  session: Session,
  step: CopyStep,
  after: CopyKey | undefined,
): Promise<CopyPage | undefined> {
  const from = after?.[0] ?? BEFORE_ALL;
  const sizes = await session.all<ForloebSize>(
    `SELECT personnummer, version FROM forloeb WHERE personnummer > $1 ORDER BY personnummer LIMIT ${step.size}`,
    [from],
  );
  const to = lastOfPage(sizes, step.size);
  if (to === undefined) return undefined;
  const rows: CopyRow[][] = [];
  for (const table of step.tables)
    rows.push(
      await read(
        session,
        `SELECT ${columnsOf(table)} FROM ${table.name} WHERE personnummer > $1 AND personnummer <= $2
          ORDER BY ${table.order.join(', ')}`,
        [from, to],
      ),
    );
  return { rows, last: [to] };
}

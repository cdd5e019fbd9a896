// The invariants of the promises stated a second time, in SQL and loops of their own: what a store must hold whatever has
// happened to the service that wrote it.

import { checkStored } from '../../src/access/audit/digest.ts';
import { type CheckedEntry, verifyTrail } from '../../src/access/audit/verify.ts';
import { allEntries, allSeals } from '../../src/cli/audit/pages.ts';
import { openAudit } from '../../src/store/open-store.ts';
import type { AuditReader } from '../../src/store/store.ts';
import { CALLS, inWordsOf, POSTGRES_RULES, RULES, SAVED } from './invariant-rules.ts';
import { column, reading, type StoreTables } from './store-rows.ts';

/** Of each kind of breach so many are named. */
const NAMED = 5;

/**
 * What the store of that address breaks of the invariants, in sentences; empty when all of them hold. It may be asked while
 * services run on the store. Of I6 the entries by themselves are looked at: seals and requests are in `checkInvariants`.
 */
export const brokenInvariants = (address: string): Promise<string[]> =>
  reading(address, (tables) => inTrail(address, (trail) => brokenOf(tables, trail)));

/** The same of a store that is looked at already. */
export const brokenOf = async (tables: StoreTables, trail: AuditReader): Promise<string[]> => [
  ...(await brokenIn(tables)),
  ...inWords('I6: the audit trail', await badEntries(trail)),
];

async function brokenIn(tables: StoreTables): Promise<string[]> {
  const broken: string[] = [];
  const rules = tables.kind === 'postgres' ? [...RULES, ...POSTGRES_RULES] : RULES;
  for (const [sentence, sql] of rules)
    broken.push(...inWords(sentence, await column<string>(tables, inWordsOf(tables.kind, sql))));
  return [
    ...broken,
    ...inWords('I5: beskeder of a citizen are not in the order of the versions', await outOfOrder(tables)),
    ...inWords('I7: two forløb of a citizen overlap', await overlapping(tables)),
  ];
}

/** Works on the trail as it is at this moment, once what has come in has its numbers. */
async function inTrail<T>(address: string, work: (trail: AuditReader) => Promise<T>): Promise<T> {
  const trail = await openAudit(address, { snapshot: true });
  try {
    return await work(trail);
  } finally {
    await trail.close();
  }
}

const inWords = (sentence: string, found: readonly string[]): string[] =>
  found.length === 0
    ? []
    : [`${sentence}: ${found.slice(0, NAMED).join(', ')}${found.length > NAMED ? ` (${found.length})` : ''}`];

interface QueuedRow {
  readonly nr: number;
  readonly personnummer: string;
  readonly modtager: string;
  readonly forloebId: string;
  readonly version: number;
  readonly deliveredIn: number | null;
  /** Number of the entry of its Save. */
  readonly saved: number | null;
  /** It was given its recipient, or its row, later than its Save. */
  readonly late: 0 | 1;
}

/**
 * Per citizen and a-kasse the numbers of the beskeder follow the Saves, whose order is that of their entries, and so does
 * leaving the queue. What got its recipient or its row later has a place in its own forløb only.
 */
async function outOfOrder(tables: StoreTables): Promise<string[]> {
  const rows = await tables.all<QueuedRow>(
    inWordsOf(
      tables.kind,
      `SELECT b.besked_nr AS nr, b.personnummer, b.modtager, b.forloeb_id AS "forloebId", b.version,
              b.delivered_in AS "deliveredIn", e.seq AS saved, CASE WHEN l.seq IS NULL THEN 0 ELSE 1 END AS late
         FROM besked AS b
         LEFT JOIN :entries AS e ON e.forloeb_id = b.forloeb_id AND e.version = b.version AND e.${SAVED}
         LEFT JOIN (SELECT min(seq) AS seq, forloeb_id, version FROM :entries AS a
                     WHERE operation IN ('FrigivBesked', 'GenskabBesked') GROUP BY forloeb_id, version) AS l
           ON l.forloeb_id = b.forloeb_id AND l.version = b.version
        WHERE b.modtager IS NOT NULL ORDER BY b.besked_nr`,
    ),
  );
  const broken: string[] = [];
  const last = new Map<string, { order: number; sequence: number }>();
  const follows = (key: string, order: number, { nr, deliveredIn }: QueuedRow): void => {
    const before = last.get(key);
    const sequence = deliveredIn ?? Number.POSITIVE_INFINITY;
    if (before !== undefined && (order <= before.order || sequence < before.sequence))
      broken.push(`besked ${nr}`);
    last.set(key, { order, sequence });
  };
  for (const row of rows) {
    const key = `${row.personnummer} ${row.modtager}`;
    follows(`${key} ${row.forloebId}`, row.version, row);
    if (row.late === 0) follows(key, row.saved ?? 0, row);
  }
  return [...new Set(broken)];
}

/** Entries without a gap, up to the counter, each what was written. */
async function badEntries(trail: AuditReader): Promise<string[]> {
  const broken: string[] = [];
  let seq = 0;
  for await (const stored of allEntries(trail)) {
    if (stored.entry.seq !== seq + 1) broken.push(`entry ${seq + 1} is missing`);
    seq = stored.entry.seq;
    const { problem } = checkStored(stored);
    if (problem !== undefined) broken.push(`entry ${seq}: ${problem}`);
  }
  const { entries } = await trail.counters();
  if (entries !== seq) broken.push(`${entries} entries were written, and the last is ${seq}`);
  return broken;
}

interface PeriodRow {
  readonly id: string;
  readonly personnummer: string;
  readonly start: string;
  readonly slut: string | null;
}

/** Every forløb against every other of its citizen; both ends count, and one without an end goes on for ever. */
async function overlapping(tables: StoreTables): Promise<string[]> {
  const rows = await tables.all<PeriodRow>(
    'SELECT forloeb_id AS id, personnummer, overgangsdato AS start, ophoersdato AS slut FROM forloeb',
  );
  const ofBorger = Map.groupBy(
    rows.filter(({ start }) => start !== null),
    ({ personnummer }) => personnummer,
  );
  const isBefore = (one: PeriodRow, other: PeriodRow): boolean => one.slut !== null && one.slut < other.start;
  return [...ofBorger.values()].flatMap((all) =>
    all.flatMap((one, at) =>
      all
        .slice(at + 1)
        .filter((other) => !isBefore(one, other) && !isBefore(other, one))
        .map((other) => `${one.id} and ${other.id}`),
    ),
  );
}

/** What was asked of the service, as its callers know it. */
export interface AskedOf {
  /** SOAP requests that were answered: X-Correlation-Id, and ErrorCode of a fault. */
  readonly answered: readonly { readonly correlationId: string; readonly fejlkode?: number }[];
  /** SOAP requests that were answered, of which only that is known. */
  readonly counted?: number;
  /** SOAP requests that were sent, or half sent, and got no answer. */
  readonly unanswered: number;
}

/**
 * All of `brokenInvariants`, the trail verified as `pension audit verify` does it, and its entries held against the
 * requests that were made, where those are given.
 */
export const checkInvariants = async (address: string, asked?: AskedOf): Promise<string[]> => [
  ...(await brokenInvariants(address)),
  ...(await inTrail(address, unverified)),
  ...(asked === undefined ? [] : await reading(address, (tables) => unaudited(tables, asked))),
];

async function unverified(trail: AuditReader): Promise<string[]> {
  const checked = async function* (): AsyncGenerator<CheckedEntry> {
    for await (const stored of allEntries(trail)) yield checkStored(stored);
  };
  const counters = await trail.counters();
  const verdict = await verifyTrail({ entries: checked(), seals: allSeals(trail), counters });
  return verdict.ok ? [] : [`I6: the audit trail does not verify at entry ${verdict.seq}: ${verdict.grund}`];
}

interface CallEntry {
  readonly correlationId: string;
  readonly fejlkode: number | null;
}

/** Each answered request has its entry, and there are no more entries than there were requests. */
async function unaudited(
  tables: StoreTables,
  { answered, counted = 0, unanswered }: AskedOf,
): Promise<string[]> {
  const isCall = `operation IS NULL OR operation IN ${CALLS}`;
  const asked = (sql: string): string => inWordsOf(tables.kind, sql);
  const rows = await tables.all<CallEntry>(
    asked(`SELECT correlation_id AS "correlationId", fejlkode FROM :entries AS a WHERE ${isCall}`),
  );
  const entries = new Map(rows.map(({ correlationId, fejlkode }) => [correlationId, fejlkode]));
  const [calls] = await column<number>(
    tables,
    asked(`SELECT (SELECT coalesce(sum(coalesce(antal, 1)), 0) FROM :entries AS a WHERE ${isCall})
                + (SELECT coalesce(sum(antal), 0) FROM audit_gathering)`),
  );
  const unmatched = answered
    .filter(({ fejlkode }) => !GATHERED.includes(fejlkode ?? 0))
    .filter(({ correlationId, fejlkode = null }) => entries.get(correlationId) !== fejlkode)
    .map(({ correlationId }) => correlationId);
  const least = answered.length + counted;
  return [
    ...inWords('I6: an answered call does not have its entry', unmatched),
    ...(calls! >= least && calls! <= least + unanswered
      ? []
      : [`I6: ${calls} entries of calls, for ${least} that were answered and ${unanswered} that were not`]),
  ];
}

/** Refusals that share an entry. */
const GATHERED = [1101, 1012];

// The invariants of the promises stated a second time, in SQL and loops of their own: what a store must hold whatever has
// happened to the service that wrote it.

import Database from 'better-sqlite3';
import { checkStored } from '../../src/access/audit/digest.ts';
import { type CheckedEntry, verifyTrail } from '../../src/access/audit/verify.ts';
import { allEntries, allSeals } from '../../src/cli/audit/pages.ts';
import { auditReader } from '../../src/store/sqlite/audit-reader.ts';
import { openSqliteAudit } from '../../src/store/sqlite/index.ts';
import { CALLS, RULES, SAVED } from './invariant-rules.ts';

type Db = Database.Database;

/** Of each kind of breach so many are named. */
const NAMED = 5;

/**
 * What a store breaks of the invariants, in sentences; empty when all of them hold. It may be asked while a service runs
 * on the store. Of I6 the entries by themselves are looked at: seals and requests are in `checkInvariants`.
 */
export function brokenInvariants(store: string): string[] {
  const db = new Database(store, { readonly: true });
  try {
    return db.transaction(() => [
      ...RULES.flatMap(([sentence, sql]) => inWords(sentence, db.prepare<[], string>(sql).pluck().all())),
      ...inWords('I5: beskeder of a citizen are not in the order of the versions', outOfOrder(db)),
      ...inWords('I6: the audit trail', badEntries(db)),
      ...inWords('I7: two forløb of a citizen overlap', overlapping(db)),
    ])();
  } finally {
    db.close();
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
function outOfOrder(db: Db): string[] {
  const rows = db
    .prepare<[], QueuedRow>(
      `SELECT b.besked_nr AS nr, b.personnummer, b.modtager, b.forloeb_id AS forloebId, b.version,
              b.delivered_in AS deliveredIn, e.seq AS saved, l.seq IS NOT NULL AS late
         FROM besked AS b
         LEFT JOIN audit_entry AS e ON e.forloeb_id = b.forloeb_id AND e.version = b.version AND e.${SAVED}
         LEFT JOIN (SELECT min(seq) AS seq, forloeb_id, version FROM audit_entry
                     WHERE operation IN ('FrigivBesked', 'GenskabBesked') GROUP BY forloeb_id, version) AS l
           ON l.forloeb_id = b.forloeb_id AND l.version = b.version
        WHERE b.modtager IS NOT NULL ORDER BY b.besked_nr`,
    )
    .all();
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
function badEntries(db: Db): string[] {
  const reader = auditReader(db);
  const broken: string[] = [];
  let seq = 0;
  for (let page = reader.entries({ after: 0, limit: 1_000 }); page.length > 0; ) {
    for (const stored of page) {
      if (stored.entry.seq !== seq + 1) broken.push(`entry ${seq + 1} is missing`);
      seq = stored.entry.seq;
      const { problem } = checkStored(stored);
      if (problem !== undefined) broken.push(`entry ${seq}: ${problem}`);
    }
    page = reader.entries({ after: seq, limit: 1_000 });
  }
  const { entries } = reader.counters();
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
function overlapping(db: Db): string[] {
  const rows = db
    .prepare<[], PeriodRow>(
      'SELECT forloeb_id AS id, personnummer, overgangsdato AS start, ophoersdato AS slut FROM forloeb',
    )
    .all()
    .filter(({ start }) => start !== null);
  const ofBorger = Map.groupBy(rows, ({ personnummer }) => personnummer);
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
export async function checkInvariants(store: string, asked?: AskedOf): Promise<string[]> {
  return [
    ...brokenInvariants(store),
    ...(await unverified(store)),
    ...(asked === undefined ? [] : unaudited(store, asked)),
  ];
}

async function unverified(store: string): Promise<string[]> {
  const audit = openSqliteAudit(store, true);
  try {
    const checked = async function* (): AsyncGenerator<CheckedEntry> {
      for await (const stored of allEntries(audit)) yield checkStored(stored);
    };
    const counters = await audit.counters();
    const verdict = await verifyTrail({ entries: checked(), seals: allSeals(audit), counters });
    return verdict.ok
      ? []
      : [`I6: the audit trail does not verify at entry ${verdict.seq}: ${verdict.grund}`];
  } finally {
    await audit.close();
  }
}

/** Each answered request has its entry, and there are no more entries than there were requests. */
function unaudited(store: string, { answered, counted = 0, unanswered }: AskedOf): string[] {
  const db = new Database(store, { readonly: true });
  try {
    const entries = new Map(
      db
        .prepare<[], [string, number | null]>(
          `SELECT correlation_id, fejlkode FROM audit_entry WHERE operation IS NULL OR operation IN ${CALLS}`,
        )
        .raw()
        .all(),
    );
    const calls = db
      .prepare<[], number>(
        `SELECT (SELECT total(coalesce(antal, 1)) FROM audit_entry WHERE operation IS NULL OR operation IN ${CALLS})
              + (SELECT total(antal) FROM audit_gathering)`,
      )
      .pluck()
      .get()!;
    const unmatched = answered
      .filter(({ fejlkode }) => !GATHERED.includes(fejlkode ?? 0))
      .filter(({ correlationId, fejlkode = null }) => entries.get(correlationId) !== fejlkode)
      .map(({ correlationId }) => correlationId);
    const least = answered.length + counted;
    return [
      ...inWords('I6: an answered call does not have its entry', unmatched),
      ...(calls >= least && calls <= least + unanswered
        ? []
        : [`I6: ${calls} entries of calls, for ${least} that were answered and ${unanswered} that were not`]),
    ];
  } finally {
    db.close();
  }
}

/** Refusals that share an entry. */
const GATHERED = [1101, 1012];

// Reads the audit trail page by page: entries by what they say, seals, and what is being gathered.

import type { NewAuditEntry, StoredEntry } from '../../access/audit/entry.ts';
import type { FullSeal } from '../../access/audit/seal.ts';
import { ENTRY_COLUMNS, type SealRow, toSeal, toStored } from '../kept/audit.ts';
import { conditionsOf, type FilterDialect } from '../kept/audit-filter.ts';
import { type GatheringRow, gatheredEntry } from '../kept/gathering.ts';
import type { AuditPage, AuditReader } from '../store.ts';
import type { Session } from './connection.ts';

/** Reads on a connection, which need not be one that may write. */
export const auditReader = (session: Session): AuditReader => ({
  async entries({ after, limit, filter = {} }: AuditPage): Promise<StoredEntry[]> {
    const { where, values } = conditionsOf(filter, DIALECT);
    const rows = await session.all<Record<string, unknown>>(
      `SELECT ${ENTRY_COLUMNS}, encode(salt, 'hex') AS salt, encode(digest, 'hex') AS digest FROM audit_entry
        WHERE ${['seq > $1', ...where].join(' AND ')} ORDER BY seq LIMIT $2`,
      [whole(after), limit, ...values],
    );
    return rows.map((row) => toStored(Object.values(row)));
  },
  seals: async ({ after, limit }): Promise<FullSeal[]> =>
    (
      await session.all<SealRow>('SELECT * FROM audit_seal WHERE nr > $1 ORDER BY nr LIMIT $2', [
        whole(after),
        limit,
      ])
    ).map(toSeal),
  gathering: async (): Promise<NewAuditEntry[]> =>
    (
      await session.all<GatheringRow>(
        'SELECT * FROM audit_gathering ORDER BY minut, tidspunkt, fejlkode, hvem',
      )
    ).map(gatheredEntry),
  async counters() {
    const counters = await session.all<{ readonly name: string; readonly value: number }>(
      'SELECT name, value FROM audit_counter',
    );
    const of = (counted: string): number => counters.find(({ name }) => name === counted)?.value ?? 0;
    return { entries: of('audit_entry'), seals: of('audit_seal') };
  },
});

/** Two values come before those of the filter. */
const DIALECT: FilterDialect = {
  placeholder: (place) => `$${place + 2}`,
  entriesOf: (personnummer) => `SELECT e.seq FROM audit_entry AS e WHERE e.personnummer = ${personnummer}`,
};

/** A number that a bigint can be: before all numbers is before the least of those. */
const whole = (after: number): number => Math.max(after, Number.MIN_SAFE_INTEGER);

// Reads the audit trail page by page: entries by what they say, seals, and what is being gathered.

import type { NewAuditEntry, StoredEntry } from '../../access/audit/entry.ts';
import type { FullSeal } from '../../access/audit/seal.ts';
import { ENTRY_COLUMNS, type SealRow, toSeal, toStored } from '../kept/audit.ts';
import { conditionsOf } from '../kept/audit-filter.ts';
import { type GatheringRow, gatheredEntry } from '../kept/gathering.ts';
import type { AuditCounters, AuditPage } from '../store.ts';
import { entriesOfBorger } from './audit-by-borger.ts';
import type { Connection } from './connection.ts';

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
      const { where, values } = conditionsOf(filter, { placeholder: () => '?', entriesOf: entriesOfBorger });
      const rows = db
        .prepare<unknown[], unknown[]>(
          `SELECT ${ENTRY_COLUMNS}, iif(salt IS NULL, NULL, lower(hex(salt))), lower(hex(digest)) FROM audit_entry
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

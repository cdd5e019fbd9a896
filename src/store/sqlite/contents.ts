// How much a store holds, and how far its audit trail goes.

import type { StoreContents } from '../verify/rows.ts';
import type { Connection } from './connection.ts';

/** Counts, in the transaction of the caller. */
export function contentsOf(db: Connection): StoreContents {
  const one = <T>(sql: string): T | undefined => db.prepare<[], T>(sql).pluck().get();
  const count = (table: string): number => one<number>(`SELECT count(*) FROM ${table}`)!;
  const newest = db
    .prepare<[], { seq: number; tidspunkt: string }>(
      'SELECT seq, tidspunkt FROM audit_entry ORDER BY seq DESC LIMIT 1',
    )
    .get();
  const lastSeal = db
    .prepare<[], { nr: number; hash: string }>('SELECT nr, hash FROM audit_seal ORDER BY nr DESC LIMIT 1')
    .get();
  return {
    schema: one<string>('SELECT name FROM migration ORDER BY number DESC LIMIT 1')!,
    forloeb: count('forloeb'),
    versions: count('forloeb_version'),
    beskeder: count('besked'),
    medlemskaber: count('medlemskab'),
    entries: newest?.seq ?? 0,
    ...(newest && { newestEntry: newest.tidspunkt }),
    ...(lastSeal && { lastSeal }),
  };
}

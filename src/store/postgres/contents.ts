// How much a store holds, and how far its audit trail goes.

import type { StoreContents } from '../verify/rows.ts';
import type { Session } from './connection.ts';

/** Counts, in the transaction of the caller. */
export async function contentsOf(session: Session): Promise<StoreContents> {
  const counts = (await session.one<
    Pick<StoreContents, 'schema' | 'forloeb' | 'versions' | 'beskeder' | 'medlemskaber'>
  >(
    `SELECT (SELECT name FROM migration ORDER BY number DESC LIMIT 1) AS schema,
            (SELECT count(*) FROM forloeb) AS forloeb, (SELECT count(*) FROM forloeb_version) AS versions,
            (SELECT count(*) FROM besked) AS beskeder, (SELECT count(*) FROM medlemskab) AS medlemskaber`,
  ))!;
  const newest = await session.one<{ readonly seq: number; readonly tidspunkt: string }>(
    'SELECT seq, tidspunkt FROM audit_entry ORDER BY seq DESC LIMIT 1',
  );
  const lastSeal = await session.one<{ readonly nr: number; readonly hash: string }>(
    'SELECT nr, hash FROM audit_seal ORDER BY nr DESC LIMIT 1',
  );
  return {
    ...counts,
    entries: newest?.seq ?? 0,
    ...(newest && { newestEntry: newest.tidspunkt }),
    ...(lastSeal && { lastSeal }),
  };
}

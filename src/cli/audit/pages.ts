// The audit trail from its first page to its last, one by one.

import type { StoredEntry } from '../../access/audit/entry.ts';
import type { FullSeal } from '../../access/audit/seal.ts';
import type { AuditFilter, AuditReader } from '../../store/store.ts';

/** Rows that are read at a time. */
const PAGE = 2_000;
/** Seals are larger. */
const SEAL_PAGE = 50;

/** Before every number, also before those that the trail never gives: a hand at the store could have. */
const BEGINNING = Number.NEGATIVE_INFINITY;

/** Every entry that the filter lets through, in order, or those after a number. */
export async function* allEntries(
  audit: AuditReader,
  filter?: AuditFilter,
  from = BEGINNING,
): AsyncGenerator<StoredEntry> {
  for (let after = from; ; ) {
    const page = await audit.entries({ after, limit: PAGE, ...(filter && { filter }) });
    yield* page;
    if (page.length < PAGE) return;
    after = page.at(-1)!.entry.seq;
  }
}

/** Every seal, in order. */
export async function* allSeals(audit: AuditReader): AsyncGenerator<FullSeal> {
  for (let after = BEGINNING; ; ) {
    const page = await audit.seals({ after, limit: SEAL_PAGE });
    yield* page;
    if (page.length < SEAL_PAGE) return;
    after = page.at(-1)!.nr;
  }
}

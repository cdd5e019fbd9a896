// I6: the audit trail is whole, as `pension audit verify` finds it, and holds the seal that was noted elsewhere.

import { checkStored } from '../../access/audit/digest.ts';
import { type CheckedEntry, verifyTrail } from '../../access/audit/verify.ts';
import type { StoreCheck } from './check.ts';
import type { StoreRows } from './rows.ts';

/** I6: entries and seals. */
export const TRAIL_VERIFIES: StoreCheck = {
  id: 'I6',
  says: 'the audit trail verifies: nothing in it was changed, removed, added or moved',
  counts: 'entries',
  async *find({ trail }, { noted, tally }) {
    const counters = await trail.counters();
    const verdict = await verifyTrail(
      { entries: checked(trail, tally), seals: trail.seals(), counters },
      noted,
    );
    if (!verdict.ok) yield `audit entry ${verdict.seq}: ${verdict.grund} (the first bad one)`;
  },
};

async function* checked(trail: StoreRows['trail'], tally: () => void): AsyncGenerator<CheckedEntry> {
  for await (const stored of trail.entries()) {
    tally();
    yield checkStored(stored);
  }
}

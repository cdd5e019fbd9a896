// Verifies the trail of an open store as `pension audit verify` does.

import { checkStored } from '../../../src/access/audit/digest.ts';
import { type NotedSeal, type Verdict, verifyTrail } from '../../../src/access/audit/verify.ts';
import { allEntries, allSeals } from '../../../src/cli/audit/pages.ts';
import type { AuditReader } from '../../../src/store/store.ts';

/** What the verification says of it. */
export async function verifyReader(audit: AuditReader, noted?: NotedSeal): Promise<Verdict> {
  async function* checked() {
    for await (const stored of allEntries(audit)) yield checkStored(stored);
  }
  const counters = await audit.counters();
  return verifyTrail({ entries: checked(), seals: allSeals(audit), counters }, noted);
}

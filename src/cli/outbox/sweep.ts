// The sweep as the command makes it: what was found, and what became of each besked that was queued again.

import type { BeskedAarsag } from '../../domain/besked-modtager.ts';
import type { AkasseKode } from '../../domain/medlemskab.ts';
import type { MissingBesked, OutboxSweep, SweepResult } from '../../store/outbox.ts';
import type { Store } from '../../store/store.ts';
import { allEntries } from '../audit/pages.ts';
import { type Shown, shown } from './shown.ts';

/** A version without its besked; with where that goes, once it has been queued again. */
export interface SweptVersion extends Shown<MissingBesked> {
  readonly modtager?: AkasseKode;
  readonly modtagerAarsag?: BeskedAarsag;
}

/** What a sweep found and did. */
export interface Swept extends Omit<SweepResult, 'missing'> {
  readonly missing: readonly SweptVersion[];
}

/** Sweeps, and reads in the trail what was decided for each. */
export async function sweepOutbox(store: Store, sweep: OutboxSweep): Promise<Swept> {
  const { entries: before } = await store.audit.counters();
  const { missing, ...counts } = await store.outbox.sweep(sweep);
  const decided = new Map<string, Pick<SweptVersion, 'modtager' | 'modtagerAarsag'>>();
  if (counts.recreated > 0) {
    const equals = { operation: 'GenskabBesked', correlationId: sweep.entry.correlationId };
    for await (const { entry } of allEntries(store.audit, { equals }, before)) {
      decided.set(`${entry.forloebId} ${entry.version}`, {
        ...(entry.modtager && { modtager: entry.modtager as AkasseKode }),
        modtagerAarsag: entry.modtagerAarsag as BeskedAarsag,
      });
    }
  }
  return {
    ...counts,
    missing: missing.map((version) => ({
      ...shown(version),
      ...decided.get(`${version.forloebId} ${version.version}`),
    })),
  };
}

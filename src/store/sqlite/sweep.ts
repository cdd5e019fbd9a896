// Looks for versions without the besked they owe, which the database itself forbids, and queues what is missing.

import type { NewAuditEntry } from '../../access/audit/entry.ts';
import { type BeskedAarsag, findModtager } from '../../domain/besked-modtager.ts';
import type { AkasseKode } from '../../domain/medlemskab.ts';
import { indholdDetaljer } from '../indhold.ts';
import type { BeskedModtager } from '../kept/besked.ts';
import { DECIDES_MODTAGER } from '../kept/decisions.ts';
import { type Gap, inOrderOfPlaces, named } from '../kept/gap.ts';
import type { MissingBesked, OutboxSweep, SweepResult } from '../outbox.ts';
import type { StorePorts } from '../store.ts';
import { entriesOfBorger } from './audit-by-borger.ts';
import { versionNrOf } from './besked.ts';
import type { Connection } from './connection.ts';
import type { Statements } from './statements.ts';
import type { Transactions } from './transactions.ts';

/** The steps of a sweep, prepared once for a connection. They run inside the caller's transaction. */
export function makeSweep(db: Connection, statements: Statements, ports: Pick<StorePorts, 'newId'>) {
  const versions = db.prepare<[], number>('SELECT count(*) FROM forloeb_version').pluck();
  const missing = db.prepare<[], Gap>(
    `SELECT v.forloeb_id AS forloebId, v.version, v.personnummer,
            coalesce((SELECT max(b.besked_nr) FROM forloeb_version AS e JOIN besked AS b USING (version_nr)
                       WHERE e.forloeb_id = v.forloeb_id AND e.version < v.version), 0) AS earlier,
            EXISTS (SELECT 1 FROM forloeb_version AS s JOIN besked AS b USING (version_nr)
                     WHERE s.forloeb_id = v.forloeb_id AND s.version > v.version) AS hasLater
       FROM forloeb_version AS v
      WHERE NOT EXISTS (SELECT 1 FROM besked AS b WHERE b.version_nr = v.version_nr)
      ORDER BY v.indberettet, v.forloeb_id, v.version`,
  );
  const exists = db
    .prepare<[string, number], 1>(`SELECT 1 FROM besked WHERE version_nr = ${versionNrOf('?', '?')}`)
    .pluck();
  // What the trail last said of the recipient, which is decided once: with the Save, or when the besked was released.
  const decided = db.prepare<
    { forloebId: string; version: number; personnummer: string },
    { modtager: AkasseKode | null; aarsag: BeskedAarsag | null }
  >(
    `SELECT modtager, modtager_aarsag AS aarsag FROM audit_entry
      WHERE seq IN (${entriesOfBorger(':personnummer')}) AND forloeb_id = :forloebId AND version = :version
        AND ${DECIDES_MODTAGER} ORDER BY seq DESC LIMIT 1`,
  );

  const modtagerOf = (besked: MissingBesked, { idag, afloesere }: OutboxSweep): BeskedModtager => {
    const { forloebId, version, personnummer } = besked;
    const kept = decided.get({ forloebId, version, personnummer });
    if (kept?.aarsag) return { aarsag: kept.aarsag, ...(kept.modtager && { akasse: kept.modtager }) };
    return findModtager(statements.medlemskab.ofBorger(personnummer), idag, afloesere);
  };
  const recreate = (besked: MissingBesked, sweep: OutboxSweep, now: Date): MissingBesked => {
    // Another sweep may have been there first.
    if (exists.get(besked.forloebId, besked.version)) return besked;
    const owed = modtagerOf(besked, sweep);
    const { akasse, aarsag } = statements.requeue(besked, owed, ports.newId(), sweep.afloesere, now);
    const became = { ...(akasse && { modtager: akasse }), modtagerAarsag: aarsag };
    statements.audit.add({
      ...sweep.entry,
      operation: 'GenskabBesked',
      personnummer: besked.personnummer,
      forloebId: besked.forloebId,
      version: besked.version,
      detaljer: indholdDetaljer(statements.forloeb.indhold(besked.forloebId, besked.version)),
      ...became,
    } satisfies NewAuditEntry);
    return { ...besked, ...became };
  };
  return {
    /** Looks, and keeps the entry that says so. */
    look(sweep: OutboxSweep): { readonly versions: number; readonly missing: readonly Gap[] } {
      const found = { versions: versions.get()!, missing: inOrderOfPlaces(missing.all()) };
      const counts = { versions: found.versions, missing: found.missing.length, recreate: sweep.recreate };
      statements.audit.add({ ...sweep.entry, detaljer: JSON.stringify(counts) });
      return found;
    },
    /** Queues some of what was found, in that order. */
    recreate: (gaps: readonly Gap[], sweep: OutboxSweep, now: Date): MissingBesked[] =>
      gaps.map((gap) => recreate(named(gap), sweep, now)),
  };
}

/** Looks, and queues what is missing in transactions of so many, so that calls come in between. */
export async function sweepOutbox(
  { look, recreate }: ReturnType<typeof makeSweep>,
  run: Transactions['run'],
  sweep: OutboxSweep,
  now: () => Date,
): Promise<SweepResult> {
  const { versions, missing } = await run(() => look(sweep));
  if (!sweep.recreate) return { versions, missing: missing.map(named), recreated: 0 };
  const done: MissingBesked[] = [];
  for (let at = 0; at < missing.length; at += PAGE) {
    done.push(...(await run(() => recreate(missing.slice(at, at + PAGE), sweep, now()))));
  }
  return { versions, missing: done, recreated: done.length };
}

/** Beskeder that are queued again in one transaction. */
const PAGE = 100;

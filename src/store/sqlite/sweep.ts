// Looks for versions without the besked they owe, which the database itself forbids, and queues what is missing.

import type { NewAuditEntry } from '../../access/audit/entry.ts';
import { type BeskedAarsag, findModtager } from '../../domain/besked-modtager.ts';
import type { AkasseKode } from '../../domain/medlemskab.ts';
import type { MissingBesked, OutboxSweep, SweepResult } from '../outbox.ts';
import type { StorePorts } from '../store.ts';
import type { BeskedModtager } from './besked.ts';
import type { Connection } from './connection.ts';
import type { Statements } from './statements.ts';

/** Makes the sweep of a connection. It runs inside the caller's transaction. */
export function makeSweep(db: Connection, statements: Statements, ports: Pick<StorePorts, 'newId'>) {
  const versions = db.prepare<[], number>('SELECT count(*) FROM forloeb_version').pluck();
  const missing = db.prepare<[], MissingBesked>(
    `SELECT v.forloeb_id AS forloebId, v.version, v.personnummer FROM forloeb_version AS v
      WHERE NOT EXISTS (SELECT 1 FROM besked AS b WHERE b.forloeb_id = v.forloeb_id AND b.version = v.version)
      ORDER BY v.indberettet, v.forloeb_id, v.version`,
  );
  // What the trail says of the recipient, which was decided once, with the Save.
  const decided = db.prepare<
    { forloebId: string; version: number; personnummer: string },
    { modtager: AkasseKode | null; aarsag: BeskedAarsag | null }
  >(
    `SELECT modtager, modtager_aarsag AS aarsag FROM audit_entry
      WHERE personnummer = :personnummer AND forloeb_id = :forloebId AND version = :version
        AND operation IN ('SaveTidligPension', 'FrigivBesked') AND udfald = 'udfoert' ORDER BY seq DESC LIMIT 1`,
  );

  const modtagerOf = (besked: MissingBesked, sweep: OutboxSweep): BeskedModtager => {
    const kept = decided.get({ ...besked });
    if (kept?.aarsag) return { aarsag: kept.aarsag, ...(kept.modtager && { akasse: kept.modtager }) };
    return findModtager(statements.medlemskab.ofBorger(besked.personnummer), sweep.idag, sweep.afloesere);
  };
  const recreate = (besked: MissingBesked, sweep: OutboxSweep, now: Date): void => {
    const owed = modtagerOf(besked, sweep);
    const modtager = statements.besked.requeue(besked, owed, ports.newId(), sweep.afloesere, now);
    statements.audit.add({
      ...sweep.entry,
      operation: 'GenskabBesked',
      personnummer: besked.personnummer,
      forloebId: besked.forloebId,
      version: besked.version,
      modtagerAarsag: modtager.aarsag,
      ...(modtager.akasse && { modtager: modtager.akasse }),
    } satisfies NewAuditEntry);
  };
  return (sweep: OutboxSweep, now: Date): SweepResult => {
    const found = missing.all();
    const recreated = sweep.recreate ? found.length : 0;
    if (sweep.recreate) for (const besked of found) recreate(besked, sweep, now);
    const counts = { versions: versions.get()!, missing: found.length, recreated };
    statements.audit.add({ ...sweep.entry, detaljer: JSON.stringify(counts) });
    return { versions: counts.versions, missing: found, recreated };
  };
}

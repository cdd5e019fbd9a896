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
import { type Session, statement } from './connection.ts';
import type { Statements } from './statements.ts';

const VERSIONS = statement('SELECT count(*) AS antal FROM forloeb_version');
const MISSING = statement(
  `SELECT v.forloeb_id AS "forloebId", v.version, v.personnummer,
          coalesce((SELECT max(b.besked_nr) FROM besked AS b
                     WHERE b.personnummer = v.personnummer AND b.forloeb_id = v.forloeb_id AND b.version < v.version), 0)
            AS earlier,
          EXISTS (SELECT 1 FROM besked AS b
                   WHERE b.personnummer = v.personnummer AND b.forloeb_id = v.forloeb_id AND b.version > v.version)
            AS "hasLater"
     FROM forloeb_version AS v
    WHERE NOT EXISTS (SELECT 1 FROM besked AS b
                       WHERE b.personnummer = v.personnummer AND b.forloeb_id = v.forloeb_id AND b.version = v.version)
    ORDER BY v.indberettet, v.forloeb_id, v.version`,
);
const EXISTS = statement(
  'SELECT 1 AS found FROM besked WHERE personnummer = $1 AND forloeb_id = $2 AND version = $3',
);
// What the trail last said of the recipient, which is decided once: with the Save, or when the besked was released.
const DECIDED = statement(
  `SELECT modtager, modtager_aarsag AS aarsag FROM (
     SELECT seq AS nr, true AS numbered, personnummer, forloeb_id, version, operation, udfald, modtager, modtager_aarsag
       FROM audit_entry WHERE personnummer = $1
     UNION ALL
     SELECT nr, false, personnummer, forloeb_id, version, operation, udfald, modtager, modtager_aarsag
       FROM audit_intake WHERE personnummer = $1) AS entry
    WHERE forloeb_id = $2 AND version = $3
      AND ${DECIDES_MODTAGER} ORDER BY numbered, nr DESC LIMIT 1`,
);

interface Decided {
  readonly modtager: AkasseKode | null;
  readonly aarsag: BeskedAarsag | null;
}

/** Looks, and keeps the entry that says so, in the caller's transaction. */
async function look(session: Session, statements: Statements, sweep: OutboxSweep) {
  const { antal } = (await session.one<{ readonly antal: number }>(VERSIONS))!;
  const found = { versions: antal, missing: inOrderOfPlaces(await session.all<Gap>(MISSING)) };
  const counts = { versions: antal, missing: found.missing.length, recreate: sweep.recreate };
  await statements.audit.add({ ...sweep.entry, detaljer: JSON.stringify(counts) });
  return found;
}

async function modtagerOf(
  session: Session,
  statements: Statements,
  { forloebId, version, personnummer }: MissingBesked,
  { idag, afloesere }: OutboxSweep,
): Promise<BeskedModtager> {
  const kept = await session.one<Decided>(DECIDED, [personnummer, forloebId, version]);
  if (kept?.aarsag) return { aarsag: kept.aarsag, ...(kept.modtager && { akasse: kept.modtager }) };
  return findModtager(await statements.medlemskab.ofBorger(personnummer), idag, afloesere);
}

/** Queues one that is missing, in the caller's transaction, in which nobody else locks many citizens. */
async function recreate(
  session: Session,
  statements: Statements,
  besked: MissingBesked,
  sweep: OutboxSweep,
  ports: Pick<StorePorts, 'newId' | 'now'>,
): Promise<MissingBesked> {
  const { forloebId, version, personnummer } = besked;
  await statements.forloeb.lock(personnummer);
  // Another sweep may have been there first.
  if ((await session.one(EXISTS, [personnummer, forloebId, version])) !== undefined) return besked;
  const owed = await modtagerOf(session, statements, besked, sweep);
  const { akasse, aarsag } = await statements.requeue(
    besked,
    owed,
    ports.newId(),
    sweep.afloesere,
    ports.now(),
  );
  const became = { ...(akasse && { modtager: akasse }), modtagerAarsag: aarsag };
  await statements.audit.add({
    ...sweep.entry,
    operation: 'GenskabBesked',
    personnummer,
    forloebId,
    version,
    detaljer: indholdDetaljer(await statements.forloeb.indhold(personnummer, forloebId, version)),
    ...became,
  } satisfies NewAuditEntry);
  return { ...besked, ...became };
}

/** Beskeder that are queued again in one transaction. */
const PAGE = 100;

/** Looks, and queues what is missing in transactions of so many, so that calls come in between. */
export async function sweepOutbox(
  run: <T>(work: (statements: Statements, session: Session) => Promise<T>) => Promise<T>,
  sweep: OutboxSweep,
  ports: Pick<StorePorts, 'newId' | 'now'>,
): Promise<SweepResult> {
  const { versions, missing } = await run((statements, session) => look(session, statements, sweep));
  if (!sweep.recreate) return { versions, missing: missing.map(named), recreated: 0 };
  const done: MissingBesked[] = [];
  for (let at = 0; at < missing.length; at += PAGE) {
    await run(async (statements, session) => {
      await statements.lockMany();
      await statements.sequence.lockAll();
      const page: MissingBesked[] = [];
      for (const gap of missing.slice(at, at + PAGE))
        page.push(await recreate(session, statements, named(gap), sweep, ports));
      return page;
    }).then((page) => done.push(...page));
  }
  return { versions, missing: done, recreated: done.length };
}

// Writes and reads beskeder: one for each version, in the transaction that makes the version, its recipient later where
// it had to wait, and what waits in the queue of an a-kasse.

import type { RegistrationType } from '../../contract/messages.ts';
import type { Besked } from '../../domain/besked.ts';
import type { Modtager, SenereBesked } from '../../domain/besked-modtager.ts';
import type { ForloebVersion } from '../../domain/forloeb.ts';
import type { AkasseKode } from '../../domain/medlemskab.ts';
import type { Personnummer } from '../../domain/personnummer.ts';
import {
  type BeskedIKoe,
  type BeskedModtager,
  type BeskedRow,
  type OwedBesked,
  type Placed,
  toBesked,
  type VentendeBesked,
} from '../kept/besked.ts';
import { demandWritten } from '../kept/row.ts';
import type { Connection } from './connection.ts';

/** The number of a version, as SQL. A besked points at its version by it. */
export const versionNrOf = (forloebId: string, version: string): string =>
  `(SELECT version_nr FROM forloeb_version WHERE forloeb_id = ${forloebId} AND version = ${version})`;

/** The statements on beskeder, prepared once for a connection. They run inside the caller's transaction. */
export function beskedStatements(db: Connection) {
  const insert = db.prepare(
    `INSERT INTO besked (besked_nr, message_identifier, forloeb_id, version, personnummer, registration_type,
                         modtager, modtager_aarsag, event_date, version_nr)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ${versionNrOf('?', '?')})`,
  );
  const borgereThatWait = db
    .prepare<[string, number], Personnummer>(
      `SELECT DISTINCT personnummer FROM besked WHERE modtager IS NULL AND personnummer > ?
        ORDER BY personnummer LIMIT ?`,
    )
    .pluck();
  const waitingOf = db.prepare<[Personnummer], VentendeBesked>(
    `SELECT besked_nr AS beskedNr, forloeb_id AS forloebId, version, modtager_aarsag AS aarsag FROM besked
      WHERE modtager IS NULL AND personnummer = ? ORDER BY besked_nr`,
  );
  const release = db.prepare(
    'UPDATE besked SET modtager = ?, modtager_aarsag = ?, event_date = ? WHERE besked_nr = ?',
  );
  const overtake = db.prepare("UPDATE besked SET modtager_aarsag = 'overhalet' WHERE besked_nr = ?");
  const senere = db.prepare<
    { forloebId: string; version: number; beskedNr: number },
    { modtager: AkasseKode | null; udleveret: 0 | 1; foran: 0 | 1 }
  >(
    `SELECT b.modtager, b.besked_nr < :beskedNr AS foran,
            EXISTS (SELECT 1 FROM besked_handed_out AS h WHERE h.besked_nr = b.besked_nr) AS udleveret
       FROM forloeb_version AS v JOIN besked AS b USING (version_nr)
      WHERE v.forloeb_id = :forloebId AND v.version > :version`,
  );
  const toDeliver = db.prepare<[AkasseKode, number], BeskedIKoe>(
    `SELECT besked_nr AS beskedNr, message_identifier AS messageIdentifier FROM besked
      WHERE modtager = ? AND delivered IS NULL
        AND NOT EXISTS (SELECT 1 FROM sequence_besked AS h JOIN sequence AS s USING (sequence_nr)
                         WHERE h.besked_nr = besked.besked_nr AND s.state = 'open')
      ORDER BY besked_nr LIMIT ?`,
  );
  const heldBy = db.prepare<[number], BeskedRow>(
    `SELECT b.message_identifier, b.registration_type, b.event_date, b.personnummer, b.forloeb_id, b.version,
            v.overgangsdato, v.afgoerelsesdato, v.ophoersdato, v.kompensationsafgoerelsesdato, v.request_user_metadata
       FROM sequence_besked AS h JOIN besked AS b USING (besked_nr) JOIN forloeb_version AS v USING (version_nr)
      WHERE h.sequence_nr = ? ORDER BY h.besked_nr`,
  );
  const add = (
    beskedNr: number | null,
    { forloebId, version, personnummer }: OwedBesked,
    { akasse, aarsag }: BeskedModtager,
    messageIdentifier: string,
    now: Date,
  ): void => {
    const registrationType: RegistrationType = version === 1 ? 'Create' : 'Update';
    const eventDate = akasse === undefined ? null : now.toISOString();
    const { changes } = insert.run(
      beskedNr,
      messageIdentifier,
      forloebId,
      version,
      personnummer,
      registrationType,
      akasse ?? null,
      aarsag,
      eventDate,
      forloebId,
      version,
    );
    demandWritten(changes, 'besked');
  };
  return {
    /** Queues the besked that a version owes; without a recipient it waits. */
    queue: (version: ForloebVersion, modtager: Modtager, messageIdentifier: string, now: Date): void =>
      add(null, version, modtager, messageIdentifier, now),
    /** Queues a besked under that number, or at the end of the queue. */
    add,
    /** The beskeder of later versions of the forløb, seen from the number that this one has, if it has one. */
    senere: ({ forloebId, version, beskedNr = 0 }: Placed): SenereBesked[] =>
      senere.all({ forloebId, version, beskedNr }).map(({ modtager, udleveret, foran }) => ({
        ...(modtager !== null && { modtager }),
        udleveret: udleveret === 1,
        foran: foran === 1,
      })),
    /** Says of a besked that waits that it is not sent, for a later one has been. */
    overtake: (beskedNr: number): void => demandWritten(overtake.run(beskedNr).changes, 'besked'),
    /** Citizens for whom a besked waits, after that one, in order; so many at most. */
    borgereThatWait: (after: string, limit: number): Personnummer[] => borgereThatWait.all(after, limit),
    /** The beskeder of a citizen that wait, in the order of the queue. */
    waitingOf: (personnummer: Personnummer): VentendeBesked[] => waitingOf.all(personnummer),
    /** Gives a besked that has waited its recipient, for ever. */
    release: (beskedNr: number, { akasse, aarsag }: Required<Modtager>, now: Date): void =>
      void release.run(akasse, aarsag, now.toISOString(), beskedNr),
    /** The oldest beskeder that wait under those codes, in order; so many at most. */
    toDeliver: (koder: readonly AkasseKode[], limit: number): BeskedIKoe[] =>
      koder
        .flatMap((kode) => toDeliver.all(kode, limit))
        .sort((a, b) => a.beskedNr - b.beskedNr)
        .slice(0, limit),
    /** What a sequence holds, in order. */
    heldBy: (sequenceNr: number): Besked[] => heldBy.all(sequenceNr).map(toBesked),
  };
}

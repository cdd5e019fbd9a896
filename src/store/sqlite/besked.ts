// Writes and reads beskeder: one for each version, in the transaction that makes the version, its recipient later where
// it had to wait, and what waits in the queue of an a-kasse.

import type { RegistrationType, RequestUserMetadata } from '../../contract/messages.ts';
import type { Besked } from '../../domain/besked.ts';
import type { BeskedAarsag, Modtager } from '../../domain/besked-modtager.ts';
import type { ForloebId, ForloebVersion } from '../../domain/forloeb.ts';
import { type Afloesere, type AkasseKode, sidsteAfloeser } from '../../domain/medlemskab.ts';
import type { Personnummer } from '../../domain/personnummer.ts';
import { demandWritten } from './audit.ts';
import type { Connection } from './connection.ts';
import { type TilstandRow, toTilstand } from './forloeb.ts';

/** A besked without a recipient. */
export interface VentendeBesked {
  readonly beskedNr: number;
  readonly forloebId: ForloebId;
  readonly version: number;
  readonly aarsag: BeskedAarsag;
}

/** Where a besked goes, or why it waits. */
export interface BeskedModtager {
  readonly akasse?: AkasseKode;
  readonly aarsag: BeskedAarsag;
}

/** The besked that a version owes. */
export interface OwedBesked {
  readonly forloebId: ForloebId;
  readonly version: number;
  readonly personnummer: Personnummer;
}

/** A besked in the queue of an a-kasse. */
export interface BeskedIKoe {
  readonly beskedNr: number;
  readonly messageIdentifier: string;
}

interface BeskedRow extends TilstandRow {
  message_identifier: string;
  registration_type: RegistrationType;
  event_date: string;
  personnummer: Personnummer;
  forloeb_id: ForloebId;
  version: number;
  request_user_metadata: string;
}

/** The statements on beskeder, prepared once for a connection. They run inside the caller's transaction. */
export function beskedStatements(db: Connection) {
  const insert = db.prepare(
    `INSERT INTO besked (besked_nr, message_identifier, forloeb_id, version, personnummer, registration_type,
                         modtager, modtager_aarsag, event_date)
     VALUES (:beskedNr, :messageIdentifier, :forloebId, :version, :personnummer, :registrationType,
             :modtager, :aarsag, :eventDate)`,
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
  const handedOutLater = db
    .prepare<[ForloebId, number], AkasseKode>(
      `SELECT b.modtager FROM besked AS b WHERE b.forloeb_id = ? AND b.version > ? AND b.modtager IS NOT NULL
          AND EXISTS (SELECT 1 FROM sequence_besked AS h WHERE h.besked_nr = b.besked_nr)`,
    )
    .pluck();
  // The last number before that of the next version that no besked has; none when there is no next version.
  const placeBefore = db.prepare<
    { forloebId: string; version: number },
    { later: number | null; place: number | null }
  >(
    `WITH around AS (
         SELECT max(iif(version < :version, besked_nr, 0)) AS earlier, min(iif(version > :version, besked_nr, NULL)) AS later
           FROM besked WHERE forloeb_id = :forloebId)
       SELECT later, (SELECT max(b.besked_nr - 1) FROM besked AS b
                       WHERE b.besked_nr <= later AND b.besked_nr - 1 > coalesce(earlier, 0)
                         AND NOT EXISTS (SELECT 1 FROM besked AS a WHERE a.besked_nr = b.besked_nr - 1)) AS place
         FROM around`,
  );
  const toDeliver = db.prepare<[AkasseKode, number], BeskedIKoe>(
    `SELECT besked_nr AS beskedNr, message_identifier AS messageIdentifier FROM besked
      WHERE modtager = ? AND delivered IS NULL ORDER BY besked_nr LIMIT ?`,
  );
  const heldBy = db.prepare<[number], BeskedRow>(
    `SELECT b.message_identifier, b.registration_type, b.event_date, b.personnummer, b.forloeb_id, b.version,
            v.overgangsdato, v.afgoerelsesdato, v.ophoersdato, v.kompensationsafgoerelsesdato, v.request_user_metadata
       FROM sequence_besked AS h JOIN besked AS b USING (besked_nr) JOIN forloeb_version AS v USING (forloeb_id, version)
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
    const { changes } = insert.run({
      beskedNr,
      messageIdentifier,
      forloebId,
      version,
      personnummer,
      registrationType,
      modtager: akasse ?? null,
      aarsag,
      eventDate: akasse === undefined ? null : now.toISOString(),
    });
    demandWritten(changes, 'besked');
  };
  const isOvertaken = (
    { forloebId, version }: Pick<OwedBesked, 'forloebId' | 'version'>,
    akasse: AkasseKode | undefined,
    afloesere: Afloesere,
  ): boolean =>
    handedOutLater.all(forloebId, version).some((other) => sidsteAfloeser(other, afloesere) === akasse);
  return {
    /** Queues the besked that a version owes; without a recipient it waits. */
    queue: (version: ForloebVersion, modtager: Modtager, messageIdentifier: string, now: Date): void =>
      add(null, version, modtager, messageIdentifier, now),
    /**
     * Queues a besked that is missing, in the place that it had. Where that is taken, or a later version has been
     * handed out before it, it is not sent. Gives what it was queued with.
     */
    requeue(
      owed: OwedBesked,
      modtager: BeskedModtager,
      messageIdentifier: string,
      afloesere: Afloesere,
      now: Date,
    ): BeskedModtager {
      const { later, place } = placeBefore.get({ forloebId: owed.forloebId, version: owed.version })!;
      const isLate = later !== null && place === null;
      const used: BeskedModtager =
        isLate || isOvertaken(owed, modtager.akasse, afloesere) ? { aarsag: 'overhalet' } : modtager;
      add(place, owed, used, messageIdentifier, now);
      return used;
    },
    /** Whether a later version of the forløb has been handed out to that a-kasse. */
    isOvertaken,
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

const toBesked = (row: BeskedRow): Besked => ({
  messageIdentifier: row.message_identifier,
  registrationType: row.registration_type,
  eventDate: new Date(row.event_date),
  personnummer: row.personnummer,
  forloebId: row.forloeb_id,
  version: row.version,
  requestUserMetadata: JSON.parse(row.request_user_metadata) as RequestUserMetadata,
  ...toTilstand(row),
});

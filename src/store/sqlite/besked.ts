// Writes the outbox: one besked for each version, in the transaction that makes the version, and its recipient
// later where it had to wait.

import type { Modtager } from '../../domain/besked-modtager.ts';
import type { ForloebId, ForloebVersion } from '../../domain/forloeb.ts';
import type { Personnummer } from '../../domain/personnummer.ts';
import type { Connection } from './connection.ts';

/** A besked without a recipient. */
export interface VentendeBesked {
  readonly beskedNr: number;
  readonly forloebId: ForloebId;
  readonly version: number;
}

/** The statements on beskeder, prepared once for a connection. They run inside the caller's transaction. */
export function beskedStatements(db: Connection) {
  const insert = db.prepare(
    `INSERT INTO besked (message_identifier, forloeb_id, version, personnummer, registration_type,
                         modtager, modtager_aarsag, event_date)
     VALUES (:messageIdentifier, :forloebId, :version, :personnummer, :registrationType,
             :modtager, :aarsag, :eventDate)`,
  );
  const borgereThatWait = db
    .prepare<[string, number], Personnummer>(
      `SELECT DISTINCT personnummer FROM besked WHERE modtager IS NULL AND personnummer > ?
        ORDER BY personnummer LIMIT ?`,
    )
    .pluck();
  const waitingOf = db.prepare<[Personnummer], VentendeBesked>(
    `SELECT besked_nr AS beskedNr, forloeb_id AS forloebId, version FROM besked
      WHERE modtager IS NULL AND personnummer = ? ORDER BY besked_nr`,
  );
  const release = db.prepare(
    'UPDATE besked SET modtager = ?, modtager_aarsag = ?, event_date = ? WHERE besked_nr = ?',
  );
  return {
    /** Queues the besked that a version owes; without a recipient it waits. */
    queue(version: ForloebVersion, modtager: Modtager, messageIdentifier: string, now: Date): void {
      insert.run({
        messageIdentifier,
        forloebId: version.forloebId,
        version: version.version,
        personnummer: version.personnummer,
        registrationType: version.registrationType,
        modtager: modtager.akasse ?? null,
        aarsag: modtager.aarsag,
        eventDate: modtager.akasse === undefined ? null : now.toISOString(),
      });
    },
    /** Citizens for whom a besked waits, after that one, in order; so many at most. */
    borgereThatWait: (after: string, limit: number): Personnummer[] => borgereThatWait.all(after, limit),
    /** The beskeder of a citizen that wait, in the order of the queue. */
    waitingOf: (personnummer: Personnummer): VentendeBesked[] => waitingOf.all(personnummer),
    /** Gives a besked that has waited its recipient, for ever. */
    release: (beskedNr: number, { akasse, aarsag }: Required<Modtager>, now: Date): void =>
      void release.run(akasse, aarsag, now.toISOString(), beskedNr),
  };
}

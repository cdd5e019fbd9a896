// Writes the outbox: one besked for each version, in the transaction that makes the version.

import type { Modtager } from '../../domain/besked-modtager.ts';
import type { ForloebVersion } from '../../domain/forloeb.ts';
import type { Connection } from './connection.ts';

/** The statement on beskeder, prepared once for a connection. It runs inside the caller's transaction. */
export function beskedStatements(db: Connection) {
  const insert = db.prepare(
    `INSERT INTO besked (message_identifier, forloeb_id, version, personnummer, registration_type,
                         modtager, modtager_aarsag, event_date)
     VALUES (:messageIdentifier, :forloebId, :version, :personnummer, :registrationType,
             :modtager, :aarsag, :eventDate)`,
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
  };
}

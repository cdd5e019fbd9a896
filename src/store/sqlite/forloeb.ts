// Reads and writes the forløb of one citizen: the row that stands, and every version behind it.

import type { Forloeb, ForloebId, ForloebVersion } from '../../domain/forloeb.ts';
import type { Personnummer } from '../../domain/personnummer.ts';
import type { VersionIndhold } from '../indhold.ts';
import { type ForloebRow, toForloeb, toRow } from '../kept/tilstand.ts';
import type { SaveCommand } from '../store.ts';
import type { Connection } from './connection.ts';

/** The statements on forløb, prepared once for a connection. They run inside the caller's transaction. */
export function forloebStatements(db: Connection) {
  const ofBorger = db.prepare<[Personnummer], ForloebRow>(
    `SELECT forloeb_id, nr, version, overgangsdato, afgoerelsesdato, ophoersdato, kompensationsafgoerelsesdato
       FROM forloeb WHERE personnummer = ?`,
  );
  // The forløb themselves are found by their citizen only.
  const ejer = db
    .prepare<[ForloebId], Personnummer>(
      'SELECT personnummer FROM forloeb_version WHERE forloeb_id = ? AND version = 1',
    )
    .pluck();
  const insert = db.prepare(
    `INSERT INTO forloeb (forloeb_id, personnummer, nr, version,
                          overgangsdato, afgoerelsesdato, ophoersdato, kompensationsafgoerelsesdato)
     VALUES (:forloebId, :personnummer, :nr, :version,
             :overgangsdato, :afgoerelsesdato, :ophoersdato, :kompensationsafgoerelsesdato)`,
  );
  const update = db.prepare(
    `UPDATE forloeb
        SET version = :version, overgangsdato = :overgangsdato, afgoerelsesdato = :afgoerelsesdato,
            ophoersdato = :ophoersdato, kompensationsafgoerelsesdato = :kompensationsafgoerelsesdato
      WHERE personnummer = :personnummer AND forloeb_id = :forloebId`,
  );
  const insertVersion = db.prepare(
    `INSERT INTO forloeb_version (forloeb_id, version, personnummer, indberettet, correlation_id,
                                  overgangsdato, afgoerelsesdato, ophoersdato, kompensationsafgoerelsesdato,
                                  request_user_metadata)
     VALUES (:forloebId, :version, :personnummer, :indberettet, :correlationId,
             :overgangsdato, :afgoerelsesdato, :ophoersdato, :kompensationsafgoerelsesdato, :requestUserMetadata)`,
  );
  const indhold = db.prepare<[string, number], VersionIndhold>(
    `SELECT v.forloeb_id AS forloebId, v.version, v.overgangsdato, v.afgoerelsesdato, v.ophoersdato,
            v.kompensationsafgoerelsesdato, v.indberettet, v.request_user_metadata AS requestUserMetadata,
            b.message_identifier AS messageIdentifier
       FROM forloeb_version AS v JOIN besked AS b USING (forloeb_id, version)
      WHERE v.forloeb_id = ? AND v.version = ?`,
  );
  return {
    /** What a version says, as it is kept, with the identifier that its besked has now. */
    indhold: (id: string, version: number): VersionIndhold => indhold.get(id, version)!,
    /** Every forløb of the citizen, latest versions, in no order. */
    ofBorger: (personnummer: Personnummer): Forloeb[] => ofBorger.all(personnummer).map(toForloeb),
    /** The citizen to whom an identifier belongs. */
    ejer: (id: ForloebId): Personnummer | undefined => ejer.get(id),
    /** Keeps a new version and makes it the one that stands. Gives what it says, as it is kept. */
    keep(version: ForloebVersion, { kald, messageIdentifier }: SaveCommand): VersionIndhold {
      const row = { ...toRow(version), forloebId: version.forloebId, version: version.version };
      const { personnummer, nr } = version;
      if (version.registrationType === 'Create') insert.run({ ...row, personnummer, nr });
      else update.run({ ...row, personnummer });
      const indberettet = kald.modtaget.toISOString();
      const requestUserMetadata = JSON.stringify(kald.requestUserMetadata);
      const { correlationId } = kald;
      insertVersion.run({ ...row, personnummer, indberettet, correlationId, requestUserMetadata });
      return { ...row, indberettet, requestUserMetadata, messageIdentifier };
    },
  };
}

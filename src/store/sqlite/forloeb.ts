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
  // Values by their place: to look each up by its name is a good part of what a Save costs.
  const insert = db.prepare(
    `INSERT INTO forloeb (overgangsdato, afgoerelsesdato, ophoersdato, kompensationsafgoerelsesdato,
                          version, personnummer, forloeb_id, nr)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const update = db.prepare(
    `UPDATE forloeb
        SET overgangsdato = ?, afgoerelsesdato = ?, ophoersdato = ?, kompensationsafgoerelsesdato = ?, version = ?
      WHERE personnummer = ? AND forloeb_id = ?`,
  );
  const insertVersion = db.prepare(
    `INSERT INTO forloeb_version (overgangsdato, afgoerelsesdato, ophoersdato, kompensationsafgoerelsesdato,
                                  version, personnummer, forloeb_id, indberettet, correlation_id, request_user_metadata)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const indhold = db.prepare<[string, number], VersionIndhold>(
    `SELECT v.forloeb_id AS forloebId, v.version, v.overgangsdato, v.afgoerelsesdato, v.ophoersdato,
            v.kompensationsafgoerelsesdato, v.indberettet, v.request_user_metadata AS requestUserMetadata,
            b.message_identifier AS messageIdentifier
       FROM forloeb_version AS v JOIN besked AS b USING (version_nr)
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
      const tilstand = toRow(version);
      const { forloebId, personnummer } = version;
      const values = [
        ...[tilstand.overgangsdato, tilstand.afgoerelsesdato, tilstand.ophoersdato],
        ...[tilstand.kompensationsafgoerelsesdato, version.version, personnummer, forloebId],
      ];
      if (version.registrationType === 'Create') insert.run(...values, version.nr);
      else update.run(...values);
      const indberettet = kald.modtaget.toISOString();
      const requestUserMetadata = JSON.stringify(kald.requestUserMetadata);
      insertVersion.run(...values, indberettet, kald.correlationId, requestUserMetadata);
      return {
        ...tilstand,
        ...{ forloebId, version: version.version, indberettet, requestUserMetadata, messageIdentifier },
      };
    },
  };
}

// Reads and locks what is known of one citizen. What a Save does is in the function of the database.

import type { Personnummer } from '../../domain/personnummer.ts';
import type { VersionIndhold } from '../indhold.ts';
import { type Session, statement } from './connection.ts';

const LOCK = statement('SELECT lock_borger($1)');
const INDHOLD = statement(
  `SELECT v.forloeb_id AS "forloebId", v.version, v.overgangsdato, v.afgoerelsesdato, v.ophoersdato,
          v.kompensationsafgoerelsesdato, v.indberettet, v.request_user_metadata AS "requestUserMetadata",
          b.message_identifier AS "messageIdentifier"
     FROM forloeb_version AS v JOIN besked AS b USING (personnummer, forloeb_id, version)
    WHERE v.personnummer = $1 AND v.forloeb_id = $2 AND v.version = $3`,
);

/** The statements on forløb, in the caller's transaction. */
export const forloebStatements = (session: Session) => ({
  /** Waits until nobody else changes anything of the citizen, until the transaction ends. */
  lock: async (personnummer: Personnummer): Promise<void> => void (await session.run(LOCK, [personnummer])),
  /** What a version says, as it is kept, with the identifier that its besked has now. */
  indhold: async (personnummer: Personnummer, id: string, version: number): Promise<VersionIndhold> =>
    (await session.one<VersionIndhold>(INDHOLD, [personnummer, id, version]))!,
});

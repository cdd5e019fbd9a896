// Writes and reads beskeder: what waits for a recipient, and what waits in the queue of an a-kasse. That of a Save is
// queued by the function of the database.

import type { RegistrationType } from '../../contract/messages.ts';
import type { Besked } from '../../domain/besked.ts';
import type { Modtager, SenereBesked } from '../../domain/besked-modtager.ts';
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
import { type Session, statement } from './connection.ts';

/** What is queued or released later for a citizen has no earlier event date, whatever clock that went by. */
const eventDate = (now: string, personnummer: string): string =>
  `greatest(${now} COLLATE "C", (SELECT max(event_date) FROM besked WHERE personnummer = ${personnummer}))`;

// Types are said where a parameter stands beside a column of a domain and beside text, too.
const INSERT = statement(
  `INSERT INTO besked (besked_nr, message_identifier, forloeb_id, version, personnummer, registration_type,
                       modtager, modtager_aarsag, event_date)
   VALUES (coalesce($1, nextval('besked_nr')), $2, $3, $4, $5::text, $6, $7::text, $8,
           CASE WHEN $7::text IS NOT NULL THEN ${eventDate('$9', '$5::text')} END)`,
);
const BORGERE_THAT_WAIT = statement(
  `SELECT DISTINCT personnummer FROM besked WHERE modtager IS NULL AND personnummer > $1
    ORDER BY personnummer LIMIT $2`,
);
const WAITING_OF = statement(
  `SELECT besked_nr AS "beskedNr", forloeb_id AS "forloebId", version, modtager_aarsag AS aarsag FROM besked
    WHERE modtager IS NULL AND personnummer = $1 ORDER BY besked_nr`,
);
const RELEASE = statement(
  `UPDATE besked SET modtager = $3, modtager_aarsag = $4, event_date = ${eventDate('$5', '$1')}
    WHERE personnummer = $1 AND besked_nr = $2`,
);
const OVERTAKE = statement(
  `UPDATE besked SET modtager_aarsag = 'overhalet' WHERE personnummer = $1 AND besked_nr = $2`,
);
const SENERE = statement(
  `SELECT b.modtager, b.besked_nr < $4 AS foran,
          EXISTS (SELECT 1 FROM besked_handed_out AS h WHERE h.besked_nr = b.besked_nr) AS udleveret
     FROM besked AS b WHERE b.personnummer = $1 AND b.forloeb_id = $2 AND b.version > $3`,
);
// One statement for all codes: it sees the queue at one moment, so that none of a citizen's beskeder is there without
// those before it. Each code by itself goes along the index, however long the queue is.
const TO_DELIVER = statement(
  `SELECT besked_nr AS "beskedNr", message_identifier AS "messageIdentifier"
     FROM unnest($1::text[]) AS kode CROSS JOIN LATERAL (
       SELECT b.besked_nr, b.message_identifier FROM besked AS b
        WHERE b.modtager = kode AND b.delivered IS NULL
          AND NOT EXISTS (SELECT 1 FROM sequence_besked AS h JOIN sequence AS s USING (sequence_nr)
                           WHERE h.besked_nr = b.besked_nr AND s.state = 'open')
        ORDER BY b.besked_nr LIMIT $2) AS oldest
    ORDER BY besked_nr LIMIT $2`,
);
const HELD_BY = statement(
  `SELECT b.message_identifier, b.registration_type, b.event_date, b.personnummer, b.forloeb_id, b.version,
          v.overgangsdato, v.afgoerelsesdato, v.ophoersdato, v.kompensationsafgoerelsesdato, v.request_user_metadata
     FROM sequence_besked AS h JOIN besked AS b USING (personnummer, besked_nr)
          JOIN forloeb_version AS v USING (personnummer, forloeb_id, version)
    WHERE h.sequence_nr = $1 ORDER BY h.besked_nr`,
);

/** The statements on beskeder, in the caller's transaction. */
export const beskedStatements = (session: Session) => ({
  /** Queues a besked under that number, or at the end of the queue. */
  async add(
    beskedNr: number | null,
    { forloebId, version, personnummer }: OwedBesked,
    { akasse, aarsag }: BeskedModtager,
    messageIdentifier: string,
    now: Date,
  ): Promise<void> {
    const registrationType: RegistrationType = version === 1 ? 'Create' : 'Update';
    const eventDate = akasse === undefined ? null : now.toISOString();
    const values = [beskedNr, messageIdentifier, forloebId, version, personnummer, registrationType];
    demandWritten(await session.run(INSERT, [...values, akasse ?? null, aarsag, eventDate]), 'besked');
  },
  /** The beskeder of later versions of the forløb, seen from the number that this one has, if it has one. */
  async senere({
    personnummer,
    forloebId,
    version,
    beskedNr = 0,
  }: Placed & OwedBesked): Promise<SenereBesked[]> {
    const values = [personnummer, forloebId, version, beskedNr];
    const rows = await session.all<SenereBesked & { readonly modtager: AkasseKode | null }>(SENERE, values);
    return rows.map(({ modtager, ...row }) => ({ ...row, ...(modtager !== null && { modtager }) }));
  },
  /** Says of a besked that waits that it is not sent, for a later one has been. */
  overtake: async (personnummer: Personnummer, beskedNr: number): Promise<void> =>
    demandWritten(await session.run(OVERTAKE, [personnummer, beskedNr]), 'besked'),
  /** Citizens for whom a besked waits, after that one, in order; so many at most. */
  borgereThatWait: async (after: string, limit: number): Promise<Personnummer[]> =>
    (await session.all<{ readonly personnummer: Personnummer }>(BORGERE_THAT_WAIT, [after, limit])).map(
      ({ personnummer }) => personnummer,
    ),
  /** The beskeder of a citizen that wait, in the order of the queue. */
  waitingOf: (personnummer: Personnummer): Promise<VentendeBesked[]> =>
    session.all(WAITING_OF, [personnummer]),
  /** Gives a besked that has waited its recipient, for ever. */
  release: async (
    personnummer: Personnummer,
    beskedNr: number,
    { akasse, aarsag }: Required<Modtager>,
    now: Date,
  ): Promise<void> =>
    demandWritten(
      await session.run(RELEASE, [personnummer, beskedNr, akasse, aarsag, now.toISOString()]),
      'besked',
    ),
  /** The oldest beskeder that wait under those codes, in order; so many at most. */
  toDeliver: (koder: readonly AkasseKode[], limit: number): Promise<BeskedIKoe[]> =>
    session.all(TO_DELIVER, [koder, limit]),
  /** What a sequence holds, in order. */
  heldBy: async (sequenceNr: number): Promise<Besked[]> =>
    (await session.all<BeskedRow>(HELD_BY, [sequenceNr])).map(toBesked),
});

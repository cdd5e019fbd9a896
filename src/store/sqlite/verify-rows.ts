// Shows a store on SQLite to the verification, row by row, as it is at one moment. Nothing is written.

import Database from 'better-sqlite3';
import { DECIDES_MODTAGER } from '../kept/decisions.ts';
import { inPages } from '../verify/pages.ts';
import type { StoreRows } from '../verify/rows.ts';
import { auditReader } from './audit-reader.ts';
import { type Connection, openReadOnly } from './connection.ts';
import { contentsOf } from './contents.ts';
import { checkSchema } from './migrate.ts';
import { damageIn, schemaDifferencesIn } from './verify-database.ts';

/** Rows of the trail that are read at a time; seals are larger. */
const PAGE = 2_000;
const SEAL_PAGE = 50;

const TILSTAND = 'overgangsdato, afgoerelsesdato, ophoersdato, kompensationsafgoerelsesdato';
const FORLOEB = `SELECT forloeb_id AS forloebId, personnummer, nr, version, ${TILSTAND} FROM forloeb`;

/**
 * Opens the store in `path` for verification. Throws StoreError, with the remedy, when it cannot be opened, or is not a
 * store with exactly the schema of this program. One whose schema cannot be read is damaged, which the checks name. Only
 * with `unfinished` an unfinished copy is one, too.
 */
export function openSqliteRows(path: string, unfinished = false): StoreRows {
  const db = openReadOnly(path, true);
  try {
    checkSchema(db, undefined, { unfinished });
  } catch (error) {
    if (!(error instanceof Database.SqliteError)) {
      db.close();
      throw error;
    }
  }
  return rowsOf(db);
}

function rowsOf(db: Connection): StoreRows {
  // Prepared when it is asked for: a table that is not as it should be is found by the check that needs it.
  const select = <T>(sql: string): AsyncGenerator<T> => rowByRow<T>(db, sql);
  return {
    damage: () => each(() => damageIn(db)),
    schemaDifferences: () => each(() => schemaDifferencesIn(db)),
    forloeb: () => select(`${FORLOEB} ORDER BY forloeb_id`),
    forloebByBorger: () => select(`${FORLOEB} ORDER BY personnummer, nr`),
    versions: () =>
      select(
        `SELECT forloeb_id AS forloebId, version, personnummer, correlation_id AS correlationId,
                indberettet, request_user_metadata AS requestUserMetadata, ${TILSTAND}
           FROM forloeb_version ORDER BY forloeb_id, version`,
      ),
    beskeder: () =>
      select(
        `SELECT besked_nr AS beskedNr, message_identifier AS messageIdentifier, forloeb_id AS forloebId, version, personnummer,
                registration_type AS registrationType, modtager, modtager_aarsag AS aarsag,
                event_date AS eventDate, delivered, delivered_in AS deliveredIn
           FROM besked ORDER BY forloeb_id, version`,
      ),
    decisions: () =>
      select(
        `SELECT seq, operation, forloeb_id AS forloebId, version, personnummer, correlation_id AS correlationId,
                modtager, modtager_aarsag AS aarsag, detaljer
           FROM audit_entry
          WHERE ${DECIDES_MODTAGER}
          ORDER BY forloeb_id, version, seq`,
      ),
    identifiers: () =>
      select(
        'SELECT message_identifier AS identifier, besked_nr AS beskedNr FROM besked ORDER BY message_identifier',
      ),
    sequences: () =>
      select(
        'SELECT sequence_nr AS sequenceNr, identifier, akasse, state, koder, antal FROM sequence ORDER BY sequence_nr',
      ),
    holds: () =>
      select(
        `SELECT h.sequence_nr AS sequenceNr, h.besked_nr AS beskedNr, b.delivered_in AS deliveredIn, b.modtager
           FROM sequence_besked AS h LEFT JOIN besked AS b USING (besked_nr) ORDER BY h.sequence_nr, h.besked_nr`,
      ),
    deliveries: () =>
      select(
        `SELECT coalesce(delivered_in, 0) AS sequenceNr, besked_nr AS beskedNr FROM besked
          WHERE delivered IS NOT NULL OR delivered_in IS NOT NULL ORDER BY sequenceNr, besked_nr`,
      ),
    trail: {
      entries: () =>
        inPages(
          PAGE,
          (page) => auditReader(db).entries(page),
          ({ entry }) => entry.seq,
        ),
      seals: () =>
        inPages(
          SEAL_PAGE,
          (page) => auditReader(db).seals(page),
          ({ nr }) => nr,
        ),
      counters: async () => auditReader(db).counters(),
    },
    contents: async () => contentsOf(db),
    close: async () => void db.close(),
  };
}

async function* rowByRow<T>(db: Connection, sql: string): AsyncGenerator<T> {
  yield* db.prepare<[], T>(sql).iterate();
}

async function* each(look: () => Iterable<string>): AsyncGenerator<string> {
  yield* look();
}

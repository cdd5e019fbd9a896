// Shows a store on PostgreSQL to the verification, row by row, as it is at one moment. Nothing is written.

import type pg from 'pg';
import { DECIDES_MODTAGER } from '../kept/decisions.ts';
import { inPages } from '../verify/pages.ts';
import type { StoreRows } from '../verify/rows.ts';
import { auditReader } from './audit-reader.ts';
import { mayBeQuiet, openClient, type Session, sessionOf } from './connection.ts';
import { contentsOf } from './contents.ts';
import { refuse } from './health.ts';
import { checkSchema } from './migrate.ts';
import { damageIn, schemaDifferencesIn } from './verify-database.ts';

/** Rows that are read at a time; seals are larger. */
const PAGE = 2_000;
const SEAL_PAGE = 50;

const TILSTAND = 'overgangsdato, afgoerelsesdato, ophoersdato, kompensationsafgoerelsesdato';
const FORLOEB = `SELECT forloeb_id AS "forloebId", personnummer, nr, version, ${TILSTAND} FROM forloeb`;

/** Entries that say what became of a version. What has come in and has no number yet has those that come next. */
const DECISIONS = `
  SELECT seq, operation, forloeb_id AS "forloebId", version, personnummer, correlation_id AS "correlationId",
         modtager, modtager_aarsag AS aarsag, detaljer
    FROM (SELECT seq, operation, forloeb_id, version, personnummer, correlation_id, modtager, modtager_aarsag, detaljer,
                 udfald
            FROM audit_entry
          UNION ALL
          SELECT (SELECT value FROM audit_counter WHERE name = 'audit_entry') + row_number() OVER (ORDER BY nr),
                 operation, forloeb_id, version, personnummer, correlation_id, modtager, modtager_aarsag, detaljer, udfald
            FROM audit_intake) AS entry
   WHERE ${DECIDES_MODTAGER}
   ORDER BY forloeb_id, version, seq`;

/**
 * Opens the store for verification. Rejects with StoreError, with the remedy, when it cannot be opened, or is not a store
 * with exactly the schema of this program; only with `unfinished` an unfinished copy is one, too.
 */
export async function openPostgresRows(url: string, isTest: boolean, unfinished = false): Promise<StoreRows> {
  const client = await openClient(url, isTest).catch(refuse);
  const session = sessionOf(client);
  try {
    await mayBeQuiet(session);
    await session.run('BEGIN ISOLATION LEVEL REPEATABLE READ');
    await checkSchema(session, undefined, { unfinished });
    // A check that fails goes back to here, so that the others can be made.
    await session.run('SAVEPOINT opened');
  } catch (error) {
    await client.end().catch(() => undefined);
    return refuse(error);
  }
  return rowsOf(client, session);
}

/** The same of a connection, in the transaction that it is in, which has a savepoint `opened`. */
export function rowsOf(client: pg.Client, session: Session): StoreRows {
  const select = makeCursors(session);
  const reader = auditReader(session);
  return {
    damage: () => guarded(session, damageIn(session)),
    schemaDifferences: () => guarded(session, schemaDifferencesIn(session)),
    forloeb: () => select(`${FORLOEB} ORDER BY forloeb_id`),
    forloebByBorger: () => select(`${FORLOEB} ORDER BY personnummer, nr`),
    versions: () =>
      select(
        `SELECT forloeb_id AS "forloebId", version, personnummer, correlation_id AS "correlationId",
                indberettet, request_user_metadata AS "requestUserMetadata", ${TILSTAND}
           FROM forloeb_version ORDER BY forloeb_id, version`,
      ),
    beskeder: () =>
      select(
        `SELECT besked_nr AS "beskedNr", message_identifier AS "messageIdentifier", forloeb_id AS "forloebId", version,
                personnummer, registration_type AS "registrationType", modtager, modtager_aarsag AS aarsag,
                event_date AS "eventDate", delivered, delivered_in AS "deliveredIn"
           FROM besked ORDER BY forloeb_id, version`,
      ),
    decisions: () => select(DECISIONS),
    identifiers: () =>
      select(
        'SELECT message_identifier AS identifier, besked_nr AS "beskedNr" FROM besked ORDER BY message_identifier',
      ),
    sequences: () =>
      select(
        'SELECT sequence_nr AS "sequenceNr", identifier, akasse, state, koder, antal FROM sequence ORDER BY sequence_nr',
      ),
    holds: () =>
      select(
        `SELECT h.sequence_nr AS "sequenceNr", h.besked_nr AS "beskedNr", b.delivered_in AS "deliveredIn", b.modtager
           FROM sequence_besked AS h LEFT JOIN besked AS b USING (besked_nr) ORDER BY h.sequence_nr, h.besked_nr`,
      ),
    deliveries: () =>
      select(
        `SELECT coalesce(delivered_in, 0) AS "sequenceNr", besked_nr AS "beskedNr" FROM besked
          WHERE delivered IS NOT NULL OR delivered_in IS NOT NULL ORDER BY 1, besked_nr`,
      ),
    trail: {
      entries: () =>
        guarded(
          session,
          inPages(PAGE, reader.entries, ({ entry }) => entry.seq),
        ),
      seals: () =>
        guarded(
          session,
          inPages(SEAL_PAGE, reader.seals, ({ nr }) => nr),
        ),
      counters: () => reader.counters(),
    },
    contents: () => contentsOf(session),
    close: () => client.end(),
  };
}

/** Makes what reads the rows of a statement, so many at a time; several may be read side by side. */
function makeCursors(session: Session) {
  let made = 0;
  return <T>(sql: string): AsyncGenerator<T> => {
    made += 1;
    return guarded(session, rowsThrough<T>(session, `rows_${made}`, sql));
  };
}

async function* rowsThrough<T>(session: Session, cursor: string, sql: string): AsyncGenerator<T> {
  await session.run(`DECLARE ${cursor} NO SCROLL CURSOR FOR ${sql}`);
  for (;;) {
    const page = await session.all<T>(`FETCH ${PAGE} FROM ${cursor}`);
    yield* page;
    if (page.length < PAGE) break;
  }
  await session.run(`CLOSE ${cursor}`);
}

/** What a database has refused once in a transaction it refuses from then on: unless one goes back to before it. */
async function* guarded<T>(session: Session, rows: AsyncGenerator<T>): AsyncGenerator<T> {
  try {
    yield* rows;
  } catch (error) {
    await session.run('ROLLBACK TO SAVEPOINT opened').catch(() => undefined);
    throw error;
  }
}

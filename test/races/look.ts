// What a store has kept of some citizens, read in one look and without the program.

import Database from 'better-sqlite3';
import pg from 'pg';

interface Entry {
  readonly mark: string;
  readonly operation: string;
  readonly fejlkode: number | null;
  readonly guid: string | null;
  readonly version: number | null;
}

export interface Row {
  readonly guid: string;
  readonly version: number;
  readonly borger: string;
  readonly overgangsdato: string | null;
  readonly ophoersdato: string | null;
  readonly komp: string | null;
}

interface Version extends Row {
  readonly correlationId: string;
  readonly afgoerelsesdato: string | null;
  readonly mark: string;
  readonly registrationType: string | null;
  readonly messageIdentifier: string | null;
}

/** What there is of some citizens. */
export interface Seen {
  /** Entries of Saves, in the order of the trail. */
  readonly entries: readonly Entry[];
  readonly forloeb: readonly Row[];
  /** Each with its besked, in the order of those. */
  readonly versions: readonly Version[];
  /** Beskeder of these citizens. */
  readonly beskeder: number;
  /** Whether trail and beskeder have one order; otherwise only those of each citizen have. */
  readonly hasOneOrder: boolean;
}

/** A store that is looked at while services use it. */
export interface Look {
  /** All that is kept of those citizens at this moment. */
  at(borgere: readonly string[]): Promise<Seen>;
  close(): Promise<void>;
}

/** How a database says what the look asks for; each has one parameter, the citizens. */
interface Dialect {
  of(table: string): string;
  /** The mark in the header that a version keeps. */
  readonly mark: string;
  readonly trail: string;
  readonly quoted: string;
}

const COLUMNS = (of: string) => `${of}.forloeb_id AS guid, ${of}.version, ${of}.personnummer AS borger,
  ${of}.overgangsdato, ${of}.ophoersdato, ${of}.kompensationsafgoerelsesdato AS komp`;
const ENTRY = 'user_identifier, operation, fejlkode, forloeb_id, version, personnummer';

const SQLITE: Dialect = {
  of: (table) => `${table}.personnummer IN (SELECT value FROM json_each(?))`,
  mark: "json_extract(request_user_metadata, '$.RequestUserStructure.UserIdentifier')",
  trail: `(SELECT 0 AS came, seq AS nr, ${ENTRY} FROM audit_entry)`,
  quoted: '',
};

const POSTGRES: Dialect = {
  of: (table) => `${table}.personnummer = ANY ($1::text[])`,
  mark: "request_user_metadata::json #>> '{RequestUserStructure,UserIdentifier}'",
  // Those that have no number yet come after those that have one.
  trail: `(SELECT 0 AS came, seq AS nr, ${ENTRY} FROM audit_entry
           UNION ALL SELECT 1, nr, ${ENTRY} FROM audit_intake)`,
  quoted: '"',
};

const questionsIn = ({ of, mark, trail, quoted: q }: Dialect) => ({
  entries: `SELECT user_identifier AS mark, operation, fejlkode, forloeb_id AS guid, version FROM ${trail} AS e
             WHERE ${of('e')} AND operation = 'SaveTidligPension' ORDER BY came, nr`,
  forloeb: `SELECT ${COLUMNS('f')} FROM forloeb AS f WHERE ${of('f')}`,
  versions: `SELECT ${COLUMNS('v')}, v.correlation_id AS ${q}correlationId${q}, v.afgoerelsesdato, ${mark} AS mark,
                    b.registration_type AS ${q}registrationType${q}, b.message_identifier AS ${q}messageIdentifier${q}
               FROM forloeb_version AS v LEFT JOIN besked AS b USING (forloeb_id, version)
              WHERE ${of('v')} ORDER BY b.besked_nr`,
  beskeder: `SELECT count(*) AS n FROM besked WHERE ${of('besked')}`,
});

/** Opens a look at the store in that file. */
export function lookAtFile(file: string): Look {
  const db = new Database(file, { readonly: true });
  const ask = questionsIn(SQLITE);
  return {
    async at(borgere) {
      const those = JSON.stringify(borgere);
      const all = <T>(sql: string): T[] => db.prepare<[string], T>(sql).all(those);
      return db.transaction(() => ({
        entries: all<Entry>(ask.entries),
        forloeb: all<Row>(ask.forloeb),
        versions: all<Version>(ask.versions),
        beskeder: all<{ n: number }>(ask.beskeder)[0]!.n,
        hasOneOrder: true,
      }))();
    },
    close: async () => void db.close(),
  };
}

/** OIDs of `bigint`, which comes as a number; all else that is not text already is, too. */
const BIGINT = 20;
const INTEGER = 23;
const asText: pg.CustomTypesConfig = {
  getTypeParser: (oid) => (oid === BIGINT || oid === INTEGER ? Number : (text: string) => text),
};

/** Opens a look at the store in that database. */
export async function lookAtDatabase(url: string): Promise<Look> {
  const client = new pg.Client({ connectionString: url, types: asText });
  client.on('error', () => undefined); // whoever asks next is told
  await client.connect();
  await client.query("SET search_path = pension; SET datestyle = 'ISO, YMD'");
  const ask = questionsIn(POSTGRES);
  return {
    async at(borgere) {
      const all = async <T extends pg.QueryResultRow>(sql: string): Promise<T[]> =>
        (await client.query<T>(sql, [borgere])).rows;
      await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
      const seen = {
        entries: await all<Entry>(ask.entries),
        forloeb: await all<Row>(ask.forloeb),
        versions: await all<Version>(ask.versions),
        beskeder: (await all<{ n: number }>(ask.beskeder))[0]!.n,
        hasOneOrder: false,
      };
      await client.query('COMMIT');
      return seen;
    },
    close: () => client.end(),
  };
}

// A PostgreSQL store in a database of its own, and a second connection that looks at what it has kept.

import pg from 'pg';
import { openPostgresAudit, openPostgresStore } from '../../../src/store/postgres/index.ts';
import { tempDatabase } from '../../support/postgres.ts';
import {
  type KeptBesked,
  type KeptVersion,
  NU,
  portsOf,
  type StoreUnderTest,
} from '../../support/store-fixtures.ts';

/** How a test opens a store: few connections, for a server has not many and tests come one after the other. */
export const OPTIONS = { mustExist: false, connections: 4, isTest: false };

/** The rows of a query, with the names of columns in camel case; dates and numbers as the store gives them. */
export async function rows<T>(url: string, sql: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('SET search_path = pension; SET datestyle = ISO');
    const types = { getTypeParser: (oid: number) => (oid === 20 ? Number : (text: string) => text) };
    const found = await client.query<Record<string, unknown>>({ text: sql, types } as pg.QueryConfig);
    return found.rows.map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([column, value]) => [
          column.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase()),
          ['version', 'nr'].includes(column)
            ? Number(value)
            : column === 'request_user_metadata'
              ? JSON.parse(value as string)
              : value,
        ]),
      ),
    ) as T[];
  } finally {
    await client.end();
  }
}

/** Opens a store in a new database, or in the one named. */
export async function openPostgresUnderTest(database?: string): Promise<StoreUnderTest> {
  const url = database ?? (await tempDatabase());
  const clock = { now: NU };
  const ports = portsOf(clock);
  return {
    store: await openPostgresStore(url, ports, OPTIONS),
    clock,
    versions: () =>
      rows<KeptVersion>(
        url,
        `SELECT v.forloeb_id, v.version, v.personnummer, v.indberettet, v.correlation_id, v.overgangsdato,
                v.afgoerelsesdato, v.ophoersdato, v.kompensationsafgoerelsesdato, v.request_user_metadata
           FROM forloeb_version AS v JOIN besked USING (forloeb_id, version) ORDER BY besked_nr`,
      ),
    beskeder: () =>
      rows<KeptBesked>(
        url,
        `SELECT message_identifier, forloeb_id, version, personnummer, registration_type, modtager, modtager_aarsag,
                event_date
           FROM besked ORDER BY besked_nr`,
      ),
    delivered: async () =>
      (
        await rows<{ messageIdentifier: string }>(
          url,
          'SELECT message_identifier FROM besked WHERE delivered IS NOT NULL ORDER BY besked_nr',
        )
      ).map(({ messageIdentifier }) => messageIdentifier),
    entries: async () => {
      const audit = await openPostgresAudit(url, ports, { snapshot: false, isTest: false });
      const stored = await audit.entries({ after: 0, limit: 10_000 });
      await audit.close();
      return stored.map(({ entry: { seq: _, ...entry } }) => entry);
    },
    standing: async () => [
      await rows(url, 'SELECT * FROM forloeb ORDER BY personnummer, nr'),
      await rows(url, 'SELECT * FROM medlemskab ORDER BY personnummer, start, akasse'),
    ],
  };
}

// A SQLite store on a real file, and a second, read-only connection that looks at what it has kept.

import path from 'node:path';
import Database from 'better-sqlite3';
import { openSqliteAudit, openSqliteStore } from '../../../src/store/sqlite/index.ts';
import {
  type KeptBesked,
  type KeptVersion,
  NU,
  portsOf,
  type StoreUnderTest,
} from '../../support/store-fixtures.ts';
import { tempDir } from '../../support/temp.ts';

/** A path for a store that does not exist yet, in a folder of its own. */
export const newPath = (): string => path.join(tempDir(), 'pension.db');

/** The rows of a query, with the names of columns in camel case. */
function rows<T>(file: string, sql: string): T[] {
  const db = new Database(file, { readonly: true });
  try {
    return db
      .prepare<[], Record<string, unknown>>(sql)
      .all()
      .map((row) =>
        Object.fromEntries(
          Object.entries(row).map(([column, value]) => [
            column.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase()),
            column === 'request_user_metadata' ? JSON.parse(value as string) : value,
          ]),
        ),
      ) as T[];
  } finally {
    db.close();
  }
}

/** Opens a store in a new file, or in the one named. */
export async function openSqliteUnderTest(file: string = newPath()): Promise<StoreUnderTest> {
  const clock = { now: NU };
  return {
    store: openSqliteStore(file, portsOf(clock)),
    clock,
    versions: async () =>
      rows<KeptVersion & { versionNr: number }>(
        file,
        'SELECT v.* FROM forloeb_version AS v JOIN besked USING (version_nr) ORDER BY besked_nr',
      ).map(({ versionNr: _, ...version }) => version),
    beskeder: async () =>
      rows<KeptBesked>(
        file,
        `SELECT message_identifier, forloeb_id, version, personnummer, registration_type, modtager, modtager_aarsag,
                event_date
           FROM besked ORDER BY besked_nr`,
      ),
    delivered: async () =>
      rows<{ messageIdentifier: string }>(
        file,
        'SELECT message_identifier FROM besked WHERE delivered IS NOT NULL ORDER BY besked_nr',
      ).map(({ messageIdentifier }) => messageIdentifier),
    entries: async () => {
      const audit = openSqliteAudit(file);
      const stored = await audit.entries({ after: 0, limit: 10_000 });
      await audit.close();
      return stored.map(({ entry: { seq: _, ...entry } }) => entry);
    },
    standing: async () => [
      rows(file, 'SELECT * FROM forloeb ORDER BY personnummer, nr'),
      rows(file, 'SELECT * FROM medlemskab ORDER BY personnummer, start, akasse'),
    ],
  };
}

// A SQLite store on a real file, and a second, read-only connection that looks at what it has kept.

import path from 'node:path';
import Database from 'better-sqlite3';
import { openSqliteAudit, openSqliteStore } from '../../../src/store/sqlite/index.ts';
import {
  type KeptBesked,
  type KeptVersion,
  NU,
  portsAt,
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
  return {
    store: openSqliteStore(file, portsAt(NU)),
    versions: async () =>
      rows<KeptVersion>(
        file,
        'SELECT v.* FROM forloeb_version AS v JOIN besked USING (forloeb_id, version) ORDER BY besked_nr',
      ),
    beskeder: async () =>
      rows<KeptBesked & { beskedNr: number }>(file, 'SELECT * FROM besked ORDER BY besked_nr').map(
        ({ beskedNr: _, ...besked }) => besked,
      ),
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

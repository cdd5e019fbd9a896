// Holds the database itself against what it should be: SQLite's own look at every page, and the schema against that of
// a database made anew by the migrations.

import Database from 'better-sqlite3';
import { schemaDifferences } from '../kept/schema-differences.ts';
import { MARKER } from '../kept/unfinished.ts';
import type { Connection } from './connection.ts';
import { migrate } from './migrate.ts';

/** What SQLite finds: pages, indexes, constraints, references; and beskeder that point at a version they are not of. */
export function* damageIn(db: Connection): Generator<string> {
  for (const { integrity_check: found } of db.pragma('integrity_check') as { integrity_check: string }[])
    if (found !== 'ok') yield found;
  const broken = db.prepare<[], { table: string; parent: string }>(
    'SELECT "table", parent FROM pragma_foreign_key_check',
  );
  for (const { table, parent } of broken.iterate())
    yield `a row of ${table} refers to one of ${parent} that is not there`;
  const astray = db
    .prepare<[], number>(
      `SELECT besked_nr FROM besked AS b JOIN forloeb_version AS v USING (version_nr)
        WHERE (b.forloeb_id, b.version, b.personnummer) <> (v.forloeb_id, v.version, v.personnummer)`,
    )
    .pluck();
  for (const nr of astray.iterate()) yield `besked ${nr} points at another version than the one it is of`;
}

/** What is missing in the schema, is otherwise than it should be, or should not be there. */
export function* schemaDifferencesIn(db: Connection): Generator<string> {
  yield* schemaDifferences(schemaOf(db), schemaAsMade());
}

const schemaAsMade = (): Map<string, string> => asMade(schemaOf);

/** The triggers that the migrations make, each as the statement that makes it. */
export const triggersAsMade = (): string[] =>
  asMade((db) =>
    db.prepare<[], string>("SELECT sql FROM sqlite_schema WHERE type = 'trigger'").pluck().all(),
  );

/** Looks at a database that the migrations make of nothing. */
function asMade<T>(look: (db: Connection) => T): T {
  const db = new Database(':memory:');
  try {
    migrate(db, { now: () => new Date(0) });
    return look(db);
  } finally {
    db.close();
  }
}

/**
 * Its steps, and all there is in it by kind and name, each with its text. SQLite's own statistics do not count, nor does
 * the mark of an unfinished copy: only whoever makes one of it verifies that.
 */
function schemaOf(db: Connection): Map<string, string> {
  const things = db
    .prepare<[], { type: string; name: string; tbl_name: string; sql: string | null }>(
      `SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_stat%' AND tbl_name <> '${MARKER}'`,
    )
    .all();
  const steps = db
    .prepare<[], { number: number; name: string }>('SELECT number, name FROM migration ORDER BY number')
    .all();
  return new Map([
    ...steps.map(({ number, name }) => [`migration ${number}`, name] as const),
    ...things.map(
      ({ type, name, tbl_name, sql }) => [`${type} ${name}`, `${tbl_name} ${normalised(sql ?? '')}`] as const,
    ),
  ]);
}

/** White space and the quotes around a name are SQLite's to choose when it rewrites a text. */
const normalised = (sql: string): string => sql.replaceAll(/"(\w+)"/g, '$1').replaceAll(/\s+/g, ' ');

// Brings a store to the schema of this program: numbered SQL files, each in a transaction of its own, so that two
// starters may race and one of them finds the work done. A store from a newer program is refused by name.

import { type Migration, migrationsIn } from '../kept/migrations.ts';
import { GO_ON, MARKER, UNFINISHED } from '../kept/unfinished.ts';
import { StoreError, type StorePorts } from '../store.ts';
import { offerAuditFunctions } from './audit-functions.ts';
import type { Connection } from './connection.ts';

/** The steps that this program knows, in order. */
export const knownMigrations = (): Migration[] => migrationsIn(new URL('./migrations/', import.meta.url));

/** What marks a SQLite file as a store of this program: `PRAGMA application_id`. */
const APPLICATION_ID = 0x50_65_6e_73;

/**
 * Applies what is missing. Throws StoreError when the file is another program's database, an unfinished copy, or a store
 * that holds a step this program does not know; all are left as they are. The clock stamps the steps that are applied.
 */
export function migrate(
  db: Connection,
  ports: Pick<StorePorts, 'now'>,
  migrations: readonly Migration[] = knownMigrations(),
): void {
  db.transaction(() => {
    claim(db);
    refuseUnfinished(db);
    refuseNewer(db, migrations);
  }).immediate();
  offerAuditFunctions(db);
  withoutReferences(db, () => {
    for (const migration of migrations) db.transaction(() => apply(db, ports, migration)).immediate();
  });
}

function apply(db: Connection, ports: Pick<StorePorts, 'now'>, migration: Migration): void {
  if (isApplied(db, migration)) return;
  const broken = brokenReferences(db);
  db.exec(migration.sql);
  // What was broken before is for the checks of a store to tell, and no reason not to start.
  if (brokenReferences(db) > broken)
    throw new Error(`migration ${migration.name} would leave rows that refer to what is not there`);
  db.prepare('INSERT INTO migration (number, name, applied) VALUES (?, ?, ?)').run(
    migration.number,
    migration.name,
    ports.now().toISOString(),
  );
}

const brokenReferences = (db: Connection): number =>
  db.prepare<[], number>('SELECT count(*) FROM pragma_foreign_key_check').pluck().get()!;

/**
 * Works while foreign keys are not looked at, and a table that gets another name keeps it to itself. So a step can make a
 * table anew under its name: SQLite takes a table that is dropped for rows that are deleted, and writes the new name of
 * one into all that refer to it. Within a transaction it would not switch the first off.
 */
function withoutReferences(db: Connection, work: () => void): void {
  const foreignKeys = db.pragma('foreign_keys', { simple: true });
  db.pragma('foreign_keys = OFF');
  db.pragma('legacy_alter_table = ON');
  try {
    work();
  } finally {
    db.pragma('legacy_alter_table = OFF');
    db.pragma(`foreign_keys = ${foreignKeys}`);
  }
}

/**
 * Throws StoreError when the file is not a store with exactly the steps that this program knows; only with `unfinished`
 * an unfinished copy counts as one.
 */
export function checkSchema(
  db: Connection,
  migrations: readonly Migration[] = knownMigrations(),
  { unfinished = false } = {},
): void {
  if (db.pragma('application_id', { simple: true }) !== APPLICATION_ID) {
    throw new StoreError(`PENSION_STORE: ${db.name} is not a store of this program. Name the right file.`);
  }
  if (!unfinished) refuseUnfinished(db);
  refuseNewer(db, migrations);
  if (migrations.every((migration) => isApplied(db, migration))) return;
  throw new StoreError(
    `PENSION_STORE: the store ${db.name} is of an older version. Start the service on it once, which brings it up to date.`,
  );
}

/** Takes an empty file for this program. */
function claim(db: Connection): void {
  if (db.pragma('application_id', { simple: true }) === APPLICATION_ID) return;
  refuseForeign(db);
  db.pragma(`application_id = ${APPLICATION_ID}`);
  db.exec(
    'CREATE TABLE migration (number INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL, applied TEXT NOT NULL) STRICT',
  );
}

/** Throws StoreError when the file is another program's database; nothing of it has been changed then. */
export function refuseForeign(db: Connection): void {
  const isForeign = db.transaction(
    () =>
      db.pragma('application_id', { simple: true }) !== APPLICATION_ID &&
      db.prepare('SELECT 1 FROM sqlite_master LIMIT 1').get() !== undefined,
  );
  // One look at both: between two looks another starter could have claimed the file.
  if (!isForeign.deferred()) return;
  throw new StoreError(
    `PENSION_STORE: ${db.name} is a SQLite database of another program. Name another file; it was not changed.`,
  );
}

/** Whether it is a copy that is not finished, of which nothing may be taken for true. */
export const isUnfinished = (db: Connection): boolean =>
  db.prepare('SELECT 1 FROM sqlite_schema WHERE name = ?').get(MARKER) !== undefined;

function refuseUnfinished(db: Connection): void {
  if (isUnfinished(db)) throw new StoreError(`PENSION_STORE: ${db.name} is ${UNFINISHED}. ${GO_ON}.`);
}

function isApplied(db: Connection, migration: Migration): boolean {
  return db.prepare('SELECT 1 FROM migration WHERE number = ?').get(migration.number) !== undefined;
}

function refuseNewer(db: Connection, migrations: readonly Migration[]): void {
  const newest = db.prepare('SELECT number, name FROM migration ORDER BY number DESC LIMIT 1').get() as
    | { number: number; name: string }
    | undefined;
  const known = migrations.at(-1)!;
  if (newest !== undefined && newest.number > known.number) {
    throw new StoreError(
      `PENSION_STORE: the store ${db.name} is newer than this program: it holds migration ${newest.name}, the program knows up to ${known.name}. ` +
        'Start a newer version of the program on it; it was not changed.',
    );
  }
}

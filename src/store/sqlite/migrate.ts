// Brings a store to the schema of this program: numbered SQL files, each in a transaction of its own, so that two
// starters may race and one of them finds the work done. A store from a newer program is refused by name.

import { readdirSync, readFileSync } from 'node:fs';
import { StoreError } from '../store.ts';
import type { Connection } from './connection.ts';

const FOLDER = new URL('./migrations/', import.meta.url);
const FILE_NAME = /^(\d{4})-[a-z0-9-]+\.sql$/;

/** One numbered step of the schema. */
export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
}

/** The steps that this program knows, in order. */
export function knownMigrations(): Migration[] {
  return readdirSync(FOLDER)
    .filter((file) => FILE_NAME.test(file))
    .sort()
    .map((file) => ({
      number: Number(FILE_NAME.exec(file)![1]),
      name: file.replace(/\.sql$/, ''),
      sql: readFileSync(new URL(file, FOLDER), 'utf8'),
    }));
}

/**
 * Applies what is missing. Throws StoreError when the store holds a step this program does not know.
 * `now` stamps the steps that are applied.
 */
export function migrate(
  db: Connection,
  now: Date,
  migrations: readonly Migration[] = knownMigrations(),
): void {
  db.transaction(() => {
    db.exec(
      'CREATE TABLE IF NOT EXISTS migration (number INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL, applied TEXT NOT NULL) STRICT',
    );
  }).immediate();
  for (const migration of migrations) {
    db.transaction(() => {
      if (isApplied(db, migration)) return;
      db.exec(migration.sql);
      db.prepare('INSERT INTO migration (number, name, applied) VALUES (?, ?, ?)').run(
        migration.number,
        migration.name,
        now.toISOString(),
      );
    }).immediate();
  }
}

function isApplied(db: Connection, migration: Migration): boolean {
  return db.prepare('SELECT 1 FROM migration WHERE number = ?').get(migration.number) !== undefined;
}

/** Throws StoreError when the store is newer than this program. Looks only; a new, empty store passes. */
export function refuseNewerStore(db: Connection, migrations: readonly Migration[] = knownMigrations()): void {
  const hasTable = db
    .prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'migration'")
    .get();
  if (hasTable === undefined) return;
  const newest = db.prepare('SELECT number, name FROM migration ORDER BY number DESC LIMIT 1').get() as
    | { number: number; name: string }
    | undefined;
  const known = migrations.at(-1)!;
  if (newest !== undefined && newest.number > known.number) {
    throw new StoreError(
      `The store ${db.name} is newer than this program: it holds migration ${newest.name}, the program knows up to ${known.name}. ` +
        'Start a newer version of the program on it.',
    );
  }
}

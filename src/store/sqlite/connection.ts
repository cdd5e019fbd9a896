// Opens a connection that keeps its word: write-ahead log, and every commit on disk before it returns. SQLite
// forgets some of this per connection, so it is set and read back each time.

import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { StoreError } from '../store.ts';

export type Connection = Database.Database;

/** Milliseconds that a writer waits for another process's transaction. */
const BUSY_TIMEOUT = 10_000;
/** `PRAGMA synchronous` as SQLite reports FULL. */
const SYNCHRONOUS_FULL = 2;

/**
 * Opens the database file, making it and its folder if need be, readable by its owner only.
 * Throws StoreError when the file cannot be opened or cannot be made durable.
 */
export function openConnection(path: string): Connection {
  const isNew = !existsSync(path);
  let db: Connection;
  try {
    mkdirSync(dirname(path), { recursive: true });
    db = new Database(path, { timeout: BUSY_TIMEOUT });
    if (isNew) chmodSync(path, 0o600);
  } catch (error) {
    throw new StoreError(
      `The store ${path} cannot be opened: ${(error as Error).message}. Check PENSION_STORE and the rights on the folder.`,
    );
  }
  try {
    makeDurable(db, path);
  } catch (error) {
    db.close();
    throw error instanceof StoreError
      ? error
      : new StoreError(
          `The store ${path} cannot be used: ${(error as Error).message}. It must be a SQLite database on a local disk.`,
        );
  }
  return db;
}

function makeDurable(db: Connection, path: string): void {
  const journal = db.pragma('journal_mode = WAL', { simple: true });
  db.pragma('synchronous = FULL');
  db.pragma('foreign_keys = ON');
  const synchronous = db.pragma('synchronous', { simple: true });
  const foreignKeys = db.pragma('foreign_keys', { simple: true });
  if (journal !== 'wal' || synchronous !== SYNCHRONOUS_FULL || foreignKeys !== 1) {
    throw new StoreError(
      `The store ${path} is not durable (journal_mode=${journal}, synchronous=${synchronous}, foreign_keys=${foreignKeys}); ` +
        'it must be a file on a local disk that supports a write-ahead log.',
    );
  }
}

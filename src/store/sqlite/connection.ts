// Opens a connection that keeps its word: write-ahead log, and every commit on disk before it returns. SQLite
// forgets some of this per connection, so it is set and read back each time.

import { accessSync, closeSync, constants, existsSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { StoreError } from '../store.ts';
import { makeFolder } from './folder.ts';

export type Connection = Database.Database;

/** Milliseconds that a writer waits for another process's transaction. */
const BUSY_TIMEOUT = 10_000;
/** Milliseconds between tries where SQLite itself does not wait. */
const BUSY_RETRY = 20;
/** `PRAGMA synchronous` as SQLite reports FULL. */
export const SYNCHRONOUS_FULL = 2;

interface OpenOptions {
  readonly mustExist?: boolean;
  /** Looks at the file before anything in it is changed; it throws to leave it alone. */
  check?(db: Connection): void;
}

/**
 * Opens the database file, making it and its folder if need be, readable by its owner only, unless it `mustExist`.
 * Throws StoreError when the file cannot be opened or cannot be made durable.
 */
export function openConnection(path: string, { mustExist, check }: OpenOptions = {}): Connection {
  if (mustExist) checkExists(path);
  if (path.startsWith(':')) {
    throw new StoreError(`PENSION_STORE: the store must be a file; ${path} would keep nothing.`);
  }
  let db: Connection;
  try {
    if (!mustExist) makeFile(path);
    accessSync(path, constants.W_OK); // SQLite itself finds that out later, and says it less clearly
    db = new Database(path, { timeout: BUSY_TIMEOUT });
  } catch (error) {
    throw new StoreError(
      `PENSION_STORE: the store ${path} cannot be opened: ${(error as Error).message}. Check the path and the rights on its folder.`,
    );
  }
  try {
    check?.(db);
    makeDurable(db, path);
    return db;
  } catch (error) {
    db.close();
    throw explain(error, path);
  }
}

/**
 * Opens an existing database file for reading only; with a `snapshot`, what others write from then on is not seen.
 * Throws StoreError when that is not possible.
 */
export function openReadOnly(path: string, snapshot: boolean): Connection {
  checkExists(path);
  let db: Connection | undefined;
  try {
    db = new Database(path, { readonly: true, timeout: BUSY_TIMEOUT });
    if (snapshot) db.exec('BEGIN');
    db.pragma('schema_version'); // the first reading; a file that is no database is found out here
    return db;
  } catch (error) {
    db?.close();
    throw new StoreError(
      `PENSION_STORE: the store ${path} cannot be read: ${(error as Error).message}. It must be a store of this program, in a folder where you may make files (SQLite needs its own beside it).`,
    );
  }
}

/**
 * Makes the file before SQLite does, so that it is at no moment readable by others. Never in a process that has it open
 * already: closing a file gives up every lock that the process holds on it.
 */
function makeFile(path: string): void {
  makeFolder(dirname(path)); // SQLite flushes the names of its own files in it
  if (!existsSync(path)) closeSync(openSync(path, 'a', 0o600));
}

function checkExists(path: string): void {
  if (existsSync(path)) return;
  throw new StoreError(`PENSION_STORE: there is no store ${path}. Name the one that the service uses.`);
}

/** What SQLite says of a store that cannot be used, as an error with its remedy; any other error as it is. */
export function explain(error: unknown, path: string): unknown {
  if (error instanceof StoreError || !(error instanceof Database.SqliteError)) return error;
  if (error.code === 'SQLITE_BUSY') {
    return new StoreError(
      `PENSION_STORE: the store ${path} has been locked by another process for ${BUSY_TIMEOUT / 1000} s. Wait for it, or stop it.`,
    );
  }
  if (error.code === 'SQLITE_FULL') {
    return new StoreError(
      `PENSION_STORE: there is no space left on the disk of the store ${path}. Make room.`,
    );
  }
  return new StoreError(
    `PENSION_STORE: the store ${path} cannot be used: ${error.message}. It must be a SQLite database on a local disk.`,
  );
}

function makeDurable(db: Connection, path: string): void {
  const journal = switchToWal(db);
  db.pragma('synchronous = FULL');
  db.pragma('foreign_keys = ON');
  const synchronous = db.pragma('synchronous', { simple: true });
  const foreignKeys = db.pragma('foreign_keys', { simple: true });
  if (journal !== 'wal' || synchronous !== SYNCHRONOUS_FULL || foreignKeys !== 1) {
    throw new StoreError(
      `PENSION_STORE: the store ${path} is not durable (journal_mode=${journal}, synchronous=${synchronous}, foreign_keys=${foreignKeys}); ` +
        'it must be a file on a local disk that supports a write-ahead log.',
    );
  }
}

/** Switches the journal. SQLite does not wait here when another process is at the same, so it is tried again. */
function switchToWal(db: Connection): unknown {
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (let waited = 0; ; waited += BUSY_RETRY) {
    try {
      return db.pragma('journal_mode = WAL', { simple: true });
    } catch (error) {
      const busy = error instanceof Database.SqliteError && error.code === 'SQLITE_BUSY';
      if (!busy || waited >= BUSY_TIMEOUT) throw error;
      Atomics.wait(pause, 0, 0, BUSY_RETRY);
    }
  }
}

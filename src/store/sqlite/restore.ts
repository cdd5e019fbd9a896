// Makes a store of a copy, and puts it in the place of another. Whatever kills it, the old store or the new one is in
// the place, whole; and no log or journal ever stands beside a store that is not its own.

import { closeSync, existsSync, linkSync, openSync, readSync, rmSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import Database from 'better-sqlite3';
import { type Placement, PlaceTaken, type PutAside } from '../backup.ts';
import { StoreError, type StorePorts } from '../store.ts';
import { type Connection, openConnection } from './connection.ts';
import { contentsOf } from './contents.ts';
import {
  besideOf,
  flush,
  flushFolderOf,
  foundBeside,
  giveToOwnerOf,
  isWithoutLinks,
  nameInstead,
  nameNew,
} from './files.ts';
import { openSqliteStore } from './index.ts';
import { checkSchema, migrate, refuseForeign } from './migrate.ts';

/** Brings a copy to the schema of this program. Throws StoreError when it is newer, or no store. */
export function bringUpCopy(copy: string, ports: StorePorts): void {
  const check = (db: Connection): void => {
    refuseForeign(db);
    // An empty file would be taken as a store that is yet to be made.
    if (db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'migration'").get() === undefined)
      throw new StoreError(`PENSION_STORE: ${copy} is not a store of this program. Name the right file.`);
  };
  const db = openConnection(copy, { mustExist: true, check });
  try {
    migrate(db, ports);
    checkSchema(db);
  } finally {
    db.close();
  }
}

/**
 * Looks whether a store may be put at `path` before anything is prepared for it. Throws PlaceTaken when one is there
 * and is not to be put aside, or is in use.
 */
export function checkPlace(path: string, { replace }: { readonly replace: boolean }): void {
  const isThere = existsSync(path) || foundBeside(path).length > 0;
  if (isThere && !replace) throw occupied(path);
  if (existsSync(path)) takeAlone(path, (db) => db.close());
}

const occupied = (path: string): PlaceTaken =>
  new PlaceTaken(
    `There is a store ${path} already. With --replace it is put aside under a name of its own, and kept.`,
  );

/**
 * Puts the store in the file `copy` at `path`, with an entry that says so. A store that is there is kept under another
 * name, if the placement has one. Throws PlaceTaken, with nothing changed, when that store is in use, or is there and
 * there is no name for it.
 */
export async function placeSqliteStore(
  copy: string,
  path: string,
  { aside, entry }: Placement,
  ports: StorePorts,
): Promise<PutAside | undefined> {
  const isThere = existsSync(path) || foundBeside(path).length > 0;
  if (isThere && aside === undefined) throw occupied(path);
  const held = existsSync(path) ? hold(path) : undefined;
  try {
    const old = isThere ? { file: aside!, ...held?.contents } : undefined;
    const store = openSqliteStore(copy, ports, { mustExist: true });
    try {
      await store.audit.record(entry(old));
    } finally {
      await store.close();
    }
    if (foundBeside(copy).length > 0) throw new Error(`${copy} is not one file`);
    giveToOwnerOf(copy, existsSync(path) ? path : dirname(resolve(path)));
    flush(copy);
    if (isThere) putAside(path, aside!);
    if (held !== undefined || existsSync(path)) nameInstead(copy, path);
    else nameNew(copy, path);
    return old;
  } catch (error) {
    // Somebody has made a store there meanwhile.
    throw (error as NodeJS.ErrnoException).code === 'EEXIST' ? occupied(path) : error;
  } finally {
    held?.release();
  }
}

interface Held {
  readonly contents: Pick<PutAside, 'contents'>;
  release(): void;
}

/** Takes a store for ourselves, as one file, and keeps it until it is released. */
const hold = (path: string): Held | undefined =>
  takeAlone(path, (db) => {
    db.pragma('journal_mode = DELETE'); // what is in the log goes into the file, and the log goes
    db.pragma('locking_mode = NORMAL');
    db.exec('BEGIN EXCLUSIVE; COMMIT'); // takes away the journal that this has left
    db.exec('BEGIN EXCLUSIVE');
    // Somebody may have come in between, and have a log again; if not, the file is ours, and what is still beside it,
    // left by others that were killed, is nobody's.
    if (db.pragma('journal_mode', { simple: true }) !== 'delete') throw inUse(path);
    for (const beside of foundBeside(path)) rmSync(beside);
    return { contents: contentsIn(db), release: () => void db.close() };
  });

/**
 * Works on a store that nobody else has open, and nobody can open meanwhile; the work closes the connection. One that
 * SQLite cannot read is left alone: a service that has opened it before it was damaged is not seen, and keeps nothing
 * more once its file has another name (transactions.ts).
 */
function takeAlone<T>(path: string, work: (db: Connection) => T): T | undefined {
  if (!isDatabase(path)) return undefined; // SQLite would take away a log that it cannot read
  let db: Connection | undefined;
  try {
    db = new Database(path, { fileMustExist: true, timeout: 0 });
    // Whoever has a log open holds a lock for as long, and this one is not given beside it.
    db.pragma('locking_mode = EXCLUSIVE');
    db.exec('BEGIN EXCLUSIVE; COMMIT');
    return work(db);
  } catch (error) {
    db?.close(); // which puts what is in a log into the file, also where the schema cannot be read
    if (!(error instanceof Database.SqliteError)) throw error;
    if (error.code.startsWith('SQLITE_BUSY')) throw inUse(path);
    if (UNUSABLE.test(error.code)) return undefined;
    throw new StoreError(`PENSION_STORE: the store ${path} cannot be put aside: ${error.message}.`);
  }
}

/** Whether a file begins as a database does, or is empty, which is one too. */
function isDatabase(path: string): boolean {
  const descriptor = openSync(path, 'r');
  try {
    const head = Buffer.alloc(MAGIC.length);
    const read = readSync(descriptor, head);
    return read === 0 || head.toString('latin1') === MAGIC;
  } finally {
    closeSync(descriptor);
  }
}

const MAGIC = 'SQLite format 3\0';

const UNUSABLE = /^SQLITE_(?:NOTADB|CORRUPT)/;

const inUse = (path: string): PlaceTaken =>
  new PlaceTaken(
    `The store ${path} is in use: a service or another command has it open. Stop that, and run this again; nothing was changed.`,
  );

function contentsIn(db: Connection): Pick<PutAside, 'contents'> {
  try {
    return { contents: contentsOf(db) };
  } catch {
    return {}; // damaged, older or another program's: it is kept as it is
  }
}

/** Keeps a store, and all that stands beside it, under a second name too; then nothing stands beside it. */
function putAside(path: string, aside: string): void {
  const besideAside = besideOf(aside);
  if (existsSync(path)) nameToo(path, aside);
  // Only one that cannot be opened, or is not there, still has something beside it.
  besideOf(path).forEach((beside, at) => {
    if (existsSync(beside)) nameToo(beside, besideAside[at]!);
  });
  flushFolderOf(path);
  for (const beside of foundBeside(path)) rmSync(beside);
  flushFolderOf(path);
}

/** Gives a file a second name. Throws PlaceTaken where no file can have two. */
function nameToo(file: string, name: string): void {
  try {
    linkSync(file, name);
  } catch (error) {
    if (!isWithoutLinks(error)) throw error;
    throw new PlaceTaken(
      `${file} cannot be kept as ${name}: it can have no second name (${(error as Error).message}). The file system may be without hard links, such as FAT and many a network share. Move the store away, with all that begins with its name, and run this again without --replace; nothing was changed.`,
    );
  }
}

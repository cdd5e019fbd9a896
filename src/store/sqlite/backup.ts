// Copies a store that may be in use into one file, as it was at one moment.

import { closeSync, fdatasyncSync, openSync } from 'node:fs';
import Database from 'better-sqlite3';
import { type Connection, openReadOnly } from './connection.ts';
import { flush } from './files.ts';
import { checkSchema } from './migrate.ts';

/** Pages that are copied at a time, and after how many times they are flushed: 16 MiB. */
const PAGES = 256;
const TIMES = 16;

/**
 * Copies the store in `path` into the new file `to`, which only its owner can read, down to the disk. What is written
 * meanwhile is not in it, and nobody waits for it: a reader holds up no writer. The copy is whole by itself, without
 * a log beside it. Throws StoreError when there is no store of this program's schema.
 */
export async function copySqliteStore(
  path: string,
  to: string,
  onPages: (done: number, total: number) => void,
): Promise<void> {
  const db = openReadOnly(path, true);
  try {
    checkSchema(db);
    await copyPages(db, to, onPages);
  } finally {
    db.close();
  }
  makeWholeByItself(to);
  flush(to);
}

/**
 * Page by page, in the transaction that the connection is in: without it, SQLite begins anew whenever somebody writes.
 * Flushed in small parts: what a Save flushes would otherwise wait behind all that was copied.
 */
async function copyPages(
  db: Connection,
  to: string,
  onPages: (done: number, total: number) => void,
): Promise<void> {
  const descriptor = openSync(to, 'wx', 0o600);
  try {
    let times = 0;
    await db.backup(to, {
      progress({ totalPages, remainingPages }) {
        times += 1;
        if (times % TIMES === 0) fdatasyncSync(descriptor);
        onPages(totalPages - remainingPages, totalPages);
        return PAGES;
      },
    });
  } finally {
    closeSync(descriptor);
  }
}

/** Takes the mark of the write-ahead log from a copy, so that it can be read where nothing can be written. */
function makeWholeByItself(file: string): void {
  const db = new Database(file);
  try {
    const journal = db.pragma('journal_mode = DELETE', { simple: true });
    if (journal !== 'delete') throw new Error(`the copy keeps its journal as ${journal}`);
  } finally {
    db.close();
  }
}

/** Bytes that a copy of the store in `path` takes. Throws StoreError when it cannot be read. */
export function sizeOfCopy(path: string): number {
  const db = openReadOnly(path, true);
  try {
    const of = (pragma: string): number => db.pragma(pragma, { simple: true }) as number;
    return of('page_count') * of('page_size');
  } finally {
    db.close();
  }
}

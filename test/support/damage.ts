// Damage as a bad disk does it: a page of a store that is not what was written.

import { closeSync, copyFileSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { tempDir } from './temp.ts';

const PAGE = 4_096;
/** The first page begins with what says that the file is a database at all. */
const HEAD = 100;

/** The first page of each table, and of the list of them, by their names. */
export function rootsOf(store: string): Map<string, number> {
  const db = new Database(store, { readonly: true });
  const found = db
    .prepare<[], [string, number]>("SELECT name, rootpage FROM sqlite_schema WHERE type = 'table'")
    .raw()
    .all();
  db.close();
  return new Map([['sqlite_schema', 1], ...found]);
}

/** A copy of a store in which one page is overwritten. */
export function overwritten(store: string, page: number): string {
  const file = path.join(tempDir(), 'damaged.db');
  copyFileSync(store, file);
  const from = page === 1 ? HEAD : 0;
  const descriptor = openSync(file, 'r+');
  writeSync(descriptor, Buffer.alloc(PAGE - from, 0xff), 0, PAGE - from, (page - 1) * PAGE + from);
  closeSync(descriptor);
  return file;
}

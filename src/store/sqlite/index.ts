// The store on SQLite: one file, one writer at a time, every answered call on disk.

import type { Store } from '../store.ts';
import { openConnection } from './connection.ts';
import { get } from './get.ts';
import { importMedlemskaber } from './import-medlemskaber.ts';
import { migrate } from './migrate.ts';
import { save } from './save.ts';
import { prepareStatements } from './statements.ts';

/**
 * Opens the store in the file `path`, making it or bringing it to this program's schema first.
 * `now` is the clock: it stamps beskeder when they are queued, under the write lock, so that their order is that of
 * the queue. Throws StoreError, with the remedy, when the file cannot be opened, is not durable, is another
 * program's, or is newer than this program.
 */
export function openSqliteStore(path: string, now: () => Date): Store {
  const db = openConnection(path);
  try {
    migrate(db, now());
  } catch (error) {
    db.close();
    throw error;
  }
  const statements = prepareStatements(db);
  // IMMEDIATE: a transaction that reads before it writes must hold the write lock from the start, or two of them
  // could decide on the same state.
  const transact = <T>(work: () => T): Promise<T> =>
    new Promise((resolve) => resolve(db.transaction(work).immediate()));
  return {
    save: (command) => transact(() => save(statements, command, now())),
    get: (query) => transact(() => get(statements, query)),
    recordRefusal: ({ kald, fejlkode }) => transact(() => statements.audit.add(kald, { fejlkode })),
    importMedlemskaber: (register) => new Promise((resolve) => resolve(importMedlemskaber(db, register))),
    close: async () => {
      db.close();
    },
  };
}

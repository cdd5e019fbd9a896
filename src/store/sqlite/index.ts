// The store on SQLite: one file, one writer at a time, every answered call on disk.

import type { Store } from '../store.ts';
import { openConnection } from './connection.ts';
import { get } from './get.ts';
import { importMedlemskaber } from './import-medlemskaber.ts';
import { migrate, refuseNewerStore } from './migrate.ts';
import { save } from './save.ts';
import { prepareStatements } from './statements.ts';

/**
 * Opens the store in the file `path`, making it or bringing it to this program's schema first.
 * Throws StoreError, with the remedy, when it cannot be opened, is not durable, or is newer than the program.
 */
export function openSqliteStore(path: string, now: Date): Store {
  const db = openConnection(path);
  try {
    refuseNewerStore(db);
    migrate(db, now);
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
    save: (command) => transact(() => save(statements, command)),
    get: (query) => transact(() => get(statements, query)),
    recordRefusal: ({ kald, fejlkode }) => transact(() => statements.audit.add(kald, { fejlkode })),
    importMedlemskaber: (register) => new Promise((resolve) => resolve(importMedlemskaber(db, register))),
    close: async () => {
      db.close();
    },
  };
}

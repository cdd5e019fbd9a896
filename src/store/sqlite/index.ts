// The store on SQLite: one file, one writer at a time, every answered call on disk.

import type { Store } from '../store.ts';
import { openConnection } from './connection.ts';
import { get } from './get.ts';
import { ImportRefused, merge, stage } from './import-medlemskaber.ts';
import { migrate } from './migrate.ts';
import { save } from './save.ts';
import { prepareStatements } from './statements.ts';
import { makeTransactions } from './transactions.ts';

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
  const transactions = makeTransactions(db, path);
  return {
    save: (command) => transactions.run(() => save(statements, command, now())),
    get: (query) => transactions.run(() => get(statements, query)),
    recordRefusal: ({ kald, fejlkode }) => transactions.run(() => statements.audit.add(kald, { fejlkode })),
    async importMedlemskaber({ linjer, hele }) {
      const afviste = stage(db, linjer);
      try {
        return await transactions.run(() => merge(db, hele, afviste));
      } catch (error) {
        if (error instanceof ImportRefused) return { ok: false, fejl: error.afviste };
        throw error;
      }
    },
    async close() {
      await transactions.settled();
      db.close();
    },
  };
}

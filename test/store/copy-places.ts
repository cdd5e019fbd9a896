// Where copies are from and to: a SQLite file, or a PostgreSQL database.

import Database from 'better-sqlite3';
import { addressOf } from '../../src/store/open-store.ts';
import type { CopyPlaces } from './copy-promises.ts';
import { newPath, openSqliteUnderTest } from './sqlite/under-test.ts';

/** The file that an address names. */
export const fileOf = (address: string): string => address.replace(/^sqlite:/, '');

export const sqlitePlaces: CopyPlaces = {
  make: async () => addressOf(newPath()),
  open: (address) => openSqliteUnderTest(fileOf(address)),
  direct: async (address, sql) => {
    const db = new Database(fileOf(address));
    try {
      for (const trigger of db
        .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'trigger'")
        .pluck()
        .all())
        db.exec(`DROP TRIGGER ${trigger}`);
      db.exec(sql);
    } finally {
      db.close();
    }
  },
};

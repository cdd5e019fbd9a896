// A copy of a store from one SQLite file to another; and that no column is forgotten.

import Database from 'better-sqlite3';
import { expect } from 'chai';
import { COPY_TABLES } from '../../src/store/copy/tables.ts';
import { fileOf, sqlitePlaces } from './copy-places.ts';
import { copyPromises } from './copy-promises.ts';

copyPromises('SQLite to SQLite', [sqlitePlaces, sqlitePlaces], 'all');

/** Made anew on the other side: what was gathered is sealed before, and the rest is made by the migrations or set. */
const NOT_ROW_BY_ROW = ['migration', 'medlemskab_register', 'audit_gathering', 'sqlite_sequence'];

/** What only SQLite has: the number by which a besked points at its version. A copy numbers them anew. */
const ONLY_HERE = ['forloeb_version.version_nr', 'besked.version_nr'];

describe('what a copy copies', () => {
  it('is every column of every table of SQLite', async () => {
    const address = await sqlitePlaces.make();
    await (await sqlitePlaces.open(address)).store.close();
    const db = new Database(fileOf(address));
    const columns = db
      .prepare<[], { tbl: string; name: string }>(
        `SELECT t.name AS tbl, c.name FROM sqlite_schema AS t JOIN pragma_table_info(t.name) AS c WHERE t.type = 'table'`,
      )
      .all()
      .filter(({ tbl }) => !NOT_ROW_BY_ROW.includes(tbl))
      .map(({ tbl, name }) => `${tbl}.${name}`);
    db.close();
    const copied = COPY_TABLES.flatMap(({ name, columns }) => columns.map((one) => `${name}.${one.name}`));
    expect([...copied, ...ONLY_HERE]).to.have.members(columns);
  });
});

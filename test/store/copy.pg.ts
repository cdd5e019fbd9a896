// A copy of a store from SQLite to PostgreSQL, back, and from one PostgreSQL database to another; and that no column is
// forgotten.

import Database from 'better-sqlite3';
import { expect } from 'chai';
import { onServer } from '../../build/postgres/databases.ts';
import { COPY_TABLES } from '../../src/store/copy/tables.ts';
import { tempDatabase } from '../support/postgres.ts';
import { copyOf, fill } from './copied.ts';
import { fileOf, sqlitePlaces } from './copy-places.ts';
import { type CopyPlaces, copyPromises } from './copy-promises.ts';
import { openPostgresUnderTest, rows } from './postgres/under-test.ts';

const postgresPlaces: CopyPlaces = {
  make: tempDatabase,
  open: openPostgresUnderTest,
  direct: (address, sql) =>
    onServer(address, async (client) => {
      const tables = COPY_TABLES.map(({ name }) => `ALTER TABLE pension.${name} DISABLE TRIGGER USER;`);
      await client.query(`SET search_path = pension; ${tables.join(' ')} ${sql}`);
    }),
};

copyPromises('SQLite to PostgreSQL', [sqlitePlaces, postgresPlaces], 'all');
copyPromises('PostgreSQL to SQLite', [postgresPlaces, sqlitePlaces], 'source');
copyPromises('PostgreSQL to PostgreSQL', [postgresPlaces, postgresPlaces], 'rows');

/** Made anew on the other side: it follows from the rest, is set, or is empty once the trail is sealed. */
const NOT_ROW_BY_ROW = [
  ...['migration', 'medlemskab_register', 'audit_counter', 'audit_gathering', 'audit_intake', 'probe'],
  ...['borger', 'forloeb_ejer'],
];
/** Says where an entry came from in that database. */
const NOT_COPIED = ['audit_entry.intake_nr'];

/** The number by which a besked points at its version: a copy numbers the versions in its own order. */
const NUMBERED_ANEW = /"version_nr":\d+,/;

/** Every row of a file as SQLite gives it, without the program's idea of what there is. */
function everything(file: string): Map<string, unknown[]> {
  const db = new Database(file, { readonly: true });
  try {
    const tables = db
      .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'migration'")
      .pluck()
      .all();
    return new Map(
      tables.map((table) => [
        table,
        db
          .prepare(`SELECT * FROM ${table}`)
          .all()
          .map((row) => JSON.stringify(row).replace(NUMBERED_ANEW, ''))
          .sort(),
      ]),
    );
  } finally {
    db.close();
  }
}

describe('a copy to PostgreSQL and back', () => {
  it('is the file that it was, with the entries of both copies behind it', async () => {
    const [first, between, last] = [
      await sqlitePlaces.make(),
      await tempDatabase(),
      await sqlitePlaces.make(),
    ];
    const under = await sqlitePlaces.open(first);
    await fill(under, 1);
    await under.store.close();
    await copyOf(first, between);
    await copyOf(between, last);
    const [was, is] = [everything(fileOf(first)), everything(fileOf(last))];
    const grown = ['audit_entry', 'audit_seal', 'sqlite_sequence'];
    for (const [table, before] of was)
      if (grown.includes(table))
        expect(is.get(table), table).to.include.members(
          before.filter((row) => !/"name":"audit/.test(String(row))),
        );
      else expect(is.get(table), table).to.deep.equal(before);
    // In between: the end of the first copy, the beginning of the second and its end.
    expect(is.get('audit_entry')).to.have.length(was.get('audit_entry')!.length + 3);
  });

  it('copies every column of every table of PostgreSQL', async () => {
    const url = await tempDatabase();
    await (await openPostgresUnderTest(url)).store.close();
    const columns = await rows<{ readonly tbl: string; readonly name: string }>(
      url,
      `SELECT c.relname AS tbl, a.attname AS name FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid
        WHERE c.relnamespace = 'pension'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped`,
    );
    const copied = COPY_TABLES.flatMap(({ name, columns }) => columns.map((one) => `${name}.${one.name}`));
    expect(copied).to.have.members(
      columns
        .filter(({ tbl }) => !NOT_ROW_BY_ROW.includes(tbl))
        .map(({ tbl, name }) => `${tbl}.${name}`)
        .filter((column) => !NOT_COPIED.includes(column)),
    );
  });
});

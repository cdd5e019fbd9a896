// A store from before the forløb and their versions were laid out anew, and got numbers: every row of it stays, every rule
// is there again, and an older program leaves it alone.

import { randomUUID } from 'node:crypto';
import Database from 'better-sqlite3';
import { expect } from 'chai';
import type { SaveTidligPensionRequest } from '../../../src/contract/messages.ts';
import type { Personnummer } from '../../../src/domain/personnummer.ts';
import { type Connection, openConnection } from '../../../src/store/sqlite/connection.ts';
import { createSequence } from '../../../src/store/sqlite/create-sequence.ts';
import { openSqliteStore } from '../../../src/store/sqlite/index.ts';
import { knownMigrations, migrate } from '../../../src/store/sqlite/migrate.ts';
import { save } from '../../../src/store/sqlite/save.ts';
import { prepareStatements, type Statements } from '../../../src/store/sqlite/statements.ts';
import { openSqliteRows } from '../../../src/store/sqlite/verify-rows.ts';
import { StoreError } from '../../../src/store/store.ts';
import { verifyStore } from '../../../src/store/verify-store.ts';
import { koe } from '../../cli/outbox/filled.ts';
import { nyBorger } from '../../support/domain-model.ts';
import {
  getQuery,
  kald,
  kompensation,
  NU,
  overgang,
  portsAt,
  saveCommand,
} from '../../support/store-fixtures.ts';
import { tamper } from './store-tamperings.ts';
import { newPath } from './under-test.ts';

const BEFORE = knownMigrations().filter(({ number }) => number <= 5);

/** Citizens of different kinds: so many of each. */
const OF_A_KIND = 25;

/** Makes a store of that time: of the rows that the statements of today write, in its tables. */
function oldStore(): { file: string; borgere: Personnummer[] } {
  const [file, today] = [newPath(), newPath()];
  const db = openConnection(today);
  migrate(db, portsAt(NU));
  const statements = prepareStatements(db, portsAt(NU));
  const borgere = db.transaction(() => fill(db, statements))();
  db.close();
  const old = openConnection(file);
  migrate(old, portsAt(NU), BEFORE);
  old.close();
  tamper(file, (to) => {
    to.prepare('ATTACH ? AS today').run(today);
    const tables = to.prepare<[], string>(
      `SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name <> 'migration' ORDER BY name LIKE 'sqlite_%'`,
    );
    const columns = to.prepare<[string], string>(`SELECT name FROM pragma_table_info(?, 'main')`).pluck();
    for (const table of tables.pluck().all()) {
      to.exec(`DELETE FROM main.${table}`);
      to.exec(`INSERT INTO main.${table} SELECT ${columns.all(table)} FROM today.${table} ORDER BY 1`);
    }
  });
  return { file, borgere };
}

/** Forløb that follow each other, go on or were annulled, of members and of others; half a queue is in a sequence. */
function fill(db: Connection, statements: Statements): Personnummer[] {
  const saves = (message: SaveTidligPensionRequest) => save(statements, saveCommand(message), NU);
  const kept = (Personnummer: Personnummer, says: object, of?: string): string => {
    const saved = saves({ Personnummer, ...says, ...(of !== undefined && { TidligPensionIdentifier: of }) });
    if (!saved.ok) throw new Error(saved.fejl.message);
    return saved.value.forloebId;
  };
  const borgere = Array.from({ length: 4 * OF_A_KIND }, (_, nr) => {
    const Personnummer = nyBorger();
    if (nr % 2 === 0)
      db.prepare("INSERT INTO medlemskab VALUES (?, '11', '2010-01-01', NULL, NULL, NULL, 0)").run(
        Personnummer,
      );
    const annulled = kept(Personnummer, overgang('2026-01-01'));
    kept(Personnummer, {}, annulled);
    const ended = kept(Personnummer, overgang('2026-01-01', '2026-06-30'));
    const open = kept(Personnummer, { ...overgang('2026-07-01'), ...kompensation('2026-07-01') });
    for (let more = nr % 4; more > 0; more -= 1) kept(Personnummer, overgang(`2026-08-0${more}`), open);
    kept(Personnummer, overgang('2026-01-02', '2026-06-29'), ended);
    expect(saves({ Personnummer, ...overgang('2026-09-01') }).ok, 'one that overlaps').to.equal(false);
    return Personnummer;
  });
  const command = { kald: kald(), koe: koe('11'), identifier: randomUUID(), idleMinutes: 60 };
  expect(createSequence(statements, command, NU)).to.have.property('ok', true);
  while (statements.seals.sealNext(NU) !== undefined);
  return borgere;
}

/** Brings it up, with nothing done on it. */
function bringUp(file: string): void {
  const db = openConnection(file);
  migrate(db, portsAt(NU));
  db.close();
}

function look<T>(file: string, work: (db: Connection) => T): T {
  const db = new Database(file, { readonly: true });
  try {
    return work(db);
  } finally {
    db.close();
  }
}

/** What a store of that time has no column for. */
const NEWER = /"version_nr":-?\d+,/;

/** Every row of every table, each table in one order, in the columns of that time. */
const rowsOf = (file: string): Record<string, string[]> =>
  look(file, (db) => {
    const tables = db
      .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'migration'")
      .pluck()
      .all();
    const rows = (table: string) =>
      db
        .prepare(`SELECT * FROM ${table}`)
        .all()
        .map((row) => JSON.stringify(row).replace(NEWER, ''))
        .sort();
    return Object.fromEntries(tables.sort().map((table) => [table, rows(table)]));
  });

/** What the checks of a store find wrong. */
async function wrongIn(file: string): Promise<string[]> {
  const rows = openSqliteRows(file);
  const found: string[] = [];
  for await (const { id, violations } of verifyStore(rows))
    found.push(...violations.map((it) => `${id} ${it}`));
  await rows.close();
  return found;
}

describe('a store from before its forløb were laid out anew', () => {
  it('keeps every row as it was, is whole, and goes on', async () => {
    const { file, borgere } = oldStore();
    const before = rowsOf(file);
    expect(before.forloeb).to.have.length(3 * borgere.length);
    expect(before.forloeb_version).to.have.length.above(5 * borgere.length);
    expect(before.sequence_besked).to.have.length.above(borgere.length);
    bringUp(file);
    expect(rowsOf(file)).to.deep.equal(before);
    expect(await wrongIn(file)).to.deep.equal([]);

    const store = openSqliteStore(file, portsAt(NU));
    const [Personnummer] = borgere as [Personnummer];
    const read = await store.get(getQuery(Personnummer));
    const last = read.ok
      ? read.value.find(({ nr }) => nr === read.value.length)!
      : expect.fail('the reading was refused');
    const more = { TidligPensionIdentifier: last.forloebId, ...overgang('2026-10-01') };
    const saved = await store.save(saveCommand({ Personnummer, ...more }));
    expect(saved.ok && saved.value.version).to.equal(last.version + 1);
    await store.close();
    expect(await wrongIn(file)).to.deep.equal([]);
  });

  it('has every trigger, index, view and column again, and nothing refers to what is not there', () => {
    const { file } = oldStore();
    const names = (): unknown[][] =>
      look(
        file,
        (db) =>
          db
            .prepare(
              `SELECT t.type, t.name, t.tbl_name, c.name, c.type, c."notnull", c.dflt_value
               FROM sqlite_schema AS t LEFT JOIN pragma_table_info(t.name) AS c ON t.type IN ('table', 'view')
              WHERE t.name NOT LIKE 'sqlite_autoindex%' ORDER BY t.type, t.name, c.cid`,
            )
            .raw()
            .all() as unknown[][],
      );
    const before = names();
    bringUp(file);
    const known = new Set(before.map((row) => row.join(' ')));
    const now = names().map((row) => row.join(' '));
    expect(now.filter((row) => !known.has(row))).to.deep.equal([
      'table besked besked version_nr INTEGER 1 ',
      'table forloeb_version forloeb_version version_nr INTEGER 1 ',
      'trigger besked_must_be_of_its_version besked    ',
    ]);
    const gone = [...known].filter((row) => !now.includes(row));
    expect(gone).to.deep.equal(['trigger besked_must_be_of_the_citizen_of_its_version besked    ']);
    look(file, (db) => {
      const parents = `SELECT t.name || ' ' || f."table" FROM sqlite_schema AS t, pragma_foreign_key_list(t.name) AS f
        WHERE t.type = 'table' AND f."table" NOT IN (SELECT name FROM sqlite_schema WHERE type = 'table')`;
      expect(db.prepare(parents).pluck().all()).to.deep.equal([]);
      const texts = db
        .prepare<[], string>('SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL')
        .pluck()
        .all();
      expect(texts.filter((sql) => /_before_\d/.test(sql))).to.deep.equal([]);
    });
  });

  it('has its forløb by citizen, and its versions as they came', () => {
    const { file } = oldStore();
    bringUp(file);
    look(file, (db) => {
      const plan = (sql: string): string =>
        db
          .prepare<[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`)
          .all()
          .map(({ detail }) => detail)
          .join();
      expect(plan("SELECT * FROM forloeb WHERE personnummer = ''")).to.include('USING PRIMARY KEY');
      expect(db.pragma('index_list(forloeb)'), 'no key of it but that one').to.have.length(1);
      expect(plan('SELECT * FROM forloeb_version ORDER BY version_nr')).to.equal('SCAN forloeb_version');
      const numbered = "SELECT version_nr FROM forloeb_version WHERE forloeb_id = '' AND version = 1";
      expect(plan(`SELECT * FROM besked WHERE version_nr = (${numbered})`)).to.include('(version_nr=?)');
      expect(db.pragma('index_list(besked)'), 'none by the identifier of a forløb').to.have.length(4);
      expect(plan("SELECT * FROM forloeb_version WHERE forloeb_id = '' AND version = 1")).to.include(
        'USING INDEX',
      );
    });
  });

  it('is brought up also where something in it is missing, and that is named afterwards', async () => {
    const { file } = oldStore();
    tamper(file, (db) => {
      for (const table of ['besked', 'sequence_besked']) db.exec(`DELETE FROM ${table} WHERE besked_nr = 1`);
      // The number of the last one was given: the next besked has another.
      db.exec('DELETE FROM besked WHERE besked_nr = (SELECT max(besked_nr) FROM besked)');
      db.exec(
        'DELETE FROM forloeb_version WHERE (forloeb_id, version) IN (SELECT forloeb_id, version FROM besked WHERE besked_nr IN (7, 9))',
      );
    });
    const before = rowsOf(file);
    bringUp(file);
    expect(rowsOf(file)).to.deep.equal(before);
    expect(await wrongIn(file)).to.include.members([
      'file a row of forloeb_version refers to one of besked that is not there',
      'file a row of besked refers to one of forloeb_version that is not there',
    ]);
  });

  it('is not for the program of that time any more, which leaves it as it is', () => {
    const { file } = oldStore();
    bringUp(file);
    const before = rowsOf(file);
    const db = openConnection(file);
    expect(() => migrate(db, portsAt(NU), BEFORE))
      .to.throw(StoreError)
      .with.property('message')
      .that.includes('it holds migration 0008-trail-in-stretches');
    db.close();
    expect(rowsOf(file)).to.deep.equal(before);
  });
});

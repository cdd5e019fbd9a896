// Starting on a store: the schema is brought up to date once, whoever starts, and never half.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { expect } from 'chai';
import { openConnection } from '../../../src/store/sqlite/connection.ts';
import { openSqliteStore } from '../../../src/store/sqlite/index.ts';
import { knownMigrations, migrate } from '../../../src/store/sqlite/migrate.ts';
import { StoreError } from '../../../src/store/store.ts';
import { nyBorger } from '../../support/domain-model.ts';
import { kompensation, NU, portsAt, saveCommand } from '../../support/store-fixtures.ts';
import { runAtOnce } from './processes.ts';
import { newPath } from './under-test.ts';

const LATER = new Date('2027-01-01T00:00:00.000Z');
const KNOWN = knownMigrations();
const NAMES = KNOWN.map(({ name }) => name);

/** Every table, trigger and index with its text, and every row of every table. */
function dump(file: string): unknown {
  const db = new Database(file, { readonly: true });
  const schema = db.prepare('SELECT type, name, sql FROM sqlite_master ORDER BY type, name').all() as {
    type: string;
    name: string;
  }[];
  const rows = schema
    .filter(({ type }) => type === 'table')
    .map(({ name }) => [name, db.prepare(`SELECT * FROM "${name}"`).all()]);
  db.close();
  return { schema, rows };
}

const steps = (file: string): string[] => {
  const db = new Database(file, { readonly: true });
  const names = db.prepare('SELECT name FROM migration ORDER BY number').pluck().all() as string[];
  db.close();
  return names;
};

/** A store with something in it, closed. */
async function usedStore(): Promise<string> {
  const file = newPath();
  const store = openSqliteStore(file, portsAt(NU));
  await store.save(saveCommand({ Personnummer: nyBorger(), ...kompensation('2026-01-01') }));
  await store.close();
  return file;
}

/** Makes the store one of a program that is a step further. */
function makeNewer(file: string, number: number, name: string): void {
  const db = new Database(file);
  db.prepare('INSERT INTO migration (number, name, applied) VALUES (?, ?, ?)').run(number, name, 'later');
  db.close();
}

const hash = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');

describe('the steps of the schema', () => {
  it('are numbered from 1 without a gap, in order, and carry their SQL', () => {
    expect(KNOWN.map(({ number }) => number)).to.deep.equal(KNOWN.map((_, i) => i + 1));
    for (const { number, name, sql } of KNOWN) {
      expect(name).to.match(new RegExp(`^${String(number).padStart(4, '0')}-[a-z0-9-]+$`));
      expect(sql).to.match(/^CREATE (TABLE|INDEX) /m);
    }
  });
});

describe('starting on a store', () => {
  it('that does not exist applies every step once, with its time', () => {
    const file = newPath();
    const db = openConnection(file);
    migrate(db, portsAt(NU));
    expect(db.prepare('SELECT number, name, applied FROM migration ORDER BY number').all()).to.deep.equal(
      KNOWN.map(({ number, name }) => ({ number, name, applied: NU.toISOString() })),
    );
    db.close();
  });

  it('for the second time does nothing', async () => {
    const file = await usedStore();
    const before = dump(file);
    await openSqliteStore(file, portsAt(LATER)).close();
    expect(dump(file)).to.deep.equal(before);
  });

  it('that is a step behind applies what is missing and keeps what is there', () => {
    const file = newPath();
    const db = openConnection(file);
    migrate(db, portsAt(NU), KNOWN.slice(0, 1));
    migrate(db, portsAt(LATER));
    const applied = db.prepare('SELECT applied FROM migration ORDER BY number').pluck().all();
    expect(applied).to.deep.equal([NU, ...KNOWN.slice(1).map(() => LATER)].map((at) => at.toISOString()));
    db.close();
  });

  for (const [processes, stores] of [
    [2, 10],
    [5, 6],
  ] as const)
    it(`that is empty succeeds for ${processes} processes at once, ${stores} times; each step is applied once`, async function () {
      this.slow(5000);
      const files = Array.from({ length: stores }, newPath);
      const outcomes = await runAtOnce(processes, files, 1);
      expect(outcomes).to.deep.equal(Array(processes * stores).fill('done'));
      for (const file of files) {
        expect(steps(file)).to.deep.equal(NAMES);
        const db = new Database(file, { readonly: true });
        expect(db.prepare('SELECT count(*) FROM forloeb_version').pluck().get()).to.equal(processes);
        db.close();
      }
    });

  it('of a newer program is refused, naming its step and ours, and leaves it as it was', async () => {
    const file = await usedStore();
    makeNewer(file, KNOWN.length + 7, '0099-from-the-future');
    const before = { bytes: hash(file), content: dump(file) };
    expect(() => openSqliteStore(file, portsAt(LATER)))
      .to.throw(StoreError)
      .with.property('message')
      .that.includes('0099-from-the-future')
      .and.includes(NAMES.at(-1))
      .and.includes(file);
    expect(dump(file)).to.deep.equal(before.content);
    expect(hash(file)).to.equal(before.bytes);
  });

  it('of a newer program is refused before any step of ours is tried', () => {
    const file = newPath();
    const db = openConnection(file);
    migrate(db, portsAt(NU), KNOWN.slice(0, 1));
    makeNewer(file, KNOWN.length + 1, '0099-from-the-future');
    expect(() => migrate(db, portsAt(LATER))).to.throw(StoreError);
    expect(() => openSqliteStore(file, portsAt(LATER))).to.throw(StoreError);
    expect(steps(file)).to.deep.equal([NAMES[0], '0099-from-the-future']);
    db.close();
  });

  it('that is older and must exist leaves it as it is: a service of that version may run on it', async () => {
    const file = newPath();
    const db = openConnection(file);
    migrate(db, portsAt(NU), KNOWN.slice(0, 2));
    db.close();
    expect(() => openSqliteStore(file, portsAt(LATER), { mustExist: true })).to.throw(
      StoreError,
      /of an older version/,
    );
    const after = openConnection(file);
    expect(after.prepare('SELECT count(*) FROM migration').pluck().get()).to.equal(2);
    after.close();
    expect(await openSqliteStore(file, portsAt(LATER)).close()).to.equal(undefined);
  });

  it('that is the database of another program is refused, and left as it was', () => {
    const file = newPath();
    const theirs = new Database(file);
    theirs.exec('CREATE TABLE theirs (a INTEGER); INSERT INTO theirs VALUES (1)');
    const before = readFileSync(file);
    expect(() => openSqliteStore(file, portsAt(NU)))
      .to.throw(StoreError)
      .with.property('message')
      .that.matches(/^PENSION_STORE: .* of another program/);
    expect(theirs.prepare('SELECT group_concat(name) FROM sqlite_master').pluck().get()).to.equal('theirs');
    theirs.close();
    expect(readFileSync(file).equals(before)).to.equal(true);
  });

  it('leaves the store as it was when a step fails half way, and goes on where it stopped the next time', async () => {
    const file = await usedStore();
    const before = dump(file);
    const db = openConnection(file);
    const number = KNOWN.length + 1;
    const half =
      'CREATE TABLE half (a INTEGER); INSERT INTO half VALUES (1); UPDATE audit_entry SET system = 1;';
    expect(() => migrate(db, portsAt(LATER), [...KNOWN, { number, name: '0099-half', sql: half }])).to.throw(
      'audit_entry_is_never_changed',
    );
    expect(dump(file)).to.deep.equal(before);
    migrate(db, portsAt(LATER), [
      ...KNOWN,
      { number, name: '0099-whole', sql: 'CREATE TABLE whole (a INTEGER);' },
    ]);
    db.close();
    expect(steps(file)).to.deep.equal([...NAMES, '0099-whole']);
  });

  it('that may make a table anew, and leaves nothing that refers to what is not there', async () => {
    const file = await usedStore();
    const before = dump(file);
    const db = openConnection(file);
    const step = (sql: string) => [...KNOWN, { number: KNOWN.length + 1, name: '0099-anew', sql }];
    const emptied = 'DROP TRIGGER forloeb_is_never_deleted; DELETE FROM forloeb;';
    expect(() => migrate(db, portsAt(LATER), step(emptied))).to.throw('0099-anew would leave rows');
    const looked = () => ['foreign_keys', 'legacy_alter_table'].map((of) => db.pragma(of, { simple: true }));
    expect(looked(), 'after a step that fails').to.deep.equal([1, 0]);
    expect(dump(file)).to.deep.equal(before);
    migrate(
      db,
      portsAt(LATER),
      step('ALTER TABLE sequence RENAME TO gone; CREATE TABLE sequence (sequence_nr INTEGER PRIMARY KEY);'),
    );
    expect(looked()).to.deep.equal([1, 0]);
    const besked = db.prepare("SELECT sql FROM sqlite_schema WHERE name = 'besked'").pluck().get();
    expect(besked).to.include('REFERENCES sequence (').and.not.include('gone');
    db.close();
  });

  it('keeps the steps before the one that fails', () => {
    const file = newPath();
    const db = openConnection(file);
    const broken = { number: 2, name: '0002-broken', sql: 'CREATE TABLE broken (' };
    expect(() => migrate(db, portsAt(NU), [KNOWN[0]!, broken])).to.throw();
    expect(steps(file)).to.deep.equal([NAMES[0]]);
    db.close();
  });
});

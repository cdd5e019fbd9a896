// Starting on a database: the schema is brought up to date once, whoever starts, and never half.

import { expect } from 'chai';
import { onServer } from '../../../build/postgres/databases.ts';
import type { Migration } from '../../../src/store/kept/migrations.ts';
import { openClient, sessionOf } from '../../../src/store/postgres/connection.ts';
import { openPostgresStore } from '../../../src/store/postgres/index.ts';
import { knownMigrations, migrate } from '../../../src/store/postgres/migrate.ts';
import { schemaDifferencesIn } from '../../../src/store/postgres/verify-database.ts';
import { StoreError } from '../../../src/store/store.ts';
import { nyBorger } from '../../support/domain-model.ts';
import { tempDatabase } from '../../support/postgres.ts';
import { kompensation, NU, portsAt, saveCommand } from '../../support/store-fixtures.ts';
import { connect, dump } from './direct.ts';
import { OPTIONS } from './under-test.ts';

const LATER = new Date('2027-01-01T00:00:00.000Z');
const KNOWN = knownMigrations();
const open = (url: string, now: Date, mustExist = false) =>
  openPostgresStore(url, portsAt(now), { ...OPTIONS, mustExist });

/** Takes some steps, as a program that knows no others would. */
async function take(url: string, now: Date, migrations: readonly Migration[]): Promise<void> {
  const client = await openClient(url, false);
  try {
    await migrate(sessionOf(client), portsAt(now), migrations);
  } finally {
    await client.end();
  }
}

/** The steps that were taken: name and time. */
async function steps(url: string): Promise<string[]> {
  const client = await connect(url);
  const { rows } = await client.query<{ step: string }>(
    "SELECT name || ' ' || applied AS step FROM migration ORDER BY number",
  );
  await client.end();
  return rows.map(({ step }) => step);
}
const at = (now: Date, migrations: readonly Migration[]): string[] =>
  migrations.map(({ name }) => `${name} ${now.toISOString()}`);

/** A store with something in it, closed. */
async function usedStore(): Promise<string> {
  const url = await tempDatabase();
  const store = await open(url, NU);
  await store.save(saveCommand({ Personnummer: nyBorger(), ...kompensation('2026-01-01') }));
  await store.close();
  return url;
}

/** What its schema has that this program does not make, or lacks. */
async function differences(url: string): Promise<string[]> {
  const client = await openClient(url, false);
  await client.query('BEGIN');
  const found: string[] = [];
  for await (const difference of schemaDifferencesIn(sessionOf(client))) found.push(difference);
  await client.end();
  return found;
}

describe('the steps of the schema on PostgreSQL', () => {
  it('are numbered from 1 without a gap, in order', () => {
    expect(KNOWN.map(({ number }) => number)).to.deep.equal(KNOWN.map((_, i) => i + 1));
    for (const { number, name, sql } of KNOWN) {
      expect(name).to.match(new RegExp(`^${String(number).padStart(4, '0')}-[a-z0-9-]+$`));
      expect(sql, 'each is a transaction').not.to.match(/^\s*(BEGIN|COMMIT)\s*;/im);
    }
  });
});

describe('starting on a database of PostgreSQL', function () {
  this.timeout(180_000);

  it('that is empty applies every step once, with its time, and for the second time does nothing', async () => {
    const url = await usedStore();
    expect(await steps(url)).to.deep.equal(at(NU, KNOWN));
    const before = await dump(url);
    await (await open(url, LATER)).close();
    expect(await dump(url)).to.deep.equal(before);
  });

  it('that is some steps behind applies what is missing; one that must exist is left as it is', async () => {
    for (const taken of [0, 1, KNOWN.length - 1]) {
      const url = await tempDatabase();
      await take(url, NU, KNOWN.slice(0, taken || 1));
      if (taken === 0)
        // Somebody was stopped between the beginning and the first step.
        await onServer(url, (client) =>
          client.query(
            'DROP SCHEMA pension CASCADE; CREATE SCHEMA pension; SET search_path = pension; CREATE EXTENSION btree_gist; CREATE TABLE migration (number integer NOT NULL PRIMARY KEY, name text NOT NULL, applied text NOT NULL)',
          ),
        );
      const before = await dump(url);
      const error = await open(url, LATER, true).catch((thrown: unknown) => thrown);
      expect(error)
        .to.be.instanceOf(StoreError)
        .with.property('message')
        .that.matches(/of an older version/);
      expect(await dump(url)).to.deep.equal(before);
      await (await open(url, LATER)).close();
      expect(await steps(url)).to.deep.equal([
        ...at(NU, KNOWN.slice(0, taken)),
        ...at(LATER, KNOWN.slice(taken)),
      ]);
      expect(await differences(url)).to.deep.equal([]);
    }
  });

  it('for several at once applies each step once, and all of them work', async () => {
    const url = await tempDatabase();
    const stores = await Promise.all(Array.from({ length: 6 }, () => open(url, NU)));
    for (const store of stores)
      expect(
        (await store.save(saveCommand({ Personnummer: nyBorger(), ...kompensation('2026-01-01') }))).ok,
      ).to.equal(true);
    for (const store of stores) await store.close();
    expect(await steps(url)).to.deep.equal(at(NU, KNOWN));
  });

  it('of a newer program is refused, naming its step and ours, and leaves it as it was', async () => {
    const inPart = await tempDatabase();
    await take(inPart, NU, KNOWN.slice(0, 1)); // then no step of ours is tried either
    for (const url of [await usedStore(), inPart]) {
      await onServer(url, (client) =>
        client.query("INSERT INTO pension.migration VALUES (99, '0099-from-the-future', 'later')"),
      );
      const before = await dump(url);
      for (const mustExist of [false, true]) {
        const error = await open(url, LATER, mustExist).catch((thrown: unknown) => thrown);
        expect(error).to.be.instanceOf(StoreError);
        expect((error as Error).message)
          .to.include('0099-from-the-future')
          .and.include(KNOWN.at(-1)!.name)
          .and.match(/Start a newer version .*; it was not changed/);
      }
      expect(await dump(url)).to.deep.equal(before);
    }
  });

  it('is left as it was when a step fails half way, and goes on where it stopped the next time', async () => {
    const url = await usedStore();
    const before = await dump(url);
    const number = KNOWN.length + 1;
    const half = `SET LOCAL search_path = pension; CREATE TABLE half (a integer); INSERT INTO half VALUES (1);
      DROP TRIGGER besked_is_never_deleted ON besked; UPDATE audit_entry SET system = 'x';`;
    const failing = { number, name: '0099-half', sql: half };
    const error = await take(url, LATER, [...KNOWN, failing]).catch((thrown: unknown) => thrown);
    expect(String(error)).to.include('audit_entry_is_never_changed');
    expect(await dump(url)).to.deep.equal(before);
    const whole = { number, name: '0099-whole', sql: 'CREATE TABLE whole (a integer)' };
    await take(url, LATER, [...KNOWN, whole]);
    expect(await steps(url)).to.deep.equal([...at(NU, KNOWN), ...at(LATER, [whole])]);
  });

  it('waits for another that is at it, and finds its work done', async () => {
    const url = await tempDatabase();
    const other = await connect(url);
    await other.query('SELECT pg_advisory_lock($1)', [0x50_65_6e_53]);
    let isOpen = false;
    const opening = open(url, LATER).then((store) => {
      isOpen = true;
      return store;
    });
    const waits =
      "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
    while ((await other.query(waits)).rows.length === 0)
      await new Promise((resolve) => setTimeout(resolve, 10));
    expect(isOpen).to.equal(false);
    await other.query('SELECT pg_advisory_unlock_all()');
    await (await opening).close();
    await other.end();
    expect(await steps(url)).to.deep.equal(at(LATER, KNOWN));
  });

  for (const [what, made] of [
    ['in another schema', 'CREATE EXTENSION btree_gist SCHEMA public'],
    [
      'in ours, which whoever runs the database has made',
      'CREATE SCHEMA pension; CREATE EXTENSION btree_gist SCHEMA pension',
    ],
  ] as const)
    it(`takes the extension that is there already, ${what}`, async () => {
      const url = await tempDatabase();
      await onServer(url, (client) => client.query(made));
      await (await open(url, NU)).close();
      expect(await steps(url)).to.deep.equal(at(NU, KNOWN));
      expect(await differences(url)).to.deep.equal([]);
    });
});

// A database that does not keep its word, or is none of ours, is refused at the start, with the remedy, and left as it
// was. No message has the password.

import { chownSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import pg from 'pg';
import { newDatabase, onDatabase, onServer } from '../../../build/postgres/databases.ts';
import type { PrivatePostgres } from '../../../build/postgres/server.ts';
import { refuse } from '../../../src/store/postgres/health.ts';
import { openPostgresAudit, openPostgresStore } from '../../../src/store/postgres/index.ts';
import { inspectPostgresStore } from '../../../src/store/postgres/inspect.ts';
import { openPostgresRows } from '../../../src/store/postgres/verify-rows.ts';
import { StoreError } from '../../../src/store/store.ts';
import { startPension, worldEnv } from '../../support/cli.ts';
import { nyBorger } from '../../support/domain-model.ts';
import { privateServer, tempDatabase } from '../../support/postgres.ts';
import { demoWorld } from '../../support/service.ts';
import { kompensation, NU, portsAt, saveCommand } from '../../support/store-fixtures.ts';
import { connect, dump, emptyStore } from './direct.ts';
import { OPTIONS } from './under-test.ts';

const ADDRESS = /Check that PostgreSQL runs, and host, port, user, password and database/;

/** What whoever opens it is told: a service, a command that reads the trail, and one that verifies. */
async function refusals(url: string, isTest = false): Promise<string[]> {
  const said: string[] = [];
  for (const open of [
    () => openPostgresStore(url, portsAt(NU), { ...OPTIONS, isTest }),
    () => openPostgresStore(url, portsAt(NU), { ...OPTIONS, isTest, mustExist: true }),
    () => openPostgresAudit(url, portsAt(NU), { snapshot: false, isTest }),
    () => openPostgresRows(url, isTest),
  ])
    await open().then(
      () => said.push('taken'),
      (error: unknown) => {
        expect(error, String(error)).to.be.instanceOf(StoreError);
        said.push((error as Error).message);
      },
    );
  for (const message of said) expect(message).not.to.contain(new URL(url).password || ' nothing');
  return said;
}

/** All of them are refused, and say so. */
async function expectRefused(url: string, says: RegExp, remedy: RegExp): Promise<void> {
  for (const message of await refusals(url)) {
    expect(message).to.match(/^PENSION_STORE: /);
    expect(message).to.match(says);
    expect(message).to.match(remedy);
  }
}

/** A store with something in it, closed. */
async function usedStore(url: string): Promise<void> {
  const store = await openPostgresStore(url, portsAt(NU), OPTIONS);
  await store.save(saveCommand({ Personnummer: nyBorger(), ...kompensation('2026-01-01') }));
  await store.close();
}

describe('a PostgreSQL that loses what it has answered', function () {
  this.timeout(180_000);
  let server: PrivatePostgres;
  let url: string;
  before(async function () {
    server = await privateServer(this, 'R2');
    url = await newDatabase(server.url);
    await usedStore(url);
  });

  for (const setting of ['fsync', 'full_page_writes', 'synchronous_commit'])
    it(`because ${setting} is off is refused, and taken for a test`, async () => {
      await server.stop();
      await server.start({ [setting]: 'off' });
      await expectRefused(
        url,
        new RegExp(`not durable: ${setting} is off`),
        /Set it to on .*DURABILITY=test/,
      );
      expect(await refusals(url, true)).to.deep.equal(Array(4).fill('taken'));
      const seen = await inspectPostgresStore(url, 'the store', false);
      expect(seen).to.deep.include({ state: 'current', notDurable: `${setting} is off` });
      await server.stop();
      await server.start({});
      expect(await refusals(url), 'when it is on again').to.deep.equal(Array(4).fill('taken'));
    });

  it('because its role or its database does not wait for the disk is refused', async () => {
    const name = new URL(url).pathname.slice(1);
    for (const whose of ['ROLE pension', `DATABASE ${name}`, `ROLE pension IN DATABASE ${name}`]) {
      await onServer(url, (client) => client.query(`ALTER ${whose} SET synchronous_commit = off`));
      await expectRefused(url, /not durable: synchronous_commit is off/, /Set it to on/);
      await onServer(url, (client) => client.query(`ALTER ${whose} RESET synchronous_commit`));
    }
    const asked = `${url}?options=-c%20synchronous_commit%3Doff`;
    await expectRefused(asked, /not durable: synchronous_commit is off/, /Set it to on/);
  });

  it('because it is a standby is refused', async () => {
    await server.stop();
    const [data, signal] = [path.join(server.dir, 'data'), path.join(server.dir, 'data/standby.signal')];
    writeFileSync(signal, '');
    chownSync(signal, statSync(data).uid, statSync(data).gid);
    // It never says that it takes writes, which whoever starts it waits for.
    const started = server.start({ hot_standby: 'on' }).catch(() => undefined);
    const answers = () => onServer(url, () => Promise.resolve(true)).catch(() => false);
    for (let tries = 0; tries < 200 && !(await answers()); tries += 1) await sleep(50);
    try {
      await expectRefused(url, /is a standby, which can only be read/, /name the primary/);
    } finally {
      await server.stop();
      await started;
      rmSync(signal);
      await server.start({});
    }
    expect(await refusals(url), 'the primary').to.deep.equal(Array(4).fill('taken'));
  });

  it('because it lets nobody in, has no such database, or does not run, is refused, without the password', async () => {
    const wrong = new URL(url);
    wrong.password = 'hemmeligt-men-forkert';
    const nobody = new URL(url);
    nobody.username = 'ingen';
    const nowhere = new URL(url);
    nowhere.port = '1';
    const cases = [
      [wrong.href, /does not let this user in \(28P01\)/],
      [nobody.href, /does not let this user in \(28000\)/],
      [onDatabase(url, 'findes_ikke'), /there is no such database \(3D000\)/],
      [nowhere.href, /cannot be reached \(ECONNREFUSED\)/],
    ] as const;
    for (const [address, says] of cases) await expectRefused(address, says, ADDRESS);

    // The same through the program that people start.
    const world = worldEnv(await demoWorld());
    const ended = cases.map(async ([address, says]) => {
      const { code, stdout, stderr } = await startPension(['serve'], {
        env: { ...world, PENSION_TLS: 'off', PENSION_STORE: address },
      }).result;
      expect({ code, stdout }).to.deep.equal({ code: 1, stdout: '' });
      expect(stderr).to.match(says).and.to.match(ADDRESS);
      expect(stderr).not.to.contain(new URL(address).password);
      expect(stderr, 'a message, and no stack').not.to.match(/\n\s+at /);
    });
    await Promise.all(ended);
  });
});

describe('a database that is not for this', function () {
  this.timeout(180_000);

  it('because of its encoding is refused', async () => {
    const server = await tempDatabase();
    for (const encoding of ['LATIN1', 'SQL_ASCII']) {
      const name = `${new URL(server).pathname.slice(1)}_${encoding.toLowerCase()}`;
      await onServer(server, (client) =>
        client.query(
          `CREATE DATABASE ${name} TEMPLATE template0 ENCODING '${encoding}' LC_COLLATE 'C' LC_CTYPE 'C'`,
        ),
      );
      await expectRefused(onDatabase(server, name), new RegExp(`is in ${encoding}`), /ENCODING 'UTF8'/);
      await onServer(server, (client) => client.query(`DROP DATABASE ${name}`));
    }
  });

  for (const [what, theirs] of [
    ['with tables', 'CREATE TABLE pension.theirs (a integer); INSERT INTO pension.theirs VALUES (1)'],
    [
      'with a table migration of its own',
      "CREATE TABLE pension.migration (id text); INSERT INTO pension.migration VALUES ('x')",
    ],
    [
      'with an empty table migration of its own',
      'CREATE TABLE pension.migration (number integer, name text, applied text, other text)',
    ],
    [
      'with nothing but functions',
      'CREATE FUNCTION pension.refuse() RETURNS integer LANGUAGE sql AS $$ SELECT 1 $$',
    ],
  ] as const)
    it(`because another program has the schema, ${what}, is refused, and left as it was`, async () => {
      const url = await tempDatabase();
      await onServer(url, (client) => client.query(`CREATE SCHEMA pension; ${theirs}`));
      const before = await dump(url);
      await expectRefused(
        url,
        /schema pension .* another program's/,
        /Name another database; it was not changed/,
      );
      expect(await dump(url)).to.deep.equal(before);
    });

  it('because this user may make nothing in it is refused', async () => {
    const url = await tempDatabase();
    const name = new URL(url).pathname.slice(1);
    await onServer(url, (client) => client.query(`REVOKE CREATE ON DATABASE ${name} FROM PUBLIC, pension`));
    const [said] = await refusals(url);
    expect(said).to.match(/may not do everything in the database that the service needs \(42501\)/);
    expect(said).to.match(/GRANT CREATE ON DATABASE/);
  });

  it('because its server lacks the extension is refused', () => {
    // As PostgreSQL says it, in any language.
    const lacking = new pg.DatabaseError('Erweiterung »btree_gist« ist nicht verfügbar', 0, 'error');
    lacking.code = '0A000';
    expect(() => refuse(lacking)).to.throw(StoreError, /lacks its own extension btree_gist\. Install /);
  });

  it('because a table may not be written is not well, and says so, until it may', async () => {
    const url = await emptyStore();
    const store = await openPostgresStore(url, portsAt(NU), OPTIONS);
    const client = await connect(url);
    await client.query('REVOKE INSERT ON forloeb FROM pension');
    const command = saveCommand({ Personnummer: nyBorger(), ...kompensation('2026-01-01') });
    const error = await store.save(command).catch((thrown: unknown) => thrown);
    expect(error).to.have.property('mayBeKept', false);
    expect(store.health.failure()?.cause).to.match(/may not do everything .*\(42501\)/);
    await client.query('GRANT INSERT ON forloeb TO pension');
    for (const _ of [1, 2]) await store.health.tryAgain();
    expect((await store.save(command)).ok).to.equal(true);
    await client.end();
    await store.close();
  });
});

// The private PostgreSQL of the tests and the demo: what it promises by itself, and that nothing of it stays behind.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import pg from 'pg';
import { findBinaries } from '../../build/postgres/binaries.ts';
import { dropDatabase, newDatabase, onServer } from '../../build/postgres/databases.ts';
import { makeFolder } from '../../build/postgres/folder.ts';
import { type PrivatePostgres, startPostgres } from '../../build/postgres/server.ts';
import { needsPrivateServer, privateServer, tempDatabase } from './postgres.ts';
import { tempDir } from './temp.ts';

const SERVER = fileURLToPath(new URL('../../build/postgres/server.ts', import.meta.url));
const isRoot = process.getuid!() === 0;

/** The first value of the first row. */
const ask = (url: string, sql: string): Promise<unknown> =>
  onServer(url, async (client) => Object.values((await client.query(sql)).rows[0] as object)[0]);

/** What the rejection says. */
const refusal = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'taken',
    (error: Error) => error.message,
  );

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe('a database for a test', () => {
  it('is in UTF-8, orders by bytes, and takes the extension that the store needs', async () => {
    const url = await tempDatabase();
    expect(await ask(url, "SELECT current_setting('server_encoding')")).to.equal('UTF8');
    const order = "SELECT string_agg(x, '' ORDER BY x) FROM unnest(ARRAY['a', 'B', 'å', 'Z']) AS x";
    expect(await ask(url, order)).to.equal('BZaå');
    await onServer(url, (client) => client.query('CREATE EXTENSION btree_gist'));
  });

  it('is dropped though somebody is connected', async () => {
    const url = await tempDatabase();
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => undefined);
    await client.connect();
    await dropDatabase(await tempDatabase(), url);
    expect(await refusal(client.query('SELECT 1'))).not.to.equal('taken');
    expect(await refusal(onServer(url, async () => undefined))).to.match(/does not exist/);
  });
});

describe('a private server', () => {
  let server: PrivatePostgres;
  before(async function () {
    server = await privateServer(this, 'R2');
  });

  for (const setting of ['fsync', 'synchronous_commit', 'full_page_writes', 'data_checksums']) {
    it(`has ${setting} on`, async () => {
      expect(await ask(server.url, `SELECT current_setting('${setting}')`)).to.equal('on');
    });
  }

  it('listens on loopback and nowhere else', async () => {
    expect(await ask(server.url, "SELECT current_setting('listen_addresses')")).to.equal('127.0.0.1');
    const sockets = ['/tmp', '/var/run/postgresql', server.dir].map(
      (dir) => `${dir}/.s.PGSQL.${server.port}`,
    );
    expect(sockets.filter((socket) => existsSync(socket))).to.deep.equal([]);
  });

  it('lets in a role without rights of its own, by its password, and not the superuser', async () => {
    expect(
      await ask(server.url, 'SELECT rolsuper OR rolreplication FROM pg_roles WHERE rolname = current_user'),
    ).to.equal(false);
    const as = (user: string, password: string): Promise<unknown> => {
      const url = new URL(server.url);
      url.username = user;
      url.password = password;
      return onServer(url.href, async () => undefined);
    };
    expect(await refusal(as('pension', 'wrong'))).to.match(/password authentication failed/);
    expect(await refusal(as('postgres', 'wrong'))).to.match(/no pg_hba.conf entry/);
  });

  it('does not run as root', function () {
    if (!isRoot || process.platform !== 'linux') this.skip();
    expect(statSync(`/proc/${server.pid}`).uid).not.to.equal(0);
  });

  it('has after a crash what was committed, under the same address', async () => {
    const url = await newDatabase(server.url);
    await onServer(url, (client) => client.query('CREATE TABLE kept AS SELECT 7 AS seven'));
    await server.stopImmediately();
    expect(await refusal(onServer(url, async () => undefined))).to.match(/ECONNREFUSED/);
    await server.start();
    expect(server.log()).to.include('automatic recovery in progress');
    expect(await ask(url, 'SELECT seven FROM kept')).to.equal(7);
  });

  it('takes other settings when it is started again', async () => {
    await server.stop();
    await server.start({ fsync: 'off' });
    expect(await ask(server.url, "SELECT current_setting('fsync')")).to.equal('off');
  });

  it('says why it does not start, and leaves nothing behind', async () => {
    const dir = path.join(tempDir(), 'data');
    chmodSync(path.dirname(dir), 0o755);
    const said = await refusal(startPostgres({ dir, settings: { no_such_setting: 1 } }));
    expect(said).to.match(/did not start[\s\S]*no_such_setting/);
    expect(existsSync(path.join(dir, 'data/postmaster.pid'))).to.equal(false);
  });

  it('has gone with its folder when remove has resolved', async () => {
    const { pid, dir } = server;
    expect([isAlive(pid!), existsSync(dir)]).to.deep.equal([true, true]);
    await server.remove();
    expect([isAlive(pid!), existsSync(dir)]).to.deep.equal([false, false]);
  });
});

describe('a process that has started a private server', () => {
  before(function () {
    needsPrivateServer(this, 'R2');
  });

  for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
    it(`leaves neither server nor folder behind when it is ended by ${signal}`, async () => {
      const temp = tempDir();
      chmodSync(temp, 0o777);
      const program = `
        import { startPostgres } from ${JSON.stringify(SERVER)};
        const server = await startPostgres();
        console.log(server.pid);
        setInterval(() => undefined, 1000);`;
      const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
        env: { ...process.env, TMPDIR: temp },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const [line] = await Promise.race([once(child.stdout, 'data'), once(child, 'exit')]);
      const pid = Number(line);
      expect(isAlive(pid), 'the server runs').to.equal(true);
      expect(readdirSync(temp)).to.have.length(1);
      child.kill(signal);
      await once(child, 'exit');
      const until = Date.now() + 40_000;
      while ((isAlive(pid) || readdirSync(temp).length > 0) && Date.now() < until) await sleep(50);
      expect(isAlive(pid), 'the server').to.equal(false);
      expect(readdirSync(temp)).to.deep.equal([]);
    });
  }
});

describe('the programs of PostgreSQL', () => {
  it('are looked for only where PENSION_TEST_PG_FROM says', () => {
    expect(() => findBinaries('elsewhere')).to.throw('PENSION_TEST_PG_FROM must be one of debian, path, npm');
    for (const from of ['debian', 'path', 'npm'] as const) {
      expect(findBinaries(from)?.from ?? from).to.equal(from);
    }
  });

  it('are copied from where only root can read them', function () {
    if (!isRoot) this.skip();
    const hidden = path.join(tempDir(), 'native'); // a temporary folder is its owner's only
    mkdirSync(path.join(hidden, 'bin'), { recursive: true });
    writeFileSync(path.join(hidden, 'bin/postgres'), '#!/bin/sh\n', { mode: 0o755 });
    const { dir, bin, user } = makeFolder({ from: 'npm', bin: path.join(hidden, 'bin'), major: 17 });
    expect(bin).to.equal(path.join(dir, 'programs/bin'));
    expect(statSync(path.join(bin, 'postgres')).uid).to.equal((user as { uid: number }).uid);
    rmSync(dir, { recursive: true });
  });

  it('of another major version are refused for data that are kept', async () => {
    const dir = tempDir();
    mkdirSync(path.join(dir, 'data'));
    writeFileSync(path.join(dir, 'data/PG_VERSION'), '9\n');
    expect(await refusal(startPostgres({ dir }))).to.match(/was made by PostgreSQL 9, and this is \d\d/);
    expect(readFileSync(path.join(dir, 'data/PG_VERSION'), 'utf8')).to.equal('9\n');
  });
});

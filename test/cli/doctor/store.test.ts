// `pension doctor` on the store's file: whose it is, its schema, whether it keeps its word, who may read it.

import { chmodSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { expect } from 'chai';
import { systemPorts } from '../../../src/domain/ports.ts';
import { openStore } from '../../../src/store/open-store.ts';
import { knownMigrations, migrate } from '../../../src/store/sqlite/migrate.ts';
import { pension } from '../../support/cli.ts';
import { expectHealthy, expectOnly, newPatient, type Patient, saysOf } from './patient.ts';

describe('pension doctor: store', () => {
  let patient: Patient;
  let file: string;
  beforeEach(async () => {
    patient = await newPatient();
    file = patient.file('pension.db');
  });

  const at = (name: string) => ({ PENSION_STORE: `sqlite:${patient.file(name)}` });
  /** Changes the database behind the program's back. */
  const direct = <T>(name: string, act: (db: Database.Database) => T): T => {
    const db = new Database(patient.file(name));
    try {
      return act(db);
    } finally {
      db.close();
    }
  };

  it('says which schema it has and that every commit is flushed', async () => {
    const says = saysOf(await patient.findings(), 'store');
    expect(says).to.include(`pension.db has schema ${knownMigrations().at(-1)!.name};`);
    expect(says).to.match(/synchronous=FULL\); no page is damaged$/);
  });

  it('lets a store pass that is not there yet, and makes none', async () => {
    const found = await patient.findings(at('not/yet/pension.db'));
    expect(saysOf(found, 'store')).to.match(/is not there yet; the first start makes it/);
    expect(saysOf(found, 'register')).to.match(/pension import medlemskaber FILE/);
    expect(found.every(({ ok }) => ok)).to.equal(true);
  });

  it('fails a file that is no database', async () => {
    writeFileSync(file, 'not a database\n'.repeat(100));
    expectOnly(
      await patient.findings(),
      'store',
      /pension\.db: file is not a database/,
      /Name the right file/,
    );
  });

  it('fails a folder', async () => {
    mkdirSync(patient.file('folder'));
    expectOnly(await patient.findings(at('folder')), 'store', /folder: unable to open/, /Check the path/);
  });

  it('fails a store below a file', async () => {
    chmodSync(patient.file('env'), 0o700);
    const found = await patient.findings(at('env/pension.db'));
    expect(found.filter(({ check, ok }) => check === 'store' && !ok)).to.have.length(1);
  });

  it('fails the database of another program', async () => {
    direct('other.db', (db) => db.exec('CREATE TABLE t (x); CREATE TABLE migration (number, name, applied)'));
    const found = await patient.findings(at('other.db'));
    expectOnly(found, 'store', /not a store of this program/, /Name the right file/);
  });

  it('fails a store that is newer than the program', async () => {
    direct('pension.db', (db) =>
      db.exec("INSERT INTO migration (number, name, applied) VALUES (9999, '9999-from-the-future', '')"),
    );
    expectOnly(
      await patient.findings(),
      'store',
      /newer than this program.*9999-from-the-future/,
      /newer version/,
    );
  });

  it('lets an older store pass, of any age, and leaves it as it is', async () => {
    const known = knownMigrations();
    for (let steps = 0; steps < known.length; steps += 1) {
      const name = `older-${steps}.db`;
      direct(name, (db) => {
        db.pragma('journal_mode = WAL');
        migrate(db, systemPorts, known.slice(0, steps));
      });
      chmodSync(patient.file(name), 0o600);
      const before = readFileSync(patient.file(name));
      const found = await patient.findings(at(name));
      expect(saysOf(found, 'store')).to.include(
        `an older schema (${known[steps - 1]?.name ?? '(none)'}), which the next start brings up to date`,
      );
      expectOnly(found, 'register', /empty/, /import/);
      expect(readFileSync(patient.file(name)).equals(before), name).to.equal(true);
    }
  });

  it('fails a store without a write-ahead log, until the service is started on it', async () => {
    direct('pension.db', (db) => db.pragma('journal_mode = DELETE'));
    expectOnly(await patient.findings(), 'store', /its journal is delete/, /Start the service on it once/);
    await (await openStore(`sqlite:${file}`, systemPorts)).close();
    expectHealthy(await patient.findings());
  });

  it('fails a damaged store, until a copy is restored', async () => {
    const copy = readFileSync(file);
    const broken = openSync(file, 'r+');
    for (let page = 5; page < copy.length / 4096; page += 1)
      writeSync(broken, Buffer.alloc(2048, 0xa5), 0, 2048, page * 4096);
    expectOnly(await patient.findings(), 'store', /damaged|malformed/, /pension restore FILE/);
    writeFileSync(file, copy);
    expectHealthy(await patient.findings());
  });

  it('fails a store that is damaged where nobody has looked for long', async () => {
    const last = direct('pension.db', (db) =>
      db.prepare('SELECT max(personnummer) FROM medlemskab').pluck().get(),
    );
    const bytes = readFileSync(file);
    const page = Math.floor(bytes.lastIndexOf(String(last)) / 4096);
    bytes.fill(0, page * 4096, page * 4096 + 8); // the header of that page
    writeFileSync(file, bytes);
    expectOnly(await patient.findings(), 'store', /it is damaged: /, /pension restore FILE/);
  });

  it('fails a store that was cut off', async () => {
    writeFileSync(file, readFileSync(file).subarray(0, 40_960), { mode: 0o600 });
    expectOnly(await patient.findings(), 'store', /malformed|damaged/, /pension restore FILE/);
  });

  it('fails a store that another process holds, and does not wait for it', async () => {
    const db = new Database(file);
    db.pragma('locking_mode = EXCLUSIVE');
    db.exec('BEGIN IMMEDIATE');
    const started = performance.now();
    expectOnly(await patient.findings(), 'store', /locked/, /Wait for the process that holds it/);
    expect(performance.now() - started).to.be.below(1_500);
    db.close();
    expectHealthy(await patient.findings());
  });

  it('does not mind another process that writes', async () => {
    const db = new Database(file);
    db.exec(
      "BEGIN IMMEDIATE; INSERT INTO medlemskab VALUES ('2902610001', '11', '1970-01-01', NULL, NULL, NULL, 0)",
    );
    expectHealthy(await patient.findings());
    db.exec('ROLLBACK');
    db.close();
  });

  it('fails a store that others may read, until the remedy is followed', async function () {
    if (process.platform === 'win32') this.skip();
    chmodSync(file, 0o640);
    const found = await patient.findings();
    expectOnly(found, 'store', /can be read or written by others/, /chmod 600 \S+pension\.db$/);
    chmodSync(file, 0o600);
    expectHealthy(await patient.findings());
  });

  it('fails a store, and a place for one, that this user may not write to', async function () {
    const through = process.getuid?.() === 0 ? ['setpriv', '--bounding-set=-all'] : [];
    chmodSync(patient.dir, 0o500);
    try {
      for (const env of [patient.env, { ...patient.env, ...at('new.db') }]) {
        const { stdout } = await pension(['doctor'], { env, through }).catch((error: Error) => {
          if (through.length > 0) this.skip(); // no setpriv on this machine, and root
          throw error;
        });
        expect(stdout).to.match(/^FAIL {2}store .*cannot be written to by this user\. Remedy: /m);
      }
    } finally {
      chmodSync(patient.dir, 0o700);
    }
  });

  it('fails a store that would be kept in memory only', async () => {
    const found = await patient.findings({ PENSION_STORE: 'sqlite::memory:' });
    expectOnly(found, 'store', /in memory only/, /Name a file/);
  });

  it('fails an empty register, also one whose memberships are all recalled, until it is imported', async () => {
    direct('pension.db', (db) => db.exec('UPDATE medlemskab SET tilbagekaldt = 1'));
    expectOnly(await patient.findings(), 'register', /answered 4575/, /pension import medlemskaber FILE/);
    const args = ['import', 'medlemskaber', patient.file('medlemskaber.csv')];
    expect((await pension(args, { env: patient.env })).code).to.equal(0);
    expectHealthy(await patient.findings());
    rmSync(file);
    await (await openStore(`sqlite:${file}`, systemPorts)).close();
    expectOnly(await patient.findings(), 'register', /answered 4575/, /pension import medlemskaber FILE/);
  });

  it('finds the folder of a store that is named from the working folder', async () => {
    const env = { ...patient.env, PENSION_STORE: `sqlite:${path.basename(file)}` };
    const { stdout } = await pension(['doctor'], { env, cwd: patient.dir });
    expect(stdout).to.match(/^OK {4}store +pension\.db has schema/m);
  });
});

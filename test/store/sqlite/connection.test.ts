// Opening the file: durable on every connection, readable by its owner only, and a clear word when it cannot be.

import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { expect } from 'chai';
import { openStore } from '../../../src/store/open-store.ts';
import { type Connection, openConnection } from '../../../src/store/sqlite/connection.ts';
import { openSqliteStore } from '../../../src/store/sqlite/index.ts';
import { StoreError } from '../../../src/store/store.ts';
import { NU, portsAt } from '../../support/store-fixtures.ts';
import { tempDir } from '../../support/temp.ts';
import { runAtOnce } from './processes.ts';
import { newPath } from './under-test.ts';

const mode = (file: string): string => (statSync(file).mode & 0o777).toString(8);
const pragma = (db: Connection, name: string): unknown => db.pragma(name, { simple: true });

describe('a connection to a SQLite store', () => {
  it('is durable: write-ahead log, every commit flushed (synchronous=FULL), foreign keys kept', () => {
    const file = newPath();
    const open = [openConnection(file), openConnection(file), openConnection(file)];
    for (const db of open) {
      expect(pragma(db, 'journal_mode')).to.equal('wal');
      expect(pragma(db, 'synchronous')).to.equal(2);
      expect(pragma(db, 'foreign_keys')).to.equal(1);
    }
    for (const db of open) db.close();
    const again = openConnection(file);
    expect(pragma(again, 'synchronous'), 'opened again').to.equal(2);
    expect(pragma(again, 'foreign_keys'), 'opened again').to.equal(1);
    again.close();
  });

  it('turns a store that was left without a write-ahead log back to it', () => {
    const file = newPath();
    openConnection(file).close();
    const careless = new Database(file);
    careless.pragma('journal_mode = DELETE');
    careless.close();
    const db = openConnection(file);
    expect(pragma(db, 'journal_mode')).to.equal('wal');
    db.close();
  });

  it('waits for another writer instead of failing at once', () => {
    const db = openConnection(newPath());
    expect(pragma(db, 'busy_timeout')).to.be.at.least(5_000);
    db.close();
  });

  it('makes the folder, and files that only their owner may read, those of the log too', () => {
    const file = path.join(tempDir(), 'a', 'b', 'pension.db');
    const store = openSqliteStore(file, portsAt(NU));
    expect(mode(file)).to.equal('600');
    for (const suffix of ['-wal', '-shm']) expect(mode(file + suffix), suffix).to.equal('600');
    return store.close();
  });

  it('leaves no log behind when it is closed', async () => {
    const file = newPath();
    await openSqliteStore(file, portsAt(NU)).close();
    expect(existsSync(`${file}-wal`)).to.equal(false);
  });
});

describe('a store that cannot be used is refused with its name and the remedy', () => {
  const notADatabase = (text: string | Buffer) => () => {
    const file = newPath();
    writeFileSync(file, text);
    return file;
  };
  const folder = () => {
    const at = newPath();
    mkdirSync(at);
    return at;
  };
  const damaged = () => {
    const file = newPath();
    const db = new Database(file);
    db.exec('CREATE TABLE a (b TEXT)');
    db.close();
    const bytes = readFileSync(file);
    bytes.fill(0xff, 16, 100);
    return notADatabase(bytes)();
  };
  // Cases that fail for every user, root too.
  const cases: [what: string, make: () => string, remedy: RegExp][] = [
    ['a folder', folder, /PENSION_STORE/],
    ['a file below a file', () => path.join(notADatabase('')(), 'pension.db'), /PENSION_STORE/],
    ['a name that is too long for any disk', () => path.join(tempDir(), 'x'.repeat(300)), /PENSION_STORE/],
    ['a text file', notADatabase('personnummer,akasse,start\n'.repeat(200)), /must be a SQLite database/],
    ['a database whose head is damaged', damaged, /must be a SQLite database/],
    ['a store in memory, which is never on disk', () => ':memory:', /PENSION_STORE|local disk/],
  ];
  for (const [what, make, remedy] of cases)
    it(`: ${what}`, () => {
      const file = make();
      const content = existsSync(file) && statSync(file).isFile() ? readFileSync(file) : undefined;
      expect(() => openSqliteStore(file, portsAt(NU)))
        .to.throw(StoreError)
        .with.property('message')
        .that.includes(file)
        .and.matches(remedy);
      if (content) expect(readFileSync(file).equals(content), 'the file is as it was').to.equal(true);
    });

  it(': an address that is not of a store', async () => {
    for (const address of ['', 'sqlite:', 'pension.db', 'mysql://localhost/pension', 'SQLITE:x.db']) {
      const error = await openStore(address, portsAt(NU)).catch((thrown: unknown) => thrown);
      expect(error, address).to.be.instanceOf(StoreError);
      expect((error as StoreError).message, address).to.match(/PENSION_STORE.*sqlite:/);
    }
  });
});

describe('a store that has been closed', () => {
  it('takes no call', async () => {
    const store = await openStore(`sqlite:${newPath()}`, portsAt(NU));
    await store.close();
    const outcome = await store
      .recordRefusal({
        kald: { modtaget: NU, idag: '2026-11-22' as never, correlationId: 'x' },
        fejlkode: 1101,
      })
      .then(
        () => 'taken',
        () => 'not taken',
      );
    expect(outcome).to.equal('not taken');
  });
});

describe('two processes that write to one store at once', () => {
  it('both succeed, save by save, and every save has its version, besked and entry', async function () {
    this.slow(4000);
    const [file, saves] = [newPath(), 150];
    await openSqliteStore(file, portsAt(NU)).close();
    expect(await runAtOnce(2, [file], saves)).to.deep.equal(['done', 'done']);
    const db = new Database(file, { readonly: true });
    for (const table of ['forloeb', 'forloeb_version', 'besked', 'audit_entry'])
      expect(db.prepare(`SELECT count(*) FROM ${table}`).pluck().get(), table).to.equal(2 * saves);
    const numbers = db.prepare('SELECT nr FROM forloeb ORDER BY nr').pluck().all();
    expect(numbers).to.deep.equal(Array.from({ length: 2 * saves }, (_, i) => i + 1));
    db.close();
  });
});

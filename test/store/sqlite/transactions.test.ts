// Transactions of a store in use: they wait without holding up the process, and keep to the file the path names.

import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { operatorEntry } from '../../../src/cli/operator.ts';
import { makeHealth } from '../../../src/store/kept/health.ts';
import { openConnection } from '../../../src/store/sqlite/connection.ts';
import { explainFailure } from '../../../src/store/sqlite/health.ts';
import { makeImport } from '../../../src/store/sqlite/import-medlemskaber.ts';
import { migrate } from '../../../src/store/sqlite/migrate.ts';
import { prepareStatements } from '../../../src/store/sqlite/statements.ts';
import { makeTransactions } from '../../../src/store/sqlite/transactions.ts';
import type { Store } from '../../../src/store/store.ts';
import { nyBorger } from '../../support/domain-model.ts';
import { kald, kompensation, NU, portsAt, saveCommand } from '../../support/store-fixtures.ts';
import { newPath, openSqliteUnderTest } from './under-test.ts';

/** `PRAGMA temp_store` as SQLite reports it. */
const [IN_A_FILE, IN_MEMORY] = [1, 2];

describe('a store that is being served', () => {
  const saveOne = (store: Store): Promise<string> =>
    store.save(saveCommand({ Personnummer: nyBorger(), ...kompensation('2026-01-01') })).then(
      () => 'saved',
      (error: Error) => error.message,
    );

  for (const ending of ['', '-wal', '-shm']) {
    const which = ending === '' ? 'file' : `file ${ending}`;
    it(`keeps nothing, and says so, once its ${which} has been removed or replaced`, async () => {
      for (const gone of ['removed', 'replaced']) {
        const file = newPath();
        const { store } = await openSqliteUnderTest(file);
        expect(await saveOne(store)).to.equal('saved');
        rmSync(file + ending);
        if (gone === 'replaced') writeFileSync(file + ending, '');
        expect(await saveOne(store), gone).to.match(/removed or replaced/);
        await store.close();
      }
    });
  }

  it('loses nothing that was kept when its log has been removed, if it is closed as it should be', async () => {
    const file = newPath();
    const { store } = await openSqliteUnderTest(file);
    expect(await saveOne(store)).to.equal('saved');
    rmSync(`${file}-wal`);
    expect(await saveOne(store)).to.match(/Stop the service with SIGTERM/);
    await store.close();
    const { store: again, versions } = await openSqliteUnderTest(file);
    expect(await versions()).to.have.length(1);
    await again.close();
  });

  it('fails, and names it, while its folder cannot be searched', async function () {
    if (process.getuid?.() === 0) this.skip(); // root may search everything
    const file = newPath();
    const { store } = await openSqliteUnderTest(file);
    chmodSync(path.dirname(file), 0);
    expect(await saveOne(store)).to.equal('the files of the store cannot be looked at (EACCES)');
    expect(store.health.failure()?.cause).to.include('EACCES');
    chmodSync(path.dirname(file), 0o700);
    expect(await saveOne(store)).to.equal('saved');
    await store.close();
  });

  it('waits for another process that holds the lock without holding up anything else, and then goes on', async () => {
    const file = newPath();
    const { store } = await openSqliteUnderTest(file);
    const other = openConnection(file);
    other.exec('BEGIN IMMEDIATE');
    const began = performance.now();
    let turns = 0;
    const timer = setInterval(() => {
      turns += 1;
    }, 5);
    setTimeout(() => other.exec('COMMIT'), 400);
    // Many wait; the order in which they came is kept, and none of them holds up the others' process.
    const saved = await Promise.all(
      Array.from({ length: 64 }, () =>
        store.save(saveCommand({ Personnummer: nyBorger(), ...kompensation('2026-01-01') })),
      ),
    );
    clearInterval(timer);
    expect(saved.every((one) => one.ok)).to.equal(true);
    expect(performance.now() - began).to.be.above(350);
    expect(turns).to.be.above(20);
    other.close();
    await store.close();
  });
});

describe('what waits at the same time', () => {
  /** A table, and its transactions. */
  const table = () => {
    const file = newPath();
    const db = openConnection(file);
    db.exec(`CREATE TABLE parent (nr INTEGER PRIMARY KEY);
      CREATE TABLE held (nr INTEGER PRIMARY KEY, parent INTEGER REFERENCES parent DEFERRABLE INITIALLY DEFERRED)`);
    const transactions = makeTransactions(
      db,
      file,
      makeHealth(() => NU, explainFailure),
    );
    const insert = (nr: number, parent: number | null = null): Promise<number> =>
      transactions.run(() => {
        db.prepare('INSERT INTO held VALUES (?, ?)').run(nr, parent);
        return nr;
      });
    const held = (): unknown[] => db.prepare('SELECT nr FROM held ORDER BY nr').pluck().all();
    const pages = (): number => (db.pragma('wal_checkpoint(NOOP)') as { log: number }[])[0]!.log;
    return { db, transactions, insert, held, pages };
  };
  const nrs = Array.from({ length: 40 }, (_, nr) => nr);

  it('keeps in memory what undoing one of them needs, and an import keeps its lines in a file', async () => {
    const file = newPath();
    const db = openConnection(file);
    migrate(db, portsAt(NU));
    const transactions = makeTransactions(
      db,
      file,
      makeHealth(() => NU, explainFailure),
    );
    const runImport = makeImport(db, prepareStatements(db, portsAt(NU)), transactions, portsAt(NU));
    const place = (): unknown => db.pragma('temp_store', { simple: true });
    expect(place()).to.equal(IN_MEMORY);
    const entry = operatorEntry('ImportMedlemskaber');
    const done = await runImport({ linjer: [], hele: false, idag: kald().idag, afloesere: {}, entry });
    expect(done).to.have.property('ok', true);
    expect(place()).to.equal(IN_A_FILE);
    db.close();
  });

  it('becomes one transaction: what they write to the same page is written once', async () => {
    const { db, insert, held, pages } = table();
    const before = pages();
    expect(await Promise.all(nrs.map((nr) => insert(nr)))).to.deep.equal(nrs);
    expect(pages() - before).to.be.below(4);
    expect(held()).to.deep.equal(nrs);
    db.close();
  });

  it('is undone alone where one of them throws', async () => {
    const { db, transactions, insert, held } = table();
    const all = nrs.map((nr) =>
      nr % 10 !== 3
        ? insert(nr)
        : transactions.run(() => {
            db.prepare('INSERT INTO held VALUES (?, NULL)').run(nr);
            throw new Error(`no ${nr}`);
          }),
    );
    const done = await Promise.allSettled(all);
    expect(done.flatMap((one) => (one.status === 'rejected' ? [one.reason.message] : []))).to.deep.equal([
      'no 3',
      'no 13',
      'no 23',
      'no 33',
    ]);
    expect(held()).to.deep.equal(nrs.filter((nr) => nr % 10 !== 3));
    db.close();
  });

  it('is undone alone where a constraint speaks only at the end', async () => {
    const { db, insert, held } = table();
    const done = await Promise.allSettled(nrs.map((nr) => insert(nr, nr === 20 ? 99 : null)));
    expect(done.filter(({ status }) => status === 'rejected')).to.have.length(1);
    expect(done[20]!.status).to.equal('rejected');
    expect(held()).to.deep.equal(nrs.filter((nr) => nr !== 20));
    db.close();
  });

  it('is told of together when the store fails, and nothing of it is kept', async () => {
    const { db, insert, held } = table();
    db.pragma(`max_page_count = ${db.pragma('page_count', { simple: true })}`);
    const done = await Promise.allSettled([...Array(2_000).keys()].map((nr) => insert(nr)));
    const reasons = new Set(done.flatMap((one) => (one.status === 'rejected' ? [one.reason.message] : [])));
    expect([...reasons]).to.deep.equal(['there is no space left on the disk of the store (SQLITE_FULL)']);
    expect(held()).to.deep.equal(done.flatMap(({ status }, nr) => (status === 'fulfilled' ? [nr] : [])));
    db.close();
  });
});

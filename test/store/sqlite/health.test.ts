// A store without room: nothing is kept, the cause is named, and it is well again by itself when there is room.

import { expect } from 'chai';
import { makeHealth } from '../../../src/store/kept/health.ts';
import { type Connection, openConnection } from '../../../src/store/sqlite/connection.ts';
import { explainFailure } from '../../../src/store/sqlite/health.ts';
import { openSqliteStore } from '../../../src/store/sqlite/index.ts';
import { makeTransactions } from '../../../src/store/sqlite/transactions.ts';
import { StoreError, StoreFailingError } from '../../../src/store/store.ts';
import { nyBorger } from '../../support/domain-model.ts';
import { kompensation, NU, portsAt, saveCommand } from '../../support/store-fixtures.ts';
import { newPath } from './under-test.ts';

describe('the health of a store', () => {
  /** A table, and a database that SQLite itself lets grow no further. */
  const full = () => {
    const file = newPath();
    const db = openConnection(file);
    db.exec('CREATE TABLE held (bytes BLOB)');
    db.pragma(`max_page_count = ${db.pragma('page_count', { simple: true })}`);
    const clock = { now: NU };
    const health = makeHealth(() => clock.now, explainFailure);
    const transactions = makeTransactions(db, file, health);
    const write = () => transactions.run(() => db.prepare('INSERT INTO held VALUES (zeroblob(40000))').run());
    return { db, clock, health, write };
  };
  const makeRoom = (db: Connection): unknown => db.pragma('max_page_count = 100000');

  it('is well as long as nothing fails', async () => {
    const { db, health, write } = full();
    makeRoom(db);
    await write();
    expect(health.failure()).to.equal(undefined);
    db.close();
  });

  it('names the cause and the first time of a failure, and keeps nothing of what failed', async () => {
    const { db, clock, health, write } = full();
    for (const seconds of [0, 5]) {
      clock.now = new Date(NU.getTime() + seconds * 1_000);
      const error = await write().catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(StoreFailingError);
      expect((error as Error).message).to.equal(
        'there is no space left on the disk of the store (SQLITE_FULL)',
      );
    }
    expect(health.failure()).to.deep.equal({
      cause: 'there is no space left on the disk of the store (SQLITE_FULL)',
      since: NU,
    });
    expect(db.prepare('SELECT count(*) FROM held').pluck().get()).to.equal(0);
    expect(db.inTransaction).to.equal(false);
    db.close();
  });

  it('is good again only when a write has succeeded and nothing failed for a while', async () => {
    const { db, health, write } = full();
    await write().catch(() => undefined);
    const works = async (): Promise<void> => undefined;
    const fails = (): Promise<void> => Promise.reject(new StoreFailingError('still'));
    const causeAfter = async (tried: () => Promise<void>): Promise<string | undefined> => {
      await health.judge(tried);
      return health.failure()?.cause.slice(0, 5);
    };
    expect(await causeAfter(works), 'it has just failed').to.equal('there');
    expect(await causeAfter(fails)).to.equal('still');
    expect(await causeAfter(works), 'it has just failed').to.equal('still');
    expect(await causeAfter(works)).to.equal(undefined);
    makeRoom(db);
    await write();
    db.close();
  });

  it('does not suffer from a mistake of ours, and tells nobody the path of a file', async () => {
    const { db, health } = full();
    const mistake = new Error('a bug');
    expect(health.failed(mistake)).to.equal(mistake);
    expect(health.failure()).to.equal(undefined);
    health.failed(new StoreError('PENSION_STORE: the file /a/path was removed'));
    expect(health.failure()?.cause).to.not.include('/a/path');
    db.close();
  });

  it('is tried with a write that changes nothing and is on disk like any other', async () => {
    const file = newPath();
    const store = openSqliteStore(file, portsAt(NU));
    await store.save(saveCommand({ Personnummer: nyBorger(), ...kompensation('2026-01-01') }));
    const watcher = openConnection(file);
    const version = (): unknown => watcher.pragma('data_version', { simple: true });
    const before = version();
    await store.health.tryAgain();
    expect(version(), 'another connection sees a commit').to.not.equal(before);
    watcher.close();
    await store.close();
  });
});

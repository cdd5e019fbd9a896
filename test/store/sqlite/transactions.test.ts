// Transactions of a store in use: they wait without holding up the process, and keep to the file the path names.

import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { openConnection } from '../../../src/store/sqlite/connection.ts';
import type { Store } from '../../../src/store/store.ts';
import { nyBorger } from '../../support/domain-model.ts';
import { kompensation, saveCommand } from '../../support/store-fixtures.ts';
import { newPath, openSqliteUnderTest } from './under-test.ts';

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

// Transactions of a store in use: they wait without holding up the process, and keep to the file the path names.

import { rmSync } from 'node:fs';
import { expect } from 'chai';
import { openConnection } from '../../../src/store/sqlite/connection.ts';
import { openSqliteStore } from '../../../src/store/sqlite/index.ts';
import { nyBorger } from '../../support/domain-model.ts';
import { kompensation, NU, portsAt, saveCommand } from '../../support/store-fixtures.ts';
import { newPath, openSqliteUnderTest } from './under-test.ts';

describe('a store that is being served', () => {
  it('keeps nothing, and says so, once its file has been removed or replaced', async () => {
    for (const gone of ['removed', 'replaced']) {
      const file = newPath();
      const { store } = await openSqliteUnderTest(file);
      rmSync(file);
      if (gone === 'replaced') await openSqliteStore(file, portsAt(NU)).close();
      const outcome = await store
        .save(saveCommand({ Personnummer: nyBorger(), ...kompensation('2026-01-01') }))
        .then(
          () => 'saved',
          (error: Error) => error.message,
        );
      expect(outcome, gone).to.match(/removed or replaced/);
      await store.close();
    }
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

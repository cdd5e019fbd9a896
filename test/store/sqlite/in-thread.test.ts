// The store of a service, in its thread: it answers as the store itself does, and what happens to the thread is seen.

import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { systemPorts } from '../../../src/domain/ports.ts';
import { openConnection } from '../../../src/store/sqlite/connection.ts';
import { openSqliteInThread } from '../../../src/store/sqlite/in-thread.ts';
import { openSqliteStore } from '../../../src/store/sqlite/index.ts';
import { fromThreadError, toThreadError } from '../../../src/store/sqlite/thread-messages.ts';
import {
  type SaveCommand,
  type ServedStore,
  StoreBusyError,
  StoreError,
  StoreFailingError,
} from '../../../src/store/store.ts';
import { nyBorger } from '../../support/domain-model.ts';
import { getQuery, kompensation, NU, overgang, saveCommand } from '../../support/store-fixtures.ts';
import { newPath } from './under-test.ts';

const thrown = (promise: Promise<unknown>): Promise<Error> =>
  promise.then(
    () => expect.fail('it was not rejected'),
    (error: Error) => error,
  );
const aSave = (): SaveCommand => saveCommand({ Personnummer: nyBorger(), ...overgang('2026-01-01') });

describe('a store in a thread of its own', () => {
  let store: ServedStore | undefined;
  afterEach(async () => {
    await store?.close().catch(() => undefined);
    store = undefined;
  });

  it('answers what the store itself answers', async () => {
    const [own, threaded] = [newPath(), newPath()];
    store = await openSqliteInThread(threaded, systemPorts);
    const direct = openSqliteStore(own, systemPorts);
    const first = aSave();
    const overlapping = saveCommand({
      Personnummer: first.indberetning.personnummer,
      ...overgang('2026-02-01'),
    });
    for (const asked of [
      (one: ServedStore) => one.save(first),
      (one: ServedStore) => one.save(overlapping),
      (one: ServedStore) => one.get(getQuery(first.indberetning.personnummer)),
      (one: ServedStore) => one.recordRefusal({ kald: first.kald, fejlkode: 1014 }),
      (one: ServedStore) => one.sequences.rollBackIdle(30),
      (one: ServedStore) => one.health.tryAgain(),
    ])
      expect(await asked(store)).to.deep.equal(await asked(direct));
    expect(store.health.failure()).to.equal(undefined);
    expect(await store.close(), 'a seal').to.have.property('nr', 1);
    store = undefined;
    await direct.close();
  });

  it('refuses to open what is no store, with the reason', async () => {
    const path = newPath();
    writeFileSync(path, 'this is not a database at all, and long enough to be seen as none'.repeat(20));
    const error = await thrown(openSqliteInThread(path, systemPorts));
    expect(error).to.be.instanceOf(StoreError);
    expect(error.message).to.include(path);
  });

  it('tells which error it was', async () => {
    for (const error of [
      new StoreError('a'),
      new StoreBusyError('b'),
      new StoreFailingError('c', true),
      new RangeError('d'),
    ]) {
      const told = fromThreadError(structuredClone(toThreadError(error)));
      expect(told).to.include({ name: error.name, message: error.message });
      if (error instanceof StoreFailingError) expect(told).to.include({ mayBeKept: error.mayBeKept });
      if (error.constructor !== RangeError) expect(told).to.be.instanceOf(error.constructor);
    }
  });

  it('gives up on a lock that is not let go, and says how the store is', async function () {
    this.timeout(20_000);
    const path = newPath();
    store = await openSqliteInThread(path, systemPorts);
    const other = openConnection(path);
    other.exec('BEGIN IMMEDIATE');
    expect(await thrown(store.save(aSave()))).to.be.instanceOf(StoreBusyError);
    expect(store.health.failure()?.cause).to.match(/another process/);
    other.exec('COMMIT');
    other.close();
    await store.health.tryAgain();
    await store.health.tryAgain();
    expect(store.health.failure()).to.equal(undefined);
  });

  it('fails when its thread ends, says that what was asked may be kept, and goes on in a new one', async () => {
    const path = newPath();
    store = await openSqliteInThread(path, { now: () => NU }, new URL('ending-thread.ts', import.meta.url));
    const error = await thrown(store.save(aSave()));
    expect(error).to.be.instanceOf(StoreFailingError);
    expect(error).to.include({ mayBeKept: true });
    expect(store.health.failure()).to.deep.equal({ cause: 'the thread of the store has ended', since: NU });
    expect(await thrown(store.save(aSave())), 'nothing of it').to.include({ mayBeKept: false });
    await store.health.tryAgain();
    expect(store.health.failure()).to.equal(undefined);
    expect(await store.save(aSave())).to.include({ ok: true });
  });

  it('sleeps again soon after a call', async () => {
    store = await openSqliteInThread(newPath(), systemPorts);
    await store.save(aSave());
    await sleep(50);
    const before = process.cpuUsage();
    await sleep(500);
    const { user, system } = process.cpuUsage(before);
    expect(user + system, 'microseconds of CPU').to.be.below(250_000);
  });

  it('rejects what is no plain data, and goes on', async () => {
    store = await openSqliteInThread(newPath(), systemPorts);
    const command = { ...aSave(), messageIdentifier: (() => '') as never };
    expect((await thrown(store.save(command))).name).to.equal('DataCloneError');
    expect(
      await store.save(saveCommand({ Personnummer: nyBorger(), ...kompensation('2026-01-01') })),
    ).to.include({
      ok: true,
    });
  });
});

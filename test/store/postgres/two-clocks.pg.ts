// Two machines on one database whose clocks differ by an hour: what is queued later for a citizen never has an earlier
// event date, whichever of the machines it comes through.

import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { openStore } from '../../../src/store/open-store.ts';
import type { Store } from '../../../src/store/store.ts';
import { ThreeStores } from '../../races/three-stores.ts';
import { nyBorger } from '../../support/domain-model.ts';
import {
  IDAG,
  importMedlemskaber,
  kompensation,
  medlemskabLinje,
  NU,
  operatorEntry,
  portsAt,
  saveCommand,
} from '../../support/store-fixtures.ts';
import { rows } from './under-test.ts';

const HOUR = 3_600_000;
const BEHIND = new Date(NU.getTime() - HOUR);

describe('two machines on one database, one of which is an hour behind', () => {
  let three: ThreeStores;
  let ahead: Store;
  let behind: Store;
  beforeEach(async () => {
    three = await ThreeStores.open();
    ahead = three.stores[0]!;
    behind = await openStore(three.url, portsAt(BEHIND), { connections: 2 });
  });
  afterEach(async () => {
    await behind.close();
    await three.close();
  });

  const borger = nyBorger();
  const id = randomUUID();
  const save = async (store: Store): Promise<void> => {
    const message = { Personnummer: borger, TidligPensionIdentifier: id, ...kompensation('2026-01-01') };
    expect((await store.save(saveCommand(message))).ok).to.equal(true);
  };
  const register = (store: Store, rest = {}) =>
    importMedlemskaber(store, { linjer: [medlemskabLinje(2, borger, '11', '2010-01-01', rest)] });
  /** The event dates of the beskeder, in the order of the queue. */
  const dates = async (): Promise<(string | null)[]> =>
    (
      await rows<{ eventDate: string | null }>(three.url, 'SELECT event_date FROM besked ORDER BY besked_nr')
    ).map(({ eventDate }) => eventDate);
  const now = NU.toISOString();

  it('queue Saves in the order of their event dates', async () => {
    await register(ahead);
    await save(behind);
    await save(ahead);
    await save(behind);
    expect(await dates()).to.deep.equal([BEHIND.toISOString(), now, now]);
  });

  it('release what has waited no earlier than what was queued before it', async () => {
    await register(ahead);
    await save(ahead);
    await register(ahead, { slut: '2020-12-31' });
    await save(ahead);
    await save(behind);
    expect(await dates(), 'two wait').to.deep.equal([now, null, null]);
    const released = await register(behind, { slut: '2020-12-31', efterloen: '2021-01-01' });
    expect(released).to.include({ ok: true, frigivne: 2 });
    expect(await dates()).to.deep.equal([now, now, now]);
  });

  it('queue a missing besked again no earlier than what was queued before it', async () => {
    await register(ahead);
    await save(ahead);
    await save(ahead);
    const sweep = { recreate: true, idag: IDAG, afloesere: {}, entry: operatorEntry('GennemgaaOutbox') };
    const { taken, result } = await three.withoutSome(2, () => behind.outbox.sweep(sweep));
    expect([taken, result.recreated]).to.deep.equal([1, 1]);
    expect(await dates()).to.deep.equal([now, now]);
  });
});

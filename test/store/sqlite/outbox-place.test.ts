// Where a besked stands that the sweep has queued again: never under a number by which a sequence knows another one.

import { expect } from 'chai';
import { Filled, koe } from '../../cli/outbox/filled.ts';
import { member } from '../../support/queue.ts';
import { IDAG, NU, operatorEntry } from '../../support/store-fixtures.ts';

describe('a besked that the sweep has queued again', () => {
  const filled = async (): Promise<Filled> => {
    const store = new Filled();
    await store.register(NU, '22', 1);
    await store.register(NU, '11', 1);
    return store;
  };
  const recreate = (store: Filled): Promise<unknown> =>
    store.at(NU, ({ outbox }) =>
      outbox.sweep({ recreate: true, idag: IDAG, afloesere: {}, entry: operatorEntry('GennemgaaOutbox') }),
    );
  const fetched = async (store: Filled, akasse: string): Promise<readonly string[]> =>
    store.fetch(NU, koe(akasse), await store.create(NU, koe(akasse)));

  it('is not handed out by the sequence of another a-kasse that held a lost one', async () => {
    const store = await filled();
    const x = await store.save(NU, member('11', 1));
    const y = await store.save(NU, member('22', 1));
    const open = await store.create(NU, koe('22'));
    await store.save(NU, member('11', 1), x);
    store.lose([x, 1], [y, 1]);
    await recreate(store);
    expect(await store.fetch(NU, koe('22'), open)).to.deep.equal([]);
    expect(await fetched(store, '11')).to.deep.equal([`${x} 1`, `${x} 2`]);
  });

  it('is not sent where the only place before the next version was that of one in a sequence', async () => {
    const store = await filled();
    const x = await store.save(NU, member('22', 1));
    const held = await store.create(NU, koe('22'));
    await store.fetch(NU, koe('22'), held);
    await store.end(NU, koe('22'), 'CloseSequence', held);
    await store.save(NU, member('22', 1), x);
    store.lose([x, 1]);
    await recreate(store);
    expect(await fetched(store, '22')).to.deep.equal([`${x} 2`]);
  });
});

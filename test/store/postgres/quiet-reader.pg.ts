// Whoever reads a store at the pace of somebody else may be quiet for longer than the database lets other transactions be.

import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { openAudit, openRows, openStore } from '../../../src/store/open-store.ts';
import type { Store } from '../../../src/store/store.ts';
import { nyBorger } from '../../support/domain-model.ts';
import { tempDatabase } from '../../support/postgres.ts';
import { kompensation, NU, portsAt, saveCommand } from '../../support/store-fixtures.ts';

/** Milliseconds; the database gives up a transaction of a service after ten seconds of silence. */
const QUIET = 11_000;

describe('a reader of a store on PostgreSQL that is quiet for a while', () => {
  it('reads on where it was, and sees what was there when it began', async function () {
    this.timeout(180_000);
    this.slow(60_000);
    const url = await tempDatabase();
    const store = await openStore(url, portsAt(NU), { connections: 2 });
    await save(store);
    await save(store);
    const [rows, audit] = [await openRows(url), await openAudit(url, { snapshot: true })];
    try {
      const versions = rows.versions()[Symbol.asyncIterator]();
      expect((await versions.next()).done, 'a version before').not.to.equal(true);
      const [first] = await audit.entries({ after: 0, limit: 1 });
      expect(first?.entry.seq, 'an entry before').to.equal(1);
      await save(store);
      await sleep(QUIET);
      expect((await versions.next()).done, 'a version after').not.to.equal(true);
      expect((await versions.next()).done, 'no more versions').to.equal(true);
      expect(await rows.contents()).to.include({ versions: 2 });
      const rest = await audit.entries({ after: 1, limit: 10 });
      expect(rest.map(({ entry }) => entry.seq)).to.deep.equal([2]);
    } finally {
      await audit.close().catch(() => undefined);
      await rows.close().catch(() => undefined);
      await store.close();
    }
  });
});

async function save(store: Store): Promise<void> {
  const saved = await store.save(saveCommand({ Personnummer: nyBorger(), ...kompensation('2026-01-01') }));
  expect(saved.ok).to.equal(true);
}

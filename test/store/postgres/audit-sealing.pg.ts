// One trail on PostgreSQL that several number and seal at once, while others write and read: the chain stays whole, each
// entry has one number and is under one seal, and nothing is lost.

import { expect } from 'chai';
import { openPostgresAudit, openPostgresStore } from '../../../src/store/postgres/index.ts';
import type { Store } from '../../../src/store/store.ts';
import { verifyReader } from '../../access/audit/verified.ts';
import { nyBorger } from '../../support/domain-model.ts';
import { tempDatabase } from '../../support/postgres.ts';
import { getQuery, IDAG, kompensation, NU, portsAt, saveCommand } from '../../support/store-fixtures.ts';
import { connect } from './direct.ts';
import { OPTIONS } from './under-test.ts';

const STORES = 3;
const ROUNDS = 15;
/** Calls of a round: two Saves and a Get. */
const CALLS = 3;

const refusal = (nr: number) => ({
  kald: { modtaget: NU, idag: IDAG, correlationId: `call-${nr}`, adresse: '192.0.2.1' },
  fejlkode: 1101 as const,
});

/** Reads on, page after page, until nobody writes any more; gives whose entries it found, each by the number after the last. */
async function follow(store: Store, isOver: () => boolean): Promise<string[]> {
  const read: string[] = [];
  for (let last = false; !last; ) {
    last = isOver();
    const page = await store.audit.entries({ after: read.length, limit: 7 });
    for (const { entry } of page) {
      expect(entry.seq).to.equal(read.length + 1);
      read.push(entry.correlationId);
    }
    if (page.length === 7) last = false;
  }
  return read;
}

describe('a trail on PostgreSQL that several seal', function () {
  this.timeout(180_000);

  it('is whole when stores number and seal at once while all write, and others read', async () => {
    const url = await tempDatabase();
    const later = portsAt(new Date(NU.getTime() + 60_000));
    const stores = await Promise.all(
      Array.from({ length: STORES }, () => openPostgresStore(url, later, OPTIONS)),
    );
    let isOver = false;
    const asked: string[] = [];
    const reading = [follow(stores[0]!, () => isOver), follow(stores[1]!, () => isOver)];
    const writing = stores.map(async (store) => {
      for (let round = 0; round < ROUNDS; round += 1) {
        const borger = nyBorger();
        const saves = [nyBorger(), borger].map((personnummer) =>
          saveCommand({ Personnummer: personnummer, ...kompensation('2026-01-01') }),
        );
        const query = getQuery(borger);
        asked.push(...saves.map(({ kald }) => kald.correlationId), query.kald.correlationId);
        const [answers] = await Promise.all([
          Promise.all([...saves.map((save) => store.save(save)), store.get(query)]),
          store.recordRefusal(refusal(round)),
          store.audit.seal(),
        ]);
        expect(answers.map(({ ok }) => ok)).to.deep.equal([true, true, true]);
      }
    });
    await Promise.all(writing);
    isOver = true;
    const [one, two] = await Promise.all(reading);
    expect(one).to.include.members(asked);
    expect(one).to.deep.equal(two);
    await Promise.all(stores.map((store) => store.close()));

    const audit = await openPostgresAudit(url, later, { snapshot: true, isTest: false });
    const entries = await audit.entries({ after: 0, limit: 10_000 });
    expect(entries.slice(0, one!.length).map(({ entry }) => entry.correlationId)).to.deep.equal(one);
    const refused = entries.filter(({ entry }) => entry.fejlkode === 1101);
    expect(refused.reduce((sum, { entry }) => sum + (entry.antal ?? 1), 0)).to.equal(STORES * ROUNDS);
    const calls = entries.filter(({ entry }) => entry.fejlkode === undefined);
    expect(calls.map(({ entry }) => entry.correlationId)).to.have.members(asked);
    expect(calls).to.have.length(STORES * ROUNDS * CALLS);
    expect(await verifyReader(audit)).to.include({ ok: true, unsealed: 0, entries: entries.length });
    await audit.close();
    const client = await connect(url);
    const { rows } = await client.query('SELECT count(*) AS left_behind FROM audit_intake');
    expect(rows).to.deep.equal([{ left_behind: 0 }]);
    await client.end();
  });

  it('is sealed by the others when one that has numbered and not committed is stopped', async () => {
    const url = await tempDatabase();
    const store = await openPostgresStore(url, portsAt(NU), OPTIONS);
    await store.save(saveCommand({ Personnummer: nyBorger(), ...kompensation('2026-01-01') }));
    const stopped = await connect(url);
    await stopped.query("BEGIN; SELECT value FROM audit_counter WHERE name = 'audit_entry' FOR UPDATE");
    const sealing = store.audit.seal();
    await new Promise((resolve) => setTimeout(resolve, 100));
    await stopped.end();
    expect(await sealing).to.include({ nr: 1 });
    // Nobody seals what is sealed.
    expect(await store.audit.seal()).to.equal(undefined);
    await store.close();
  });
});

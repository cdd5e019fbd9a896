// A version without the besked it owes, which the database forbids: the sweep finds it, and queues the besked where it
// was and for whom it was. The stores are damaged by a hand at the file.

import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import type { AkasseKode } from '../../../src/domain/medlemskab.ts';
import type { SweepResult } from '../../../src/store/outbox.ts';
import { Filled, koe } from '../../cli/outbox/filled.ts';
import { member } from '../../support/queue.ts';
import { IDAG, medlemskabLinje, NU, operatorEntry } from '../../support/store-fixtures.ts';
import { verifyFile } from './audit-fixture.ts';

const [A, B] = [member('22', 1), member('22', 2)];

describe('the sweep of the outbox', () => {
  let store: Filled;
  beforeEach(async () => {
    store = new Filled();
    await store.register(NU, '22', 1, 2);
  });

  const sweep = (
    recreate: boolean,
    { afloesere = {} as Record<string, string>, correlationId = randomUUID() as string } = {},
  ): Promise<SweepResult> =>
    store.at(NU, (open) =>
      open.outbox.sweep({
        recreate,
        idag: IDAG,
        afloesere: afloesere as Record<string, AkasseKode>,
        entry: { ...operatorEntry('GennemgaaOutbox'), correlationId },
      }),
    );
  const recreated = async (count: number, rest: Parameters<typeof sweep>[1] = {}): Promise<void> => {
    const result = await sweep(true, rest);
    expect(result).to.include({ recreated: count });
    expect(result.missing).to.have.length(count);
    expect((await sweep(true)).missing, 'afterwards').to.deep.equal([]);
  };
  /** A forløb with so many versions. */
  const forloeb = async (personnummer: typeof A, versions: number): Promise<string> => {
    const id = await store.save(NU, personnummer);
    for (let version = 2; version <= versions; version += 1) await store.save(NU, personnummer, id);
    return id;
  };
  /** What the a-kasse is handed out, in order. */
  const polled = async (akasse = '22'): Promise<string[]> =>
    store.fetch(NU, koe(akasse), await store.create(NU, koe(akasse)));
  const all = (id: string, count: number): string[] =>
    Array.from({ length: count }, (_, at) => `${id} ${at + 1}`);

  it('finds nothing where nothing is missing, changes nothing, and leaves an entry', async () => {
    await forloeb(A, 2);
    const [rows, before] = [store.rows(), (await store.entries()).length];
    expect(await sweep(true)).to.deep.equal({ versions: 2, missing: [], recreated: 0 });
    expect(store.rows()).to.deep.equal(rows);
    const left = (await store.entries()).slice(before);
    expect(left.map(({ operation, detaljer }) => [operation, detaljer])).to.deep.equal([
      ['GennemgaaOutbox', '{"versions":2,"missing":0,"recreate":true}'],
    ]);
  });

  it('names what is missing, and without being asked to recreate it changes nothing', async () => {
    const id = await forloeb(A, 3);
    store.lose([id, 2], [id, 3]);
    const rows = store.rows();
    expect(await sweep(false)).to.deep.equal({
      versions: 3,
      missing: [2, 3].map((version) => ({ forloebId: id, version, personnummer: A })),
      recreated: 0,
    });
    expect(store.rows()).to.deep.equal(rows);
  });

  it('queues the besked of a last version at the end, for its a-kasse, under a new identifier', async () => {
    const id = await forloeb(A, 2);
    const was = store.row(id, 2);
    const other = await forloeb(B, 1);
    store.lose([id, 2]);
    await recreated(1);
    const row = store.row(id, 2);
    expect(row).to.include({ modtager: '22', aarsag: 'nuvaerende-akasse' });
    expect(row.nr).to.be.above(store.row(other, 1).nr);
    expect(row.id).to.not.equal(was.id);
    expect(await polled()).to.deep.equal([`${id} 1`, `${other} 1`, `${id} 2`]);
  });

  it('queues the besked of a middle version in the place it had, so that the order holds', async () => {
    const id = await forloeb(A, 3);
    const was = store.row(id, 2);
    store.lose([id, 2]);
    await recreated(1);
    expect(store.row(id, 2)).to.deep.include({ nr: was.nr, modtager: '22' });
    expect(await polled()).to.deep.equal(all(id, 3));
  });

  it('queues several in a row, and all of them, in order', async () => {
    for (const lost of [
      [2, 3],
      [1, 2, 3],
      [3, 4],
      [1, 2, 3, 4],
    ]) {
      store = new Filled();
      await store.register(NU, '22', 1);
      const id = await forloeb(A, 4);
      store.lose(...lost.map((version) => [id, version] as const));
      await recreated(lost.length);
      expect(await polled(), lost.join()).to.deep.equal(all(id, 4));
    }
  });

  it('leaves to each the place that only it can have', async () => {
    const wide = await forloeb(A, 3);
    const narrow = await forloeb(B, 3);
    await store.save(NU, A, wide); // version 4, after those of the other one
    store.lose([wide, 3], [narrow, 2]);
    await recreated(2);
    const rows = await polled();
    expect(rows.filter((row) => row.startsWith(wide))).to.deep.equal(all(wide, 4));
    expect(rows.filter((row) => row.startsWith(narrow))).to.deep.equal(all(narrow, 3));
  });

  it('does not send what a later version has overtaken, in a sequence of whatever end', async () => {
    for (const end of [undefined, 'TerminateSequence', 'CloseSequence'] as const) {
      store = new Filled();
      await store.register(NU, '22', 1);
      const id = await forloeb(A, 3);
      const sequence = await store.create(NU, koe('22'));
      if (end === 'CloseSequence') await store.fetch(NU, koe('22'), sequence);
      if (end !== undefined) await store.end(NU, koe('22'), end, sequence);
      store.lose([id, 2]);
      await recreated(1);
      expect(store.row(id, 2), end).to.include({ modtager: null, aarsag: 'overhalet' });
    }
  });

  it('does not send it either when the later version went to an a-kasse that has been taken over since', async () => {
    const borger = member('31', 1);
    await store.register(NU, '31', 1);
    const id = await forloeb(borger, 3);
    await store.create(NU, koe('31'));
    store.lose([id, 2]);
    await recreated(1, { afloesere: { '31': '67' } });
    expect(store.row(id, 2)).to.include({ modtager: null, aarsag: 'overhalet' });
  });

  it('takes the recipient from the entry of the Save, whatever the register says today', async () => {
    const id = await forloeb(A, 1);
    await store.load(NU, [medlemskabLinje(2, A, '67', '2020-01-01')]);
    store.lose([id, 1]);
    await recreated(1);
    expect(store.row(id, 1)).to.include({ modtager: '22', aarsag: 'nuvaerende-akasse' });
  });

  it('takes it from the entry of the release, where the besked had waited', async () => {
    const ended = { slut: '2026-01-31', afgangsaarsag: 'U' };
    await store.load(NU, [medlemskabLinje(2, A, '22', '2010-01-01', ended)]);
    const id = await forloeb(A, 1);
    expect(store.row(id, 1)).to.include({ modtager: null, aarsag: 'seneste-akasse-uden-efterloen' });
    await store.load(NU, [medlemskabLinje(2, A, '22', '2010-01-01', { ...ended, efterloen: '2026-02-01' })]);
    await store.load(NU, [medlemskabLinje(2, A, '67', '2026-02-01')]);
    store.lose([id, 1]);
    await recreated(1);
    expect(store.row(id, 1)).to.include({ modtager: '22', aarsag: 'seneste-akasse-med-efterloen' });
  });

  it('lets a besked that waited wait again', async () => {
    const id = await store.save(NU, member('11', 1)); // in no register
    store.lose([id, 1]);
    await recreated(1);
    expect(store.row(id, 1)).to.include({ modtager: null, aarsag: 'intet-medlemskab' });
  });

  it('decides anew where the trail has no entry, and stays with that when it is lost again', async () => {
    const id = await forloeb(A, 1);
    store.lose([id, 1]);
    store.forget(id, 1);
    await store.load(NU, [medlemskabLinje(2, A, '67', '2020-01-01')]);
    await recreated(1);
    expect(store.row(id, 1)).to.include({ modtager: '67', aarsag: 'nuvaerende-akasse' });
    store.lose([id, 1]);
    await store.load(NU, [medlemskabLinje(2, A, '11', '2021-01-01')]);
    await recreated(1);
    expect(store.row(id, 1)).to.include({ modtager: '67', aarsag: 'nuvaerende-akasse' });
  });

  it('leaves an entry for each besked it queued, under its correlation id, in a trail that verifies', async () => {
    const [one, two] = [await forloeb(A, 2), await store.save(NU, member('11', 1))];
    store.lose([one, 1], [two, 1]);
    const before = (await store.entries()).length;
    const correlationId = randomUUID();
    await sweep(true, { correlationId });
    const left = (await store.entries()).slice(before);
    expect(new Set(left.map((entry) => entry.correlationId))).to.deep.equal(new Set([correlationId]));
    expect(left.map(({ operation, udfald }) => `${operation} ${udfald}`)).to.deep.equal([
      'GennemgaaOutbox udfoert',
      'GenskabBesked udfoert',
      'GenskabBesked udfoert',
    ]);
    const of = (id: string) => left.find(({ forloebId }) => forloebId === id);
    expect(of(one)).to.include({
      personnummer: A,
      version: 1,
      modtager: '22',
      modtagerAarsag: 'nuvaerende-akasse',
    });
    expect(of(two))
      .to.include({ version: 1, modtagerAarsag: 'intet-medlemskab' })
      .and.not.have.property('modtager');
    expect(left[0]!.detaljer).to.equal('{"versions":3,"missing":2,"recreate":true}');
    expect(await verifyFile(store.file)).to.include({ ok: true });
  });
});

// Promises about what an import means for the next Save and the next Get of the citizen.

import { expect } from 'chai';
import type { Personnummer } from '../../../src/domain/personnummer.ts';
import type { MedlemskabLinje } from '../../../src/store/store.ts';
import { nyBorger } from '../../support/domain-model.ts';
import {
  getQuery,
  importMedlemskaber,
  kompensation,
  medlemskabLinje as linje,
  saveCommand,
  somAkasse,
} from '../../support/store-fixtures.ts';
import type { CurrentStore } from '../store-promises.ts';

export function importRoutingPromises(current: CurrentStore): void {
  const load = async (linjer: MedlemskabLinje[], hele = false): Promise<void> => {
    const done = await importMedlemskaber(current().store, { linjer, hele });
    if (!done.ok) expect.fail(`the import was refused: ${JSON.stringify(done.fejl)}`);
  };
  /** Saves something, and tells who gets the besked. */
  const told = async (personnummer: Personnummer): Promise<string | null> => {
    const saved = await current().store.save(
      saveCommand({ Personnummer: personnummer, ...kompensation('2026-01-01') }),
    );
    expect(saved.ok).to.equal(true);
    return (await current().beskeder()).at(-1)!.modtager;
  };
  const mayRead = async (akasse: string, personnummer: Personnummer): Promise<boolean> =>
    (await current().store.get(getQuery(personnummer, somAkasse(akasse)))).ok;

  describe('after an import', () => {
    it('the next besked goes to the new a-kasse, and only that one reads', async () => {
      const a = nyBorger();
      expect(await told(a)).to.equal(null);
      await load([linje(2, a, '11', '2020-01-01')]);
      expect(await told(a)).to.equal('11');
      await load([linje(2, a, '22', '2026-11-01')]);
      expect(await told(a)).to.equal('22');
      expect([await mayRead('11', a), await mayRead('22', a)]).to.deep.equal([false, true]);
    });

    it('that recalls the new a-kasse, the old one is open again', async () => {
      const a = nyBorger();
      await load([linje(2, a, '11', '2020-01-01'), linje(3, a, '22', '2026-11-01')]);
      await load([linje(2, a, '22', '2026-11-01', { tilbagekaldt: true })]);
      expect(await told(a)).to.equal('11');
      expect([await mayRead('11', a), await mayRead('22', a)]).to.deep.equal([true, false]);
    });

    it('of the whole without a citizen, nobody is told and no a-kasse reads', async () => {
      const [a, b] = [nyBorger(), nyBorger()];
      await load([linje(2, a, '11', '2020-01-01'), linje(3, b, '11', '2020-01-01')]);
      await load([linje(2, b, '11', '2020-01-01')], true);
      expect(await told(a)).to.equal(null);
      expect(await mayRead('11', a)).to.equal(false);
      expect(await told(b)).to.equal('11');
    });

    it('that registers a date of efterløn, the latest previous a-kasse is told; without it again, nobody', async () => {
      const a = nyBorger();
      const ended = { slut: '2026-06-30', afgangsaarsag: 'U' };
      await load([linje(2, a, '11', '2020-01-01', ended)]);
      expect(await told(a)).to.equal(null);
      await load([linje(2, a, '11', '2020-01-01', { ...ended, efterloen: '2027-01-01' })]);
      expect(await told(a)).to.equal('11');
      await load([linje(2, a, '11', '2020-01-01', ended)]);
      expect(await told(a)).to.equal(null);
    });

    it('what was told before stays as it was: the recipient is decided once', async () => {
      const a = nyBorger();
      await load([linje(2, a, '11', '2020-01-01')]);
      await told(a);
      const before = await current().beskeder();
      await load([linje(2, a, '22', '2026-11-01')]);
      expect(await current().beskeder()).to.deep.equal(before);
    });

    it('that was refused, everything is as before', async () => {
      const a = nyBorger();
      await load([linje(2, a, '11', '2020-01-01')]);
      const clash = [
        linje(2, a, '22', '2026-11-01', { slut: '2026-11-20' }),
        linje(3, a, '67', '2026-11-20'),
      ];
      expect((await importMedlemskaber(current().store, { linjer: clash, hele: false })).ok).to.equal(false);
      expect(await told(a)).to.equal('11');
    });
  });
}

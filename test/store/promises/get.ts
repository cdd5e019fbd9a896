// Promises about Get: the latest version of every forløb of the citizen, for those who may read it.

import { expect } from 'chai';
import { nyBorger } from '../../support/domain-model.ts';
import {
  getQuery,
  IDAG,
  importMedlemskaber,
  kompensation,
  medlemskabLinje,
  overgang,
  saveCommand,
  somAkasse,
} from '../../support/store-fixtures.ts';
import type { CurrentStore } from '../store-promises.ts';
import { shown } from './shown.ts';

export function getPromises(current: CurrentStore): void {
  describe('a Get', () => {
    it('of a citizen without forløb is an empty list, not a refusal', async () => {
      expect(await shown(current(), nyBorger())).to.deep.equal([]);
    });

    it('gives every forløb of the citizen, in the order of first registration, and of no other', async () => {
      const [borger, anden] = [nyBorger(), nyBorger()];
      const ids: string[] = [];
      for (let i = 0; i < 12; i += 1) {
        const command = saveCommand({ Personnummer: borger, ...kompensation('2026-01-01') });
        await current().store.save(command);
        await current().store.save(saveCommand({ Personnummer: anden, ...kompensation('2026-01-01') }));
        ids.push(command.nytId);
      }
      for (const id of [ids[7]!, ids[0]!])
        await current().store.save(saveCommand({ Personnummer: borger, TidligPensionIdentifier: id }));
      const list = await shown(current(), borger);
      expect(list.map(({ TidligPensionIdentifier }) => TidligPensionIdentifier)).to.deep.equal(ids);
    });

    it('changes no forløb, version or besked', async () => {
      const borger = nyBorger();
      await current().store.save(saveCommand({ Personnummer: borger, ...overgang('2026-01-01') }));
      const look = async () => [
        await current().standing(),
        await current().versions(),
        await current().beskeder(),
      ];
      const before = await look();
      await current().store.get(getQuery(borger));
      await current().store.get(getQuery(borger, somAkasse('11')));
      expect(await look()).to.deep.equal(before);
    });

    it('is given to the a-kasse of the citizen, and refused to every other with 4575', async () => {
      const borger = nyBorger();
      await current().store.save(saveCommand({ Personnummer: borger, ...overgang('2026-01-01') }));
      await importMedlemskaber(current().store, {
        linjer: [medlemskabLinje(2, borger, '31', '2020-01-01')],
        hele: false,
      });
      const as = async (akasse: string, afloesere = {}) => {
        const read = await current().store.get(getQuery(borger, somAkasse(akasse, afloesere)));
        return read.ok ? read.value.length : read.fejl.kode;
      };
      expect(await as('31')).to.equal(1);
      expect(await as('67')).to.equal(4575);
      expect(await as('67', { 31: '67' }), 'after the merger').to.equal(1);
    });

    it('is judged by the day of the call', async () => {
      const borger = nyBorger();
      await importMedlemskaber(current().store, {
        linjer: [medlemskabLinje(2, borger, '11', '2020-01-01', { slut: '2023-05-22' })],
        hele: false,
      });
      const on = async (idag: typeof IDAG) => {
        const query = getQuery(borger, somAkasse('11'));
        return (await current().store.get({ ...query, kald: { ...query.kald, idag } })).ok;
      };
      expect(await on(IDAG)).to.equal(true);
      expect(await on('2026-11-23' as typeof IDAG)).to.equal(false);
    });

    it('is refused alike, whether the citizen has forløb or memberships or nothing at all', async () => {
      const [reported, elsewhere, unknown] = [nyBorger(), nyBorger(), nyBorger()];
      await current().store.save(saveCommand({ Personnummer: reported, ...overgang('2026-01-01') }));
      await importMedlemskaber(current().store, {
        linjer: [medlemskabLinje(2, elsewhere, '22', '2020-01-01')],
        hele: false,
      });
      const answers = await Promise.all(
        [reported, elsewhere, unknown].map((borger) =>
          current().store.get(getQuery(borger, somAkasse('11'))),
        ),
      );
      for (const answer of answers) expect(answer).to.deep.equal(answers[0]);
      expect(answers[0]).to.have.nested.property('fejl.kode', 4575);
    });
  });
}

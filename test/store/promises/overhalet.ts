// Promises about a besked that waits while its forløb goes on elsewhere: what reaches an a-kasse never goes back to an
// older state.

import { expect } from 'chai';
import type { Personnummer } from '../../../src/domain/personnummer.ts';
import type { MedlemskabLinje } from '../../../src/store/store.ts';
import { nyBorger } from '../../support/domain-model.ts';
import { importMedlemskaber, medlemskabLinje as linje } from '../../support/store-fixtures.ts';
import type { CurrentStore } from '../store-promises.ts';
import { given, koe, queueCalls } from './queue-calls.ts';

export function overhaletPromises(current: CurrentStore): void {
  const { save, create, fetch, end } = queueCalls(current);
  const A11 = koe('11');
  const load = async (...linjer: MedlemskabLinje[]): Promise<number> => {
    const done = await importMedlemskaber(current().store, { linjer });
    if (!done.ok) throw new Error('the import was refused');
    return done.frigivne;
  };
  const joined = (borger: Personnummer) => linje(2, borger, '11', '2020-01-01');
  const leftWithEfterloen = (borger: Personnummer) =>
    linje(2, borger, '11', '2020-01-01', { slut: '2026-06-30', efterloen: '2026-07-01' });
  /** A citizen with one version that waits and a later one in the queue of 11. */
  const oneWaitsOneIsQueued = async (): Promise<[Personnummer, string]> => {
    const borger = nyBorger();
    const id = await save(borger);
    await load(joined(borger));
    await save(borger, id);
    return [borger, id];
  };
  const versionsFetched = async (): Promise<number[]> => {
    const { identifier, antal } = given(await create(A11));
    if (antal === 0) return [];
    const held = given(await fetch(A11, identifier));
    given(await end('TerminateSequence', A11, identifier));
    return held.map(({ version }) => version);
  };
  const aarsager = async (): Promise<string[]> =>
    (await current().beskeder()).map(({ modtagerAarsag }) => modtagerAarsag);

  describe('a besked that is released after a later version of its forløb was queued', () => {
    it('comes before it, as long as that one has not been handed out', async () => {
      const [borger] = await oneWaitsOneIsQueued();
      expect(await load(leftWithEfterloen(borger))).to.equal(1);
      expect(await versionsFetched()).to.deep.equal([1, 2]);
    });

    it('is not sent once that one has been, and says so', async () => {
      const [borger] = await oneWaitsOneIsQueued();
      expect(await versionsFetched()).to.deep.equal([2]);
      expect(await load(leftWithEfterloen(borger))).to.equal(0);
      expect(await aarsager()).to.deep.equal(['overhalet', 'nuvaerende-akasse']);
      expect(await versionsFetched()).to.deep.equal([]);
      const told = (await current().entries()).filter(({ operation }) => operation === 'OverhalBesked');
      expect(told).to.have.length(1);
      expect(told[0]).to.include({ personnummer: borger, version: 1, modtagerAarsag: 'overhalet' });
      await load(leftWithEfterloen(borger));
      expect(
        (await current().entries()).filter(({ operation }) => operation === 'OverhalBesked'),
      ).to.have.length(1);
    });

    it('is not sent either when that one was fetched and given back: it may have been taken', async () => {
      const [borger] = await oneWaitsOneIsQueued();
      const { identifier } = given(await create(A11));
      given(await fetch(A11, identifier));
      given(await end('CloseSequence', A11, identifier));
      expect(await load(leftWithEfterloen(borger))).to.equal(0);
      expect(await versionsFetched()).to.deep.equal([2]);
    });

    it('comes before that one when it was given back without being fetched', async () => {
      const [borger] = await oneWaitsOneIsQueued();
      const { identifier } = given(await create(A11));
      given(await end('CloseSequence', A11, identifier));
      expect(await load(leftWithEfterloen(borger))).to.equal(1);
      expect(await versionsFetched()).to.deep.equal([1, 2]);
    });

    it('is sent to another a-kasse, which has not had the later one', async () => {
      const [borger] = await oneWaitsOneIsQueued();
      await versionsFetched();
      await load(
        linje(2, borger, '11', '2020-01-01', { slut: '2026-05-31' }),
        linje(3, borger, '22', '2026-06-01', { slut: '2026-06-30', efterloen: '2026-07-01' }),
      );
      const { identifier, antal } = given(await create(koe('22')));
      expect(antal).to.equal(1);
      expect(given(await fetch(koe('22'), identifier)).map(({ version }) => version)).to.deep.equal([1]);
    });

    it('is not held back by another forløb of the citizen', async () => {
      const borger = nyBorger();
      await save(borger);
      await load(joined(borger));
      await save(borger);
      await versionsFetched();
      expect(await load(leftWithEfterloen(borger))).to.equal(1);
      expect(await versionsFetched()).to.deep.equal([1]);
    });
  });
}

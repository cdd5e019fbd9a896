// Promises about beskeder that wait: an import that registers efterløn on the latest previous membership releases them.

import { expect } from 'chai';
import type { Dato } from '../../../src/domain/dato.ts';
import type { AkasseKode } from '../../../src/domain/medlemskab.ts';
import type { Personnummer } from '../../../src/domain/personnummer.ts';
import type { MedlemskabImport, MedlemskabLinje } from '../../../src/store/store.ts';
import { nyBorger } from '../../support/domain-model.ts';
import {
  importMedlemskaber,
  kompensation,
  medlemskabLinje as linje,
  NU,
  operatorEntry,
  saveCommand,
} from '../../support/store-fixtures.ts';
import type { CurrentStore } from '../store-promises.ts';

const ENDED = { slut: '2026-06-30', afgangsaarsag: 'U' };
const MED_EFTERLOEN = { ...ENDED, efterloen: '2027-01-01' };

export function importReleasePromises(current: CurrentStore): void {
  const save = async (Personnummer: Personnummer): Promise<void> => {
    const saved = await current().store.save(saveCommand({ Personnummer, ...kompensation('2026-01-01') }));
    expect(saved.ok).to.equal(true);
  };
  /** Imports, and tells how many beskeder were released. */
  const load = async (linjer: MedlemskabLinje[], rest: Partial<MedlemskabImport> = {}): Promise<number> => {
    const done = await importMedlemskaber(current().store, { linjer, ...rest });
    if (!done.ok) expect.fail(`refused: ${JSON.stringify(done.fejl)}`);
    return done.frigivne;
  };
  const modtagere = async (personnummer: Personnummer) =>
    (await current().beskeder())
      .filter((besked) => besked.personnummer === personnummer)
      .map((besked) => besked.modtager);

  describe('a besked that waits', () => {
    it('is released when efterløn is registered on the latest previous membership, all of the citizen', async () => {
      const a = nyBorger();
      await save(a);
      await load([linje(2, a, '11', '2020-01-01', ENDED)]);
      await save(a);
      expect(await modtagere(a)).to.deep.equal([null, null]);
      expect(await load([linje(2, a, '11', '2020-01-01', MED_EFTERLOEN)])).to.equal(2);
      const beskeder = await current().beskeder();
      for (const besked of beskeder) {
        expect(besked).to.include({
          modtager: '11',
          modtagerAarsag: 'seneste-akasse-med-efterloen',
          eventDate: NU.toISOString(),
        });
      }
      expect(await load([linje(2, a, '11', '2020-01-01', MED_EFTERLOEN)]), 'once').to.equal(0);
      expect(await current().beskeder()).to.deep.equal(beskeder);
    });

    it('goes to the a-kasse that has taken over the latest previous one', async () => {
      const a = nyBorger();
      await save(a);
      await load([linje(2, a, '31', '2020-01-01', MED_EFTERLOEN)], { afloesere: { 31: '67' as AkasseKode } });
      expect(await modtagere(a)).to.deep.equal(['67']);
    });

    it('is released by an import in which the citizen is not, when a membership has ended by itself', async () => {
      const a = nyBorger();
      await load([linje(2, a, '11', '2020-01-01', { slut: '2026-12-31' })]);
      await load([linje(2, a, '11', '2020-01-01', { slut: '2026-12-31', tilbagekaldt: true })]);
      await save(a);
      await load([linje(2, a, '11', '2020-01-01', { slut: '2026-12-31', efterloen: '2026-01-01' })]);
      expect(await modtagere(a), 'a member again').to.deep.equal([null]);
      expect(await load([], { idag: '2026-12-31' as Dato })).to.equal(0);
      expect(await load([], { idag: '2027-01-01' as Dato })).to.equal(1);
      expect(await modtagere(a)).to.deep.equal(['11']);
    });

    it('goes on waiting when the citizen joins an a-kasse; what is reported then goes there', async () => {
      const a = nyBorger();
      await save(a);
      expect(await load([linje(2, a, '22', '2026-11-01')])).to.equal(0);
      await save(a);
      expect(await modtagere(a)).to.deep.equal([null, '22']);
    });

    it('goes on waiting when another membership than the latest previous one has efterløn', async () => {
      const a = nyBorger();
      await save(a);
      const old = linje(2, a, '11', '2010-01-01', { slut: '2015-12-31', efterloen: '2015-01-01' });
      expect(await load([old, linje(3, a, '22', '2020-01-01', ENDED)])).to.equal(0);
      expect(await modtagere(a)).to.deep.equal([null]);
    });

    it('is released when the recall of a later membership makes another the latest previous one', async () => {
      const a = nyBorger();
      await save(a);
      const old = linje(2, a, '11', '2010-01-01', { slut: '2015-12-31', efterloen: '2015-01-01' });
      await load([old, linje(3, a, '22', '2020-01-01', ENDED)]);
      expect(await load([old], { hele: true })).to.equal(1);
      expect(await modtagere(a)).to.deep.equal(['11']);
    });

    it('stays as it is when the import is refused', async () => {
      const a = nyBorger();
      await save(a);
      const before = await current().beskeder();
      const bad = { linje: 3, grund: 'bad' };
      await importMedlemskaber(current().store, {
        linjer: [linje(2, a, '11', '2020-01-01', MED_EFTERLOEN), bad],
      });
      expect(await current().beskeder()).to.deep.equal(before);
    });

    it('is released of every citizen, however many wait', async () => {
      const borgere = Array.from({ length: 1_201 }, nyBorger);
      await Promise.all(borgere.map(save));
      const linjer = borgere.map((borger, i) => linje(i + 2, borger, '11', '2020-01-01', MED_EFTERLOEN));
      expect(await load(linjer.slice(1))).to.equal(1_200);
      expect((await current().beskeder()).filter(({ modtager }) => modtager === null)).to.have.length(1);
    });
  });

  describe('the audit trail of an import', () => {
    it('has one entry with the counts, and one for each besked released, under the same correlation id', async () => {
      const [a, b] = [nyBorger(), nyBorger()];
      await save(a);
      const [besked] = await current().beskeder();
      const before = (await current().entries()).length;
      const entry = operatorEntry('ImportMedlemskaber');
      await load([linje(2, a, '11', '2020-01-01', MED_EFTERLOEN), linje(3, b, '22', '2020-01-01')], {
        entry,
      });
      const entries = (await current().entries()).slice(before);
      expect(entries.map(({ operation }) => operation)).to.have.members([
        'FrigivBesked',
        'ImportMedlemskaber',
      ]);
      const imported = entries.find(({ operation }) => operation === 'ImportMedlemskaber')!;
      const { detaljer, ...head } = imported;
      expect(head).to.deep.equal(entry);
      expect(JSON.parse(detaljer!)).to.deep.equal({
        hele: false,
        nye: 2,
        aendrede: 0,
        uaendrede: 0,
        tilbagekaldte: 0,
        frigivne: 1,
      });
      expect(entries.find(({ operation }) => operation === 'FrigivBesked')).to.deep.equal({
        ...entry,
        operation: 'FrigivBesked',
        personnummer: a,
        forloebId: besked!.forloebId,
        version: 1,
        modtager: '11',
        modtagerAarsag: 'seneste-akasse-med-efterloen',
      });
    });

    it('has an entry of an import that changes nothing, and none of one that was refused', async () => {
      const counted = async (): Promise<number> => (await current().entries()).length;
      const before = await counted();
      await load([]);
      expect(await counted()).to.equal(before + 1);
      await importMedlemskaber(current().store, { linjer: [{ linje: 2, grund: 'bad' }] });
      expect(await counted()).to.equal(before + 1);
    });

    it('has an entry of each look at a citizen, who may have no membership at all', async () => {
      const [a, b] = [nyBorger(), nyBorger()];
      await load([linje(2, a, '22', '2024-01-01'), linje(3, a, '11', '2020-01-01', { afgangsaarsag: 'A' })]);
      for (const [borger, akasser] of [
        [a, ['11', '22']],
        [b, []],
      ] as const) {
        const entry = { ...operatorEntry('VisMedlemskab'), personnummer: borger };
        const seen = await current().store.medlemskaber.show(borger, entry);
        expect(seen.map(({ akasse }) => akasse)).to.deep.equal(akasser);
        expect((await current().entries()).at(-1)).to.deep.equal(entry);
      }
    });
  });
}

// Promises about the import of the membership register: counts, repetition, recalls, clashes, all or nothing.

import { expect } from 'chai';
import type { AfvistLinje, MedlemskabLinje } from '../../../src/store/store.ts';
import { nyBorger } from '../../support/domain-model.ts';
import { importMedlemskaber, medlemskabLinje as linje } from '../../support/store-fixtures.ts';
import type { CurrentStore } from '../store-promises.ts';

type Counts = [nye: number, aendrede: number, uaendrede: number, tilbagekaldte: number];

export function importPromises(current: CurrentStore): void {
  const load = (linjer: Iterable<MedlemskabLinje | AfvistLinje>, hele = false) =>
    importMedlemskaber(current().store, { linjer, hele });
  const counts = async (linjer: Iterable<MedlemskabLinje>, hele = false): Promise<Counts> => {
    const done = await load(linjer, hele);
    if (!done.ok) expect.fail(`refused: ${JSON.stringify(done.fejl)}`);
    return [done.nye, done.aendrede, done.uaendrede, done.tilbagekaldte];
  };
  /** The lines that stand in the way; and nothing was changed, whatever they are. */
  const refused = async (linjer: Iterable<MedlemskabLinje | AfvistLinje>, hele = false) => {
    const before = await current().standing();
    const done = await load(linjer, hele);
    expect(await current().standing(), 'nothing was changed').to.deep.equal(before);
    if (done.ok) expect.fail('accepted');
    for (const { grund } of done.fejl)
      expect(grund, 'says why, names no citizen').to.match(/^(?!.*\d{10}).+/);
    return done.fejl.map((fejl) => fejl.linje);
  };

  describe('an import of memberships', () => {
    it('counts what is new, what is changed and what is as it was', async () => {
      const [a, b, c] = [nyBorger(), nyBorger(), nyBorger()];
      expect(await counts([linje(2, a, '11', '2020-01-01'), linje(3, b, '22', '2021-01-01')])).to.deep.equal([
        2, 0, 0, 0,
      ]);
      const next = [
        linje(2, a, '11', '2020-01-01', { slut: '2025-12-31', afgangsaarsag: 'U' }),
        linje(3, b, '22', '2021-01-01'),
        linje(4, c, '67', '2022-01-01'),
      ];
      expect(await counts(next)).to.deep.equal([1, 1, 1, 0]);
    });

    it('changes nothing the second time, in any order of the lines', async () => {
      const [a, b] = [nyBorger(), nyBorger()];
      const rest = { slut: '2021-12-31', afgangsaarsag: 'A', efterloen: '2021-06-01' };
      const file = [
        linje(2, a, '11', '2020-01-01', rest),
        linje(3, a, '22', '2022-01-01'),
        linje(4, b, '67', '2022-01-01', { tilbagekaldt: true }),
      ];
      expect(await counts(file)).to.deep.equal([3, 0, 0, 0]);
      const before = await current().standing();
      expect(await counts(file.toReversed())).to.deep.equal([0, 0, 3, 0]);
      expect(await counts(file, true)).to.deep.equal([0, 0, 3, 0]);
      expect(await current().standing()).to.deep.equal(before);
    });

    it('sees a change in each field, and replaces the line in full: what is empty now is gone', async () => {
      const a = nyBorger();
      const first = { slut: '2025-12-31', efterloen: '2026-06-01', afgangsaarsag: 'U', tilbagekaldt: false };
      // Each differs from the one before it in one field.
      const slut = { ...first, slut: '2025-11-30' };
      const efterloen = { ...slut, efterloen: '2026-07-01' };
      const afgangsaarsag = { ...efterloen, afgangsaarsag: 'A' };
      for (const change of [
        first,
        slut,
        efterloen,
        afgangsaarsag,
        { ...afgangsaarsag, tilbagekaldt: true },
        {},
      ]) {
        const [nye, aendrede] = await counts([linje(2, a, '11', '2020-01-01', change)]);
        expect(nye + aendrede, JSON.stringify(change)).to.equal(1);
        expect(await counts([linje(2, a, '11', '2020-01-01', change)])).to.deep.equal([0, 0, 1, 0]);
      }
    });

    it('of a part leaves the rest alone; of the whole recalls what is not in it, once', async () => {
      const [a, b] = [nyBorger(), nyBorger()];
      await counts([linje(2, a, '11', '2020-01-01'), linje(3, b, '22', '2021-01-01')]);
      expect(await counts([linje(2, a, '11', '2020-01-01')])).to.deep.equal([0, 0, 1, 0]);
      expect(await counts([linje(2, a, '11', '2020-01-01')], true)).to.deep.equal([0, 0, 1, 1]);
      expect(await counts([linje(2, a, '11', '2020-01-01')], true)).to.deep.equal([0, 0, 1, 0]);
      expect(await counts([linje(2, b, '22', '2021-01-01')], true), 'and b is back').to.deep.equal([
        0, 1, 0, 1,
      ]);
    });

    it('of a whole that is empty recalls everything', async () => {
      await counts([linje(2, nyBorger(), '11', '2020-01-01')]);
      expect(await counts([], true)).to.deep.equal([0, 0, 0, 1]);
    });

    it('of many lines is as good as of few', async () => {
      const file = Array.from({ length: 2000 }, (_, i) => linje(i + 2, nyBorger(), '11', '2020-01-01'));
      expect(await counts(file)).to.deep.equal([2000, 0, 0, 0]);
      expect(await counts(file, true)).to.deep.equal([0, 0, 2000, 0]);
    });
  });

  describe('an import of memberships is refused, each fault at its line, and all of it,', () => {
    it('when the same key stands twice: at the later line', async () => {
      const a = nyBorger();
      expect(
        await refused([
          linje(2, nyBorger(), '11', '2020-01-01'),
          linje(3, a, '11', '2020-01-01'),
          linje(7, a, '11', '2020-01-01', { slut: '2021-01-01' }),
        ]),
      ).to.deep.equal([7]);
    });

    it('when the same key stands three times: at the later lines, which name the first', async () => {
      const a = nyBorger();
      const same = [2, 5, 9].map((nr) => linje(nr, a, '11', '2020-01-01'));
      const done = await load(same);
      expect(
        done.ok ? [] : done.fejl.map(({ linje, grund }) => [linje, / line 2 /.test(grund)]),
      ).to.deep.equal([
        [5, true],
        [9, true],
      ]);
    });

    it('when two memberships of a citizen start the same day', async () => {
      const a = nyBorger();
      const lines = await refused([linje(2, a, '22', '2020-01-01'), linje(3, a, '11', '2020-01-01')]);
      expect(lines).to.have.length(1);
      expect([2, 3]).to.include(lines[0]);
    });

    it('when one ends on the day the next starts, or after it: at the line that ends', async () => {
      const [a, b] = [nyBorger(), nyBorger()];
      expect(
        await refused([
          linje(2, a, '22', '2022-01-01'),
          linje(3, a, '11', '2020-01-01', { slut: '2022-01-01' }),
          linje(4, b, '11', '2020-01-01', { slut: '2025-01-01' }),
          linje(5, b, '22', '2022-01-01'),
        ]),
      ).to.deep.equal([3, 4]);
    });

    it('when the line clashes with what the register holds already', async () => {
      const [a, b] = [nyBorger(), nyBorger()];
      await counts([
        linje(2, a, '11', '2020-01-01', { slut: '2025-12-31' }),
        linje(3, b, '22', '2022-01-01'),
      ]);
      expect(await refused([linje(8, a, '22', '2025-12-31')])).to.deep.equal([8]);
      expect(await refused([linje(9, b, '11', '2020-01-01', { slut: '2022-01-01' })])).to.deep.equal([9]);
      expect(await refused([linje(4, b, '11', '2022-01-01')])).to.deep.equal([4]);
    });

    it('for every fault there is, by line, after all lines are read', async () => {
      const [a, b] = [nyBorger(), nyBorger()];
      const file = [
        linje(2, a, '11', '2020-01-01', { slut: '2022-01-01' }),
        linje(3, a, '22', '2022-01-01'),
        linje(4, b, '67', '2022-01-01'),
        linje(5, b, '67', '2022-01-01'),
      ];
      expect(await refused(file)).to.deep.equal([2, 5]);
      expect(await refused(file.toReversed())).to.deep.equal([2, 4]);
    });

    it('for lines that were refused before, and what does not go together among the others, in order', async () => {
      const a = nyBorger();
      const file = [
        { linje: 2, grund: 'not a line' },
        linje(3, a, '11', '2020-01-01', { slut: '2022-01-01' }),
        linje(4, a, '22', '2022-01-01'),
        { linje: 5, grund: 'not a line either' },
      ];
      expect(await refused(file)).to.deep.equal([2, 3, 5]);
      expect(await refused(file.toReversed(), true)).to.deep.equal([2, 3, 5]);
    });

    it('once for a line that stands in two ways, with both reasons', async () => {
      const a = nyBorger();
      await counts([
        linje(2, a, '11', '2020-01-01', { slut: '2022-06-01' }),
        linje(3, a, '67', '2023-01-01'),
      ]);
      const done = await load([linje(2, a, '22', '2022-01-01', { slut: '2023-06-01' })]);
      expect(done.ok ? [] : done.fejl.map(({ linje }) => linje)).to.deep.equal([2]);
      expect(done.ok ? '' : done.fejl[0]!.grund).to.match(
        /2022-06-01, on or after .*; .*2023-06-01, on or after/,
      );
    });

    it('however many there are', async () => {
      const bad = Array.from({ length: 2_500 }, (_, i) => ({ linje: i + 2, grund: `reason ${i + 2}` }));
      const done = await load(bad);
      expect(done.ok ? [] : done.fejl).to.deep.equal(bad);
      expect((await load([])).ok, 'and the next import knows nothing of it').to.equal(true);
    });

    it('also when it is of the whole: then nothing is recalled either', async () => {
      const [a, b] = [nyBorger(), nyBorger()];
      await counts([linje(2, a, '11', '2020-01-01')]);
      expect(
        await refused([linje(2, b, '11', '2020-01-01'), linje(3, b, '11', '2020-01-01')], true),
      ).to.deep.equal([3]);
    });

    it('when reading the lines fails half way', async () => {
      const before = await current().standing();
      function* halfWay() {
        yield linje(2, nyBorger(), '11', '2020-01-01');
        throw new Error('the disk is gone');
      }
      const outcome = await load(halfWay()).catch((error: Error) => error.message);
      expect(outcome).to.equal('the disk is gone');
      expect(await current().standing()).to.deep.equal(before);
      expect(await counts([linje(2, nyBorger(), '11', '2020-01-01')])).to.deep.equal([1, 0, 0, 0]);
    });
  });

  describe('an import of memberships is accepted', () => {
    it('when one ends the day before the next starts, in any order of the lines', async () => {
      const a = nyBorger();
      const file = [linje(2, a, '22', '2022-01-01'), linje(3, a, '11', '2020-01-01', { slut: '2021-12-31' })];
      expect(await counts(file)).to.deep.equal([2, 0, 0, 0]);
    });

    it('when the one that would clash is recalled, before or in the same file', async () => {
      const a = nyBorger();
      await counts([linje(2, a, '11', '2020-01-01')]);
      const moved = linje(2, a, '22', '2020-01-01');
      expect(await counts([linje(3, a, '11', '2020-01-01', { tilbagekaldt: true }), moved])).to.deep.equal([
        1, 1, 0, 0,
      ]);
      expect(await counts([linje(2, a, '67', '2020-01-01')], true), 'the whole').to.deep.equal([1, 0, 0, 1]);
    });
  });
}

// The overview of a citizen's memberships says what the rules say: of each membership, of the recipient, of reading.

import { expect } from 'chai';
import fc from 'fast-check';
import { findModtager } from '../../src/domain/besked-modtager.ts';
import { type Dato, dageEfter } from '../../src/domain/dato.ts';
import { decideLaeseadgang } from '../../src/domain/laeseadgang.ts';
import { nuvaerendeMedlemskab } from '../../src/domain/medlemskab.ts';
import { makeOverblik } from '../../src/domain/medlemskab-overblik.ts';
import { dag, FUSIONER, kode, medlem } from './medlemskaber.ts';
import { itRandomly } from './random.ts';

const IDAG = dag('2026-11-22');
const overblik = (list: readonly ReturnType<typeof medlem>[], idag: Dato = IDAG, tidligereMaaneder = 42) =>
  makeOverblik(list, { idag, afloesere: FUSIONER, tidligereMaaneder });

describe('the overview of memberships', () => {
  it('of none says that nobody is told and nobody may read', () => {
    expect(overblik([])).to.deep.equal({
      idag: IDAG,
      poster: [],
      modtager: { aarsag: 'intet-medlemskab' },
      laesere: [],
    });
  });

  it('says of each membership what it counts for, until when, and what closed it', () => {
    const first = medlem('11', '2010-01-01');
    const second = medlem('22', '2015-01-01', '2019-12-31');
    const recalled = medlem('67', '2012-01-01', undefined, { tilbagekaldt: true });
    const third = medlem('22', '2020-01-01');
    const coming = medlem('67', '2027-01-01');
    const { poster } = overblik([coming, recalled, third, first, second]);
    expect(poster).to.deep.equal([
      { medlemskab: first, stilling: 'tidligere', slut: '2014-12-31', lukketAf: second },
      { medlemskab: recalled, stilling: 'tilbagekaldt' },
      { medlemskab: second, stilling: 'tidligere', slut: '2019-12-31' },
      { medlemskab: third, stilling: 'nuvaerende', slut: '2026-12-31', lukketAf: coming },
      { medlemskab: coming, stilling: 'kommende' },
    ]);
  });

  it('says that the current a-kasse may read as long as it is that, and as a former one afterwards', () => {
    expect(overblik([medlem('11', '2020-01-01')]).laesere).to.deep.equal([
      { akasse: '11', som: 'nuvaerende' },
    ]);
    expect(overblik([medlem('11', '2020-01-01', '2026-12-31')]).laesere).to.deep.equal([
      { akasse: '11', som: 'nuvaerende', til: '2030-06-30' },
    ]);
    expect(overblik([medlem('11', '2020-01-01'), medlem('22', '2027-01-01')]).laesere).to.deep.equal([
      { akasse: '11', som: 'nuvaerende', til: '2026-12-31' },
    ]);
  });

  it('says of each former a-kasse until when, and names the successor of one that was taken over', () => {
    const list = [
      medlem('31', '2015-01-01', '2024-06-30'),
      medlem('22', '2024-07-01', '2025-12-31'),
      medlem('11', '2026-12-01'),
    ];
    expect(overblik(list).laesere).to.deep.equal([
      { akasse: '22', som: 'tidligere', til: '2026-11-30' },
      { akasse: '67', som: 'tidligere', til: '2026-11-30' },
    ]);
    expect(overblik(list.slice(0, 2)).laesere).to.deep.equal([
      { akasse: '22', som: 'tidligere', til: '2029-06-30' },
      { akasse: '67', som: 'tidligere', til: '2027-12-30' },
    ]);
  });

  it('goes to the last day of the calendar without falling off it', () => {
    const list = [medlem('11', '2020-01-01', '9999-12-31')];
    expect(overblik(list).laesere).to.deep.equal([{ akasse: '11', som: 'nuvaerende' }]);
  });

  const day = (n: number): Dato => dageEfter(dag('2026-01-25'), n);
  const anyRegister = fc
    .uniqueArray(
      fc.record({
        akasse: fc.constantFrom('11', '22', '30', '31', '67'),
        start: fc.nat(120),
        length: fc.option(fc.nat(60), { nil: undefined }),
        tilbagekaldt: fc.boolean(),
        efterloen: fc.boolean(),
      }),
      { selector: ({ start }) => start, maxLength: 5 },
    )
    .map((list) =>
      list.map(({ akasse, start, length, tilbagekaldt, efterloen }) =>
        medlem(akasse, day(start), length === undefined ? undefined : day(start + length), {
          tilbagekaldt,
          ...(efterloen && { efterloen: '2027-01-01' }),
        }),
      ),
    );

  itRandomly(
    'agrees with the rules on every day: who may read, until when and not a day longer, and who is told',
    fc.property(anyRegister, fc.nat(240), fc.nat(3), (list, n, tidligereMaaneder) => {
      const idag = day(n);
      const { poster, modtager, laesere } = overblik(list, idag, tidligereMaaneder);
      expect(modtager).to.deep.equal(findModtager(list, idag, FUSIONER));
      const current = poster.filter(({ stilling }) => stilling === 'nuvaerende');
      expect(current.map(({ medlemskab }) => medlemskab.start)).to.deep.equal(
        [nuvaerendeMedlemskab(list, idag)?.start].filter(Boolean),
      );
      for (const akasse of ['11', '22', '30', '31', '67', '99']) {
        const mayRead = (dato: Dato): boolean =>
          decideLaeseadgang(
            { omfang: 'egne-medlemmer', akasse: kode(akasse), afloesere: FUSIONER, tidligereMaaneder },
            list,
            dato,
          ).ok;
        const laeser = laesere.find((one) => one.akasse === akasse);
        expect(laeser !== undefined, `${akasse} on ${idag}`).to.equal(mayRead(idag));
        if (laeser === undefined) continue;
        for (let later = n; later < n + 400; later += 1) {
          const within = laeser.til === undefined || day(later) <= laeser.til;
          if (within) expect(mayRead(day(later)), `${akasse} on ${day(later)}`).to.equal(true);
        }
        if (laeser.til !== undefined)
          expect(mayRead(dageEfter(laeser.til, 1)), 'the day after').to.equal(false);
      }
    }),
    300,
  );
});

// What follows from memberships as they are registered: when they really end, which is current, which was the last.

import { expect } from 'chai';
import fc from 'fast-check';
import {
  gaeldendeMedlemskaber,
  koderAf,
  nuvaerendeMedlemskab,
  senesteTidligereMedlemskab,
  sidsteAfloeser,
} from '../../src/domain/medlemskab.ts';
import { WINDOW, windowDay } from '../support/domain-model.ts';
import { dag, FUSIONER, kode, medlem, orders } from './medlemskaber.ts';
import { itRandomly } from './random.ts';

const IDAG = dag('2026-11-22');
const ends = (...list: ReturnType<typeof medlem>[]) =>
  gaeldendeMedlemskaber(list).map(({ akasse, slut }) => `${akasse} ${slut ?? 'open'}`);

describe('a membership really ends', () => {
  it('on its own end, or never', () => {
    expect(ends(medlem('11', '2020-01-01', '2022-06-30'))).to.deep.equal(['11 2022-06-30']);
    expect(ends(medlem('11', '2020-01-01'))).to.deep.equal(['11 open']);
  });

  it('the day before the next one, whatever the order of the lines', () => {
    const three = [medlem('11', '2020-01-01'), medlem('22', '2022-03-01'), medlem('67', '2024-01-01')];
    for (const list of orders(three))
      expect(ends(...list)).to.deep.equal(['11 2022-02-28', '22 2023-12-31', '67 open']);
  });

  it('on its own end when that is before the next one', () => {
    expect(ends(medlem('11', '2020-01-01', '2021-05-05'), medlem('22', '2022-03-01'))[0]).to.equal(
      '11 2021-05-05',
    );
    expect(ends(medlem('11', '2020-01-01', '2022-02-28'), medlem('22', '2022-03-01'))[0]).to.equal(
      '11 2022-02-28',
    );
  });

  it('the day before the next one also when its own end is later', () => {
    expect(ends(medlem('11', '2020-01-01', '2023-01-01'), medlem('22', '2022-03-01'))[0]).to.equal(
      '11 2022-02-28',
    );
  });

  it('before every day when the next one begins on the first day there is, which some write for "not known"', () => {
    const list = [medlem('11', '0001-01-01'), medlem('22', '0001-01-01'), medlem('67', '2024-01-01')];
    expect(nuvaerendeMedlemskab(list, IDAG)?.akasse).to.equal('67');
    expect(nuvaerendeMedlemskab(list, dag('2020-01-01'))?.akasse).to.equal('22');
  });

  it('as if a recalled one had never been: a recall reopens what it had closed', () => {
    const [first, next] = [medlem('11', '2020-01-01'), medlem('22', '2022-03-01')];
    expect(ends(first, next)).to.deep.equal(['11 2022-02-28', '22 open']);
    expect(ends(first, { ...next, tilbagekaldt: true })).to.deep.equal(['11 open']);
    expect(ends({ ...first, tilbagekaldt: true })).to.deep.equal([]);
  });

  it('without changing what was registered', () => {
    const list = [medlem('22', '2022-03-01'), medlem('11', '2020-01-01')];
    const before = structuredClone(list);
    gaeldendeMedlemskaber(list);
    expect(list).to.deep.equal(before);
  });
});

describe('the current membership', () => {
  const current = (...list: ReturnType<typeof medlem>[]) => nuvaerendeMedlemskab(list, IDAG)?.akasse;

  it('holds today, its first and its last day included', () => {
    expect(current(medlem('11', '2020-01-01'))).to.equal('11');
    expect(current(medlem('11', IDAG))).to.equal('11');
    expect(current(medlem('11', '2020-01-01', IDAG))).to.equal('11');
    expect(current(medlem('11', '2020-01-01', '2026-11-21'))).to.equal(undefined);
    expect(current(medlem('11', '2026-11-23'))).to.equal(undefined);
    expect(current()).to.equal(undefined);
  });

  it('is the new one from the day it starts, though the old one was never closed', () => {
    expect(current(medlem('11', '2020-01-01'), medlem('22', IDAG))).to.equal('22');
    expect(current(medlem('11', '2020-01-01'), medlem('22', '2026-11-23'))).to.equal('11');
  });

  it('is never a recalled one; then it is the one that this had closed', () => {
    const recalled = medlem('22', '2022-03-01', undefined, { tilbagekaldt: true });
    expect(current(recalled)).to.equal(undefined);
    expect(current(recalled, medlem('11', '2020-01-01'))).to.equal('11');
  });
});

describe('the latest previous membership', () => {
  const latest = (...list: ReturnType<typeof medlem>[]) => senesteTidligereMedlemskab(list, IDAG)?.akasse;

  it('is the one that ended last before today', () => {
    const three = [
      medlem('11', '2015-01-01', '2016-12-31'),
      medlem('22', '2018-01-01', '2020-12-31'),
      medlem('67', '2017-02-01', '2017-12-31'),
    ];
    for (const list of orders(three)) expect(latest(...list)).to.equal('22');
  });

  it('has ended yesterday at the latest', () => {
    expect(latest(medlem('11', '2020-01-01', '2026-11-21'))).to.equal('11');
    expect(latest(medlem('11', '2020-01-01', IDAG))).to.equal(undefined);
    expect(latest(medlem('11', '2020-01-01'))).to.equal(undefined);
  });

  it('is, of two registered with the same end, the one that started last', () => {
    const two = [medlem('11', '2018-01-01', '2020-12-31'), medlem('22', '2019-05-01', '2020-12-31')];
    for (const list of orders(two)) expect(latest(...list)).to.equal('22');
  });

  it('may be one that was only closed by the next, and is never a recalled or a coming one', () => {
    expect(latest(medlem('11', '2020-01-01'), medlem('22', '2025-01-01'))).to.equal('11');
    const recalled = medlem('22', '2021-01-01', '2022-12-31', { tilbagekaldt: true });
    expect(latest(recalled)).to.equal(undefined);
    expect(latest(medlem('11', '2018-01-01', '2019-12-31'), recalled, medlem('67', '2027-01-01'))).to.equal(
      '11',
    );
  });
});

describe('random memberships', () => {
  const anyMembership = fc.record({
    akasse: fc.constantFrom('11', '22', '67'),
    start: fc.nat(WINDOW - 1),
    length: fc.option(fc.nat(8), { nil: undefined }),
    tilbagekaldt: fc.boolean(),
  });
  const anyRegister = fc.uniqueArray(anyMembership, { selector: ({ start }) => start, maxLength: 6 });

  itRandomly(
    'are current on exactly the days that the model colours: each start paints over what came before it',
    fc.property(anyRegister, (register) => {
      const painted: (string | undefined)[] = Array.from({ length: WINDOW });
      const endedOn: { day: number; akasse: string }[] = [];
      const counting = register.filter((m) => !m.tilbagekaldt).sort((a, b) => a.start - b.start);
      for (const { akasse, start, length } of counting) {
        painted.fill(undefined, start);
        painted.fill(akasse, start, length === undefined ? WINDOW : start + length + 1);
      }
      for (const [i, { akasse, start, length }] of counting.entries()) {
        const last = Math.min(
          length === undefined ? WINDOW : start + length,
          (counting[i + 1]?.start ?? WINDOW + 1) - 1,
        );
        endedOn.push({ day: last, akasse });
      }
      const real = register.map(({ akasse, start, length, tilbagekaldt }) =>
        medlem(akasse, windowDay(start), length === undefined ? undefined : windowDay(start + length), {
          tilbagekaldt,
        }),
      );
      for (let day = 0; day < WINDOW; day += 1) {
        expect(nuvaerendeMedlemskab(real, windowDay(day))?.akasse, `day ${day}`).to.equal(painted[day]);
        const previous = endedOn.filter((m) => m.day < day).sort((a, b) => a.day - b.day);
        expect(senesteTidligereMedlemskab(real, windowDay(day))?.akasse, `before day ${day}`).to.equal(
          previous.at(-1)?.akasse,
        );
      }
    }),
  );
});

describe('an a-kasse that has been taken over', () => {
  it('is answered for by its last successor, every other one by itself', () => {
    expect(sidsteAfloeser(kode('31'), FUSIONER)).to.equal('67');
    expect(sidsteAfloeser(kode('30'), FUSIONER)).to.equal('67');
    expect(sidsteAfloeser(kode('11'), FUSIONER)).to.equal('11');
    expect(sidsteAfloeser(kode('67'), FUSIONER)).to.equal('67');
  });

  it('is not confused with names that every object has', () => {
    expect(sidsteAfloeser(kode('constructor'), {})).to.equal('constructor');
  });

  it('is answered for under its own code by the last successor, after that one', () => {
    expect(koderAf(kode('67'), FUSIONER)).to.deep.equal(['67', '30', '31']);
    expect(koderAf(kode('11'), FUSIONER)).to.deep.equal(['11']);
    expect(koderAf(kode('11'), {})).to.deep.equal(['11']);
    expect(koderAf(kode('constructor'), {})).to.deep.equal(['constructor']);
  });

  it('answers for none of those that its successor has', () => {
    expect(koderAf(kode('31'), FUSIONER)).to.deep.equal(['31']);
  });
});

// Periods, held against sets of days: two overlap when the sets share one.

import { expect } from 'chai';
import fc from 'fast-check';
import type { Dato } from '../../src/domain/dato.ts';
import { beskrivPeriode, indeholder, overlapper, type Periode } from '../../src/domain/periode.ts';
import { daysOf, type ModelPeriode, shareADay, WINDOW, windowDay } from '../support/domain-model.ts';
import { anyPeriode, itRandomly } from './random.ts';

const periode = (start: string, slut?: string): Periode =>
  ({ start, ...(slut && { slut }) }) as { start: Dato; slut?: Dato };
const real = ({ start, slut }: ModelPeriode): Periode =>
  periode(windowDay(start), slut === undefined ? undefined : windowDay(slut));

describe('two periods', () => {
  it('overlap when one ends on the day the other starts, and not when it ends the day before', () => {
    const next = periode('2026-07-01', '2026-12-31');
    expect(overlapper(periode('2026-01-01', '2026-07-01'), next)).to.equal(true);
    expect(overlapper(periode('2026-01-01', '2026-06-30'), next)).to.equal(false);
    expect(overlapper(next, periode('2026-12-31', '2027-01-01'))).to.equal(true);
    expect(overlapper(next, periode('2027-01-01', '2027-01-01'))).to.equal(false);
  });

  it('overlap for ever when both have no end', () => {
    expect(overlapper(periode('2026-01-01'), periode('9999-12-31'))).to.equal(true);
  });

  it('do not overlap when one ends before the other begins and that other has no end', () => {
    expect(overlapper(periode('2026-01-01', '2026-06-30'), periode('2026-07-01'))).to.equal(false);
    expect(overlapper(periode('2026-07-01'), periode('2026-01-01', '2026-07-01'))).to.equal(true);
  });

  itRandomly(
    'overlap exactly when they share a day, in either order',
    fc.property(anyPeriode, anyPeriode, (a, b) => {
      const expected = shareADay(daysOf(a), daysOf(b));
      expect(overlapper(real(a), real(b))).to.equal(expected);
      expect(overlapper(real(b), real(a))).to.equal(expected);
    }),
    2000,
  );
});

describe('a period', () => {
  itRandomly(
    'holds exactly its days, first and last included',
    fc.property(anyPeriode, (a) => {
      for (let day = 0; day < WINDOW; day += 1)
        expect(indeholder(real(a), windowDay(day)), `day ${day}`).to.equal(daysOf(a).has(day));
    }),
  );

  it('is described in Danish, also when it has no end', () => {
    expect(beskrivPeriode(periode('2026-01-01', '2026-06-30'))).to.equal('2026-01-01 til 2026-06-30');
    expect(beskrivPeriode(periode('2026-01-01'))).to.equal('2026-01-01 til (ingen ophørsdato)');
  });
});

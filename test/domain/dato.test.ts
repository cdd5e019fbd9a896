// Calendar dates, held against the machine's own calendar and against the rule of summer time.

import { expect } from 'chai';
import fc from 'fast-check';
import { daysInMonth } from '../../src/contract/calendar.ts';
import {
  type Dato,
  dageEfter,
  dagenFoer,
  datoI,
  erFoer,
  maanederEfter,
  readDato,
} from '../../src/domain/dato.ts';
import { dayAt, FIRST_DAY, LAST_DAY } from '../support/domain-model.ts';
import { itRandomly } from './random.ts';

const anyDay = fc.integer({ min: FIRST_DAY, max: LAST_DAY });
const dato = (text: string) => text as Dato;

describe('a date', () => {
  itRandomly(
    'is read as it is written, for every day of the calendar',
    fc.property(anyDay, (n) => {
      expect(readDato(dayAt(n))).to.equal(dayAt(n));
    }),
  );

  it('loses its zone, whatever it is, and stays the same day', () => {
    for (const zone of ['Z', '+01:00', '+02:00', '-05:30', '+14:00', '-14:00'])
      expect(readDato(`2026-01-01${zone}`), zone).to.equal('2026-01-01');
  });

  it('is 29 February in leap years alone', () => {
    for (const year of ['0004', '1904', '2000', '2024', '2400'])
      expect(readDato(`${year}-02-29`), year).to.equal(`${year}-02-29`);
    for (const year of ['0001', '1900', '2023', '2026', '2100', '2200'])
      expect(readDato(`${year}-02-29`), year).to.equal(undefined);
  });

  it('is not read from a day, month or year that does not exist', () => {
    for (const text of ['0000-12-31', '2026-00-10', '2026-13-01', '2026-01-00', '2026-04-31', '2026-12-32'])
      expect(readDato(text), text).to.equal(undefined);
  });

  it('is not read from a text with anything around it', () => {
    for (const text of [' 2026-01-01', '2026-01-01 ', '2026-01-01\n', '2026-01-01T00:00:00', 'x2026-01-01'])
      expect(readDato(text), JSON.stringify(text)).to.equal(undefined);
  });

  itRandomly(
    'is before another exactly when it is an earlier day',
    fc.property(anyDay, anyDay, fc.integer({ min: -2, max: 2 }), (a, b, gap) => {
      expect(erFoer(dayAt(a), dayAt(b))).to.equal(a < b);
      const near = Math.min(Math.max(a + gap, FIRST_DAY), LAST_DAY);
      expect(erFoer(dayAt(a), dayAt(near))).to.equal(a < near);
    }),
  );

  it('has a day before it, also over the ends of months, years and leap Februaries', () => {
    for (const [day, before] of [
      ['2026-03-01', '2026-02-28'],
      ['2028-03-01', '2028-02-29'],
      ['2000-03-01', '2000-02-29'],
      ['1900-03-01', '1900-02-28'],
      ['2026-01-01', '2025-12-31'],
      ['2026-05-01', '2026-04-30'],
      ['2026-05-31', '2026-05-30'],
    ] as const)
      expect(dagenFoer(dato(day)), day).to.equal(before);
  });

  itRandomly(
    'has the day before it that the calendar says',
    fc.property(fc.integer({ min: FIRST_DAY + 1, max: LAST_DAY }), (n) => {
      expect(dagenFoer(dayAt(n))).to.equal(dayAt(n - 1));
    }),
  );

  itRandomly(
    'has the day so many days on that the calendar says',
    fc.property(
      fc.integer({ min: FIRST_DAY, max: LAST_DAY }),
      fc.integer({ min: FIRST_DAY, max: LAST_DAY }),
      (from, to) => {
        expect(dageEfter(dayAt(from), to - from)).to.equal(dayAt(to));
      },
    ),
  );

  it('has no day before it when it is the first of all', () => {
    expect(dagenFoer(dato('0001-01-01'))).to.equal(undefined);
  });

  it('knows how many days its month has', () => {
    const days = (year: number) => Array.from({ length: 12 }, (_, i) => daysInMonth(year, i + 1));
    expect(days(2026)).to.deep.equal([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]);
    expect(days(2028)).to.deep.equal([31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]);
    expect([daysInMonth(2026, 0), daysInMonth(2026, 13)]).to.deep.equal([0, 0]);
  });
});

describe('a date some months later', () => {
  it('is the same day of that month, clipped to its last day', () => {
    for (const [from, months, later] of [
      ['2022-08-31', 42, '2026-02-28'],
      ['2024-08-31', 42, '2028-02-29'],
      ['2022-08-28', 42, '2026-02-28'],
      ['2022-08-29', 42, '2026-02-28'],
      ['2024-02-29', 42, '2027-08-29'],
      ['2024-02-29', 12, '2025-02-28'],
      ['2026-01-31', 1, '2026-02-28'],
      ['2026-11-30', 1, '2026-12-30'],
      ['2026-11-30', 2, '2027-01-30'],
      ['2026-12-31', 42, '2030-06-30'],
      ['2026-05-31', 0, '2026-05-31'],
    ] as const)
      expect(maanederEfter(dato(from), months), `${from} + ${months}`).to.equal(later);
  });

  it('is never after 9999-12-31', () => {
    expect(maanederEfter(dato('9999-12-01'), 1)).to.equal('9999-12-31');
    expect(maanederEfter(dato('9998-06-15'), 42)).to.equal('9999-12-31');
    expect(maanederEfter(dato('9996-06-30'), 42)).to.equal('9999-12-30');
  });

  itRandomly(
    'is in the month so many months on, on that day or on the last of the month, and keeps the order of days',
    fc.property(
      fc.integer({ min: FIRST_DAY, max: LAST_DAY - 3700 }),
      fc.nat(120),
      fc.nat(40),
      (n, months, gap) => {
        const from = new Date(`${dayAt(n)}T00:00:00Z`);
        const later = maanederEfter(dayAt(n), months);
        const month = new Date(0);
        month.setUTCFullYear(from.getUTCFullYear(), from.getUTCMonth() + months, 1);
        expect(later.slice(0, 7)).to.equal(month.toISOString().slice(0, 7));
        const day = Number(later.slice(8));
        month.setUTCMonth(month.getUTCMonth() + 1, 0);
        expect(day).to.equal(Math.min(from.getUTCDate(), month.getUTCDate()));
        expect(later <= maanederEfter(dayAt(Math.min(n + gap, LAST_DAY)), months)).to.equal(true);
      },
    ),
  );
});

/** Summer time in the EU: from 01:00 UTC on the last Sunday of March to 01:00 UTC on the last Sunday of October. */
function dayInCopenhagen(instant: number): string {
  const year = new Date(instant).getUTCFullYear();
  const change = (month: number): number => {
    const last = new Date(Date.UTC(year, month, 31, 1));
    return last.getTime() - last.getUTCDay() * 86_400_000;
  };
  const summer = instant >= change(2) && instant < change(9);
  return new Date(instant + (summer ? 2 : 1) * 3_600_000).toISOString().slice(0, 10);
}

describe('today in Copenhagen', () => {
  const cases: [when: string, instant: string, day: string][] = [
    ['the last moment of a winter day', '2026-01-15T22:59:59.999Z', '2026-01-15'],
    ['midnight in winter', '2026-01-15T23:00:00.000Z', '2026-01-16'],
    ['the last moment of a summer day', '2026-07-15T21:59:59.999Z', '2026-07-15'],
    ['midnight in summer', '2026-07-15T22:00:00.000Z', '2026-07-16'],
    ['the last moment before the day summer time begins', '2026-03-28T22:59:59.999Z', '2026-03-28'],
    ['the first moment of the day of 23 hours', '2026-03-28T23:00:00.000Z', '2026-03-29'],
    ['the last moment of the day of 23 hours', '2026-03-29T21:59:59.999Z', '2026-03-29'],
    ['the day after it', '2026-03-29T22:00:00.000Z', '2026-03-30'],
    ['the first moment of the day of 25 hours', '2026-10-24T22:00:00.000Z', '2026-10-25'],
    ['an hour before midnight on the day of 25 hours', '2026-10-25T22:00:00.000Z', '2026-10-25'],
    ['the last moment of the day of 25 hours', '2026-10-25T22:59:59.999Z', '2026-10-25'],
    ['the day after it', '2026-10-25T23:00:00.000Z', '2026-10-26'],
    ['New Year, an hour before it is in UTC', '2026-12-31T23:00:00.000Z', '2027-01-01'],
    ['29 February', '2028-02-28T23:00:00.000Z', '2028-02-29'],
  ];
  for (const [when, instant, day] of cases)
    it(`is ${day} at ${instant}: ${when}`, () => {
      expect(datoI(new Date(instant))).to.equal(day);
    });

  itRandomly(
    'is the day that the rule of summer time gives, from 2000 to 2099',
    fc.property(fc.integer({ min: Date.UTC(2000, 0), max: Date.UTC(2099, 11, 31) }), (instant) => {
      expect(datoI(new Date(instant))).to.equal(dayInCopenhagen(instant));
    }),
    1000,
  );
});

// An instant as the Danish clock shows it: in winter, in summer, and on the two nights on which the clock is changed.

import { expect } from 'chai';
import { iDanskTid } from '../../src/domain/tidspunkt.ts';

const INSTANTS: readonly (readonly [what: string, utc: string, danish: string])[] = [
  ['in winter', '2026-11-22T07:50:00.123Z', '2026-11-22T08:50:00.123+01:00'],
  ['in summer', '2026-07-01T07:50:00.123Z', '2026-07-01T09:50:00.123+02:00'],
  ['the last moment of winter', '2026-03-29T00:59:59.999Z', '2026-03-29T01:59:59.999+01:00'],
  ['the first moment of summer, an hour later', '2026-03-29T01:00:00.000Z', '2026-03-29T03:00:00.000+02:00'],
  [
    'half past two in summer, on the last night of it',
    '2026-10-25T00:30:00.000Z',
    '2026-10-25T02:30:00.000+02:00',
  ],
  ['the last moment of summer', '2026-10-25T00:59:59.999Z', '2026-10-25T02:59:59.999+02:00'],
  ['the first moment of winter, an hour back', '2026-10-25T01:00:00.000Z', '2026-10-25T02:00:00.000+01:00'],
  ['half past two in winter, an hour later', '2026-10-25T01:30:00.000Z', '2026-10-25T02:30:00.000+01:00'],
  ['midnight', '2026-11-21T23:00:00.000Z', '2026-11-22T00:00:00.000+01:00'],
  ['just before midnight', '2026-11-22T22:59:59.999Z', '2026-11-22T23:59:59.999+01:00'],
  ['the new year', '2026-12-31T23:00:00.001Z', '2027-01-01T00:00:00.001+01:00'],
  ['a leap day', '2028-02-28T23:00:00.000Z', '2028-02-29T00:00:00.000+01:00'],
  ['milliseconds with zeros in front', '2026-11-22T07:50:00.007Z', '2026-11-22T08:50:00.007+01:00'],
  ['milliseconds that would round up', '2026-11-22T07:50:59.999Z', '2026-11-22T08:50:59.999+01:00'],
];

describe('an instant in Danish time', () => {
  for (const [what, utc, danish] of INSTANTS) {
    it(`${what}: ${utc} is ${danish}`, () => {
      expect(iDanskTid(new Date(utc))).to.equal(danish);
    });
  }

  it('is the same instant, at every hour of a year', () => {
    const first = Date.parse('2026-01-01T00:00:00.042Z');
    for (let hour = 0; hour < 366 * 24; hour += 1) {
      const instant = new Date(first + hour * 3_600_000);
      const text = iDanskTid(instant);
      expect(Date.parse(text), text).to.equal(instant.getTime());
      expect(text).to.match(/^2\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d\.042\+0[12]:00$/);
    }
  });
});

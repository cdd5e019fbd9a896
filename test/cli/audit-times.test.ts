// The times that `pension audit` takes: days and times of Copenhagen, or with an offset, and nothing that is no time.

import { expect } from 'chai';
import { instantOf } from '../../src/cli/audit/instant.ts';
import { UsageError } from '../../src/cli/outcome.ts';

const TIMES: readonly (readonly [text: string, start: string, end?: string])[] = [
  ['2026-11-22', '2026-11-21T23:00:00.000Z', '2026-11-22T23:00:00.000Z'],
  ['2026-07-01', '2026-06-30T22:00:00.000Z', '2026-07-01T22:00:00.000Z'],
  ['2026-11-22T08:00', '2026-11-22T07:00:00.000Z'],
  ['2026-07-01T08:00:30', '2026-07-01T06:00:30.000Z'],
  ['2026-11-22T08:00:30.5', '2026-11-22T07:00:30.500Z'],
  ['2026-11-22T07:50:00.123Z', '2026-11-22T07:50:00.123Z'],
  ['2026-11-22T07:50Z', '2026-11-22T07:50:00.000Z'],
  ['2026-11-22T00:30:00-02:30', '2026-11-22T03:00:00.000Z'],
  // An hour is taken
  ['2026-03-29', '2026-03-28T23:00:00.000Z', '2026-03-29T22:00:00.000Z'],
  ['2026-03-29T01:59', '2026-03-29T00:59:00.000Z'],
  ['2026-03-29T03:00', '2026-03-29T01:00:00.000Z'],
  ['2026-03-29T23:59', '2026-03-29T21:59:00.000Z'],
  // and given back; what is there twice is the first
  ['2026-10-25', '2026-10-24T22:00:00.000Z', '2026-10-25T23:00:00.000Z'],
  ['2026-10-25T02:30', '2026-10-25T00:30:00.000Z'],
  ['2026-10-25T03:00', '2026-10-25T02:00:00.000Z'],
  ['2026-10-25T23:59', '2026-10-25T22:59:00.000Z'],
  // At the ends of what can be written
  ['1969-12-31', '1969-12-30T23:00:00.000Z', '1969-12-31T23:00:00.000Z'],
  ['1945-05-04T20:35Z', '1945-05-04T20:35:00.000Z'],
  ['9999-12-31', '9999-12-30T23:00:00.000Z', '9999-12-31T23:59:59.999Z'],
  ['9999-12-31T23:59:59-12:00', '9999-12-31T23:59:59.999Z'],
  ['0001-01-01T00:00:00+14:00', '0000-12-31T10:00:00.000Z'],
];

const NO_TIMES = [
  '2026',
  '2026-11',
  '2026-11-31',
  '2026-02-30T00:00:00Z',
  '2026-13-01T00:00Z',
  '2026-11-22T24:00Z',
  '2026-11-22T08:60',
  '2026-11-22T08:00:60',
  '2026-11-22T8:00',
  '2026-11-22 08:00',
  '2026-11-22T08:00+25:00',
  '2026-11-22T08:00+0100',
  '2026-11-22Z',
  '0000-01-01',
  '10000-01-01',
  '-000001-01-01T00:00:00Z',
  '22-11-2026',
  'Nov 22 2026 +01:00',
  'NaN',
  'now',
  ' 2026-11-22',
];

describe('a time on the command line', () => {
  for (const [text, start, end = start] of TIMES) {
    it(`${text} is ${start}${end === start ? '' : `, and as an end ${end}`}`, () => {
      expect(instantOf('--from', text, 'start')).to.equal(start);
      expect(instantOf('--to', text, 'end')).to.equal(end);
    });
  }

  it('that is none is refused, and the option named', () => {
    for (const text of NO_TIMES)
      expect(() => instantOf('--to', text, 'end'), text).to.throw(
        UsageError,
        /^--to must be a day or a time/,
      );
  });
});

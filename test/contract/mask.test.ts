// No text that leaves or is logged holds what could be a personnummer; identifiers come through unharmed.

import { expect } from 'chai';
import fc from 'fast-check';
import { LIMITS } from '../../src/contract/limits.ts';
import { maskPersonnumre, quoteClientText } from '../../src/contract/mask.ts';

describe('masking', () => {
  for (const text of [
    '2902610001',
    '290261-0001',
    '290261 0001',
    '290261_0001',
    '290261/0001',
    '290261.0001',
    '290261\t0001',
    'x2902610001y',
    '12902610001',
    'nr.2902610001,',
    'a2902610001b',
  ]) {
    it(`hides ${text}`, () => {
      expect(maskPersonnumre(text)).to.not.match(/[0-9]{6}[-\s]?[0-9]{4}/);
      expect(maskPersonnumre(text)).to.include('**********');
    });
  }

  for (const text of [
    '6b1f7c1e-0000-4000-8000-000000000001',
    'forløb 12345678-1234-1234-1234-123456789012, 2026-01-01',
    '0123456789'.repeat(6).concat('abcd'),
    '2026-11-22T20:26:17.123Z',
    'line 123456, column 99999',
  ]) {
    it(`leaves ${text}`, () => expect(maskPersonnumre(text)).to.equal(text));
  }

  it('hides ten digits wherever they stand among other text', () => {
    const digits = fc
      .array(fc.integer({ min: 0, max: 9 }), { minLength: 10, maxLength: 10 })
      .map((ten) => ten.join(''));
    fc.assert(
      fc.property(
        fc.string({ maxLength: 20 }),
        digits,
        fc.string({ maxLength: 20 }),
        (before, personnummer, after) => {
          // A run of 64 hexadecimal digits is a fingerprint; random text does not make one.
          expect(maskPersonnumre(before + personnummer + after)).to.not.include(personnummer);
        },
      ),
    );
  });
});

describe("what a message repeats of a client's text", () => {
  it(`is ${LIMITS.maxQuoted} characters, and not one more`, () => {
    for (const length of [LIMITS.maxQuoted - 1, LIMITS.maxQuoted])
      expect(quoteClientText('x'.repeat(length))).to.have.length(length);
    expect(quoteClientText('x'.repeat(LIMITS.maxQuoted + 1))).to.have.length(LIMITS.maxQuoted);
  });
});

// The personnummer: which ten digits are one, which are not, and how it is shown.

import { expect } from 'chai';
import fc from 'fast-check';
import { maskeret, readPersonnummer, UKENDT_PERSONNUMMER } from '../../src/domain/personnummer.ts';
import { itRandomly } from './random.ts';

/** Days in each month of a leap year: the number has no century, so 29 February is always possible. */
const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

describe('a personnummer', () => {
  it('begins with a possible day and month, whatever follows', () => {
    for (let day = 0; day < 100; day += 1) {
      for (let month = 0; month < 100; month += 1) {
        const text = `${String(day).padStart(2, '0')}${String(month).padStart(2, '0')}610018`;
        const possible = day >= 1 && day <= (DAYS[month - 1] ?? 0);
        expect(readPersonnummer(text), text).to.equal(possible ? text : undefined);
      }
    }
  });

  itRandomly(
    'needs no check digit and no century: any six digits may follow',
    fc.property(fc.nat(999_999), (rest) => {
      const text = `2902${String(rest).padStart(6, '0')}`;
      expect(readPersonnummer(text)).to.equal(text);
    }),
  );

  itRandomly(
    'is never read from a text of another length or with anything but ASCII digits',
    fc.property(
      fc.oneof(
        fc.string({ unit: fc.constantFrom(...'0123456789'), maxLength: 14 }).filter((s) => s.length !== 10),
        fc
          .tuple(fc.nat(9), fc.constantFrom(' ', '-', 'O', 'x', '\n', '\u0662', '\uff12'))
          .map(([at, c]) => `2902610018`.slice(0, at) + c + `2902610018`.slice(at + 1)),
      ),
      (text) => {
        expect(readPersonnummer(text)).to.equal(undefined);
      },
    ),
  );

  it('is not ten zeros: on the platform they mean "unknown"', () => {
    expect(UKENDT_PERSONNUMMER).to.equal('0000000000');
    expect(readPersonnummer(UKENDT_PERSONNUMMER)).to.equal(undefined);
  });

  it('is shown without its last four digits', () => {
    expect(maskeret(readPersonnummer('2902610018')!)).to.equal('290261-****');
  });
});

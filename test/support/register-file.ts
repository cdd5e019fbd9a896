// Writes register files of any length, the same for the same options, of citizens that cannot exist where there are
// enough of those: born on 29 February of a year that had none.

import { closeSync, openSync, writeSync } from 'node:fs';
import { MEDLEMSKAB_COLUMNS } from '../../src/cli/medlemskaber/register.ts';

/** Codes of a-kasser, about as many as there are. */
export const TWENTY_TWO_AKASSER: readonly string[] = Array.from({ length: 22 }, (_, i) => String(11 + i * 3));

export interface RegisterFile {
  readonly lines: number;
  readonly akasser?: readonly string[];
  /** One line in so many gets a date of efterløn that it has not in the file without this. */
  readonly changedOneIn?: number;
  /** One line in so many has an a-kasse that nobody knows. */
  readonly badOneIn?: number;
}

/** Writes the file: one to three memberships for each citizen, the citizens in no order. */
export function writeRegister(
  file: string,
  { lines, akasser = TWENTY_TWO_AKASSER, changedOneIn = 0, badOneIn = 0 }: RegisterFile,
): void {
  const descriptor = openSync(file, 'w');
  let piece = `${MEDLEMSKAB_COLUMNS.join(',')}\n`;
  let line = 0;
  for (let borger = 0; line < lines; borger += 1) {
    for (let i = 0; i <= borger % 3 && line < lines; i += 1) {
      line += 1;
      const isLast = i === borger % 3;
      const year = 1980 + 10 * i + (borger % 7);
      const slut = isLast && borger % 2 === 0 ? '' : `${year + 2}-12-31`;
      const efterloen = changedOneIn > 0 && line % changedOneIn === 0 ? '2027-01-01' : '';
      const akasse = badOneIn > 0 && line % badOneIn === 0 ? '99' : akasser[(borger + i) % akasser.length];
      piece += `${personnummer(borger)},${akasse},${year}-0${1 + (borger % 9)}-01,${slut},${slut && 'U'},${efterloen},\n`;
    }
    if (piece.length < 65_536) continue;
    writeSync(descriptor, piece);
    piece = '';
  }
  writeSync(descriptor, piece);
  closeSync(descriptor);
}

/** Dates that never were, a year each; 10 000 citizens for each. Then, for what is longer, dates like any other. */
const NEVER = Array.from({ length: 50 }, (_, i) => `2902${String(1 + 2 * i).padStart(2, '0')}`);
const OTHERS = Array.from({ length: 336 }, (_, i) =>
  [(i % 28) + 1, Math.floor(i / 28) + 1, 50].map((part) => String(part).padStart(2, '0')).join(''),
);
const DATES = [...NEVER, ...OTHERS];

/** Neighbours are far apart in the order of the numbers, as in a file that was sorted by something else. */
const personnummer = (borger: number): string => {
  const block = Math.floor(borger / 500_000) * 50;
  const within = borger % 500_000;
  return `${DATES[block + (within % 50)]}${String(Math.floor(within / 50)).padStart(4, '0')}`;
};

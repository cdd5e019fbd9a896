// Writes memberships in one line each, for the tests of what follows from them.

import type { Dato } from '../../src/domain/dato.ts';
import type { Afloesere, AkasseKode, Medlemskab } from '../../src/domain/medlemskab.ts';

/** A membership of that a-kasse from the first date to the second, or with no end. */
export const medlem = (
  akasse: string,
  start: string,
  slut?: string,
  rest: { efterloen?: string; tilbagekaldt?: boolean } = {},
): Medlemskab => ({ akasse, start, ...(slut && { slut }), tilbagekaldt: false, ...rest }) as Medlemskab;

export const dag = (text: string): Dato => text as Dato;
export const kode = (text: string): AkasseKode => text as AkasseKode;

/** 31 has been merged into 67, and 30 into 31 before that. */
export const FUSIONER: Afloesere = { 30: kode('67'), 31: kode('67') };

/** Every order of a few things. */
export const orders = <T>(things: readonly T[]): T[][] =>
  things.length < 2
    ? [[...things]]
    : things.flatMap((first, i) =>
        orders(things.filter((_, at) => at !== i)).map((rest) => [first, ...rest]),
      );

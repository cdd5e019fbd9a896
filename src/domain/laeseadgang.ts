// Whose forløb a caller may read. UDK and STAR read all; an a-kasse reads its own members, and former members for a
// limited time.

import { afvist, fejl, ok, type Resultat } from '../contract/fejlkatalog.ts';
import { type Dato, erFoer, maanederEfter } from './dato.ts';
import {
  type Afloesere,
  type AkasseKode,
  gaeldendeMedlemskaber,
  type Medlemskab,
  nuvaerendeMedlemskab,
  sidsteAfloeser,
} from './medlemskab.ts';

/** What a caller may read: every citizen, or as an a-kasse. Plain data, so that the store can judge by it. */
export type Laeseadgang =
  | { readonly omfang: 'alle' }
  | {
      readonly omfang: 'egne-medlemmer';
      readonly akasse: AkasseKode;
      readonly afloesere: Afloesere;
      /** How many calendar months a former a-kasse may read after the membership ended, the last day included. */
      readonly tidligereMaaneder: number;
    };

/**
 * Judges whether the caller may read the citizen (4575). The refusal is the same whether the citizen exists, has
 * forløb or has memberships elsewhere.
 */
export function decideLaeseadgang(
  adgang: Laeseadgang,
  medlemskaber: readonly Medlemskab[],
  idag: Dato,
): Resultat<'maa-laese'> {
  if (adgang.omfang === 'alle') return ok('maa-laese');
  const isCallers = ({ akasse }: Medlemskab): boolean =>
    sidsteAfloeser(akasse, adgang.afloesere) === adgang.akasse;
  const nuvaerende = nuvaerendeMedlemskab(medlemskaber, idag);
  const maaLaese =
    nuvaerende !== undefined
      ? isCallers(nuvaerende)
      : gaeldendeMedlemskaber(medlemskaber).some(
          (medlemskab) =>
            isCallers(medlemskab) &&
            medlemskab.slut !== undefined &&
            erFoer(medlemskab.slut, idag) &&
            !erFoer(maanederEfter(medlemskab.slut, adgang.tidligereMaaneder), idag),
        );
  return maaLaese ? ok('maa-laese') : ikkeLaeseadgang();
}

/** The refusal (4575). */
export const ikkeLaeseadgang = (): Resultat<never> =>
  afvist(
    fejl(4575, 'The citizen is not a member of your a-kasse, nor a former member that it may still read.'),
  );

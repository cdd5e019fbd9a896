// Who is told about a Save, decided once, at that moment, with the reason: auditors ask, also when it is nobody.

import type { Dato } from './dato.ts';
import {
  type Afloesere,
  type AkasseKode,
  type Medlemskab,
  nuvaerendeMedlemskab,
  senesteTidligereMedlemskab,
  sidsteAfloeser,
} from './medlemskab.ts';

/** Why a besked goes where it goes. The last two mean that it waits. */
export type ModtagerAarsag =
  | 'nuvaerende-akasse'
  | 'seneste-akasse-med-efterloen'
  | 'seneste-akasse-uden-efterloen'
  | 'intet-medlemskab';

/** The same, of a besked that has waited: or that a later version of its forløb went to that a-kasse before it. */
export type BeskedAarsag = ModtagerAarsag | 'overhalet';

/** The a-kasse that is told, or nobody yet, and why. */
export interface Modtager {
  readonly akasse?: AkasseKode;
  readonly aarsag: ModtagerAarsag;
}

/**
 * The current a-kasse; else the latest previous one, if a date of transition to efterløn is registered on that
 * membership; else nobody yet. An a-kasse that has been taken over is replaced by its successor.
 */
export function findModtager(
  medlemskaber: readonly Medlemskab[],
  idag: Dato,
  afloesere: Afloesere,
): Modtager {
  const nuvaerende = nuvaerendeMedlemskab(medlemskaber, idag);
  if (nuvaerende !== undefined) {
    return { akasse: sidsteAfloeser(nuvaerende.akasse, afloesere), aarsag: 'nuvaerende-akasse' };
  }
  const seneste = senesteTidligereMedlemskab(medlemskaber, idag);
  if (seneste === undefined) return { aarsag: 'intet-medlemskab' };
  if (seneste.efterloen === undefined) return { aarsag: 'seneste-akasse-uden-efterloen' };
  return { akasse: sidsteAfloeser(seneste.akasse, afloesere), aarsag: 'seneste-akasse-med-efterloen' };
}

/** A later version of the forløb that a besked is of, as its own besked stands. */
export interface SenereBesked {
  readonly modtager?: AkasseKode;
  /** It has been handed to its recipient, or may be at any moment. */
  readonly udleveret: boolean;
  /** It stands before the besked in the queue. */
  readonly foran: boolean;
}

/**
 * Whether a besked comes too late for the a-kasse that it would go to: a later version of its forløb is there, or will
 * be before it, and who took the older state after the newer one would go back to it.
 */
export const erOverhalet = (
  akasse: AkasseKode,
  senere: readonly SenereBesked[],
  afloesere: Afloesere,
): boolean => {
  const laeser = sidsteAfloeser(akasse, afloesere);
  return senere.some(
    ({ modtager, udleveret, foran }) =>
      (udleveret || foran) && modtager !== undefined && sidsteAfloeser(modtager, afloesere) === laeser,
  );
};

/**
 * Where the waiting beskeder of a citizen are to go now, if anywhere: to the latest previous a-kasse with a date of
 * efterløn. They do not follow a citizen into a new a-kasse; that one reads.
 */
export function findFrigivelse(
  medlemskaber: readonly Medlemskab[],
  idag: Dato,
  afloesere: Afloesere,
): Required<Modtager> | undefined {
  const { akasse, aarsag } = findModtager(medlemskaber, idag, afloesere);
  return akasse !== undefined && aarsag === 'seneste-akasse-med-efterloen' ? { akasse, aarsag } : undefined;
}

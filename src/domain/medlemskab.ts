// Memberships of a-kasser as they are registered, and what follows from them: which a-kasse is current, which was
// the latest, and until when a membership really lasted.

import { type Dato, dagenFoer, erFoer } from './dato.ts';
import { indeholder, type Periode } from './periode.ts';

declare const brand: unique symbol;

/** The two-digit code of an a-kasse, compared as text: `67`, not `067`. */
export type AkasseKode = string & { readonly [brand]: 'AkasseKode' };

/** One membership as registered. A recalled one never counts. */
export interface Medlemskab extends Periode {
  readonly akasse: AkasseKode;
  /** The date of transition to efterløn, where one is registered; it may lie in the future. */
  readonly efterloen?: Dato;
  readonly tilbagekaldt: boolean;
}

/** Which a-kasse has taken over which, followed to the last one, as it is today. */
export type Afloesere = Readonly<Record<string, AkasseKode>>;

/** The a-kasse that answers for the code today: itself, or the one that has taken it over. */
export const sidsteAfloeser = (akasse: AkasseKode, afloesere: Afloesere): AkasseKode =>
  Object.hasOwn(afloesere, akasse) ? afloesere[akasse]! : akasse;

/** Every code that the a-kasse answers for today: its own, and those it has taken over. */
export const koderAf = (akasse: AkasseKode, afloesere: Afloesere): readonly AkasseKode[] => [
  akasse,
  ...Object.keys(afloesere).filter((code): code is AkasseKode => afloesere[code] === akasse),
];

/**
 * The memberships that count, by start, each with its effective end: its own, or the day before the next one,
 * whichever is first. So a recall reopens what the recalled one had closed.
 */
export function gaeldendeMedlemskaber(medlemskaber: readonly Medlemskab[]): Medlemskab[] {
  const counting = medlemskaber
    .filter((medlemskab) => !medlemskab.tilbagekaldt)
    .toSorted((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0));
  return counting.map((medlemskab, index) => {
    const next = counting[index + 1];
    const closedBy = next && (dagenFoer(next.start) ?? BEFORE_ALL);
    const slut = earliest(medlemskab.slut, closedBy);
    return slut === undefined ? medlemskab : { ...medlemskab, slut };
  });
}

/** When a membership ended whose next one began on the first day there is: before every day, so that it has none. */
const BEFORE_ALL = '0000-12-31' as Dato;

const earliest = (a: Dato | undefined, b: Dato | undefined): Dato | undefined =>
  a === undefined ? b : b === undefined ? a : erFoer(a, b) ? a : b;

/** The membership whose period contains the day, if there is one. */
export const nuvaerendeMedlemskab = (
  medlemskaber: readonly Medlemskab[],
  idag: Dato,
): Medlemskab | undefined =>
  gaeldendeMedlemskaber(medlemskaber).find((medlemskab) => indeholder(medlemskab, idag));

/** The membership that ended last before the day; of several that ended together the one that began last. */
export const senesteTidligereMedlemskab = (
  medlemskaber: readonly Medlemskab[],
  idag: Dato,
): Medlemskab | undefined =>
  gaeldendeMedlemskaber(medlemskaber)
    .filter((medlemskab) => medlemskab.slut !== undefined && erFoer(medlemskab.slut, idag))
    .toSorted((a, b) => (a.slut! < b.slut! ? -1 : a.slut! > b.slut! ? 1 : a.start < b.start ? -1 : 1))
    .at(-1);

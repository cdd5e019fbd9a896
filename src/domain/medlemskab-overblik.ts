// What the register says of one citizen today and what follows from it, for people who have to explain it: what each
// membership counts for, who is told about a Save, which a-kasse may read and until when.

import { findModtager, type Modtager } from './besked-modtager.ts';
import { type Dato, dageEfter, dagenFoer, erFoer, maanederEfter } from './dato.ts';
import { decideLaeseadgang } from './laeseadgang.ts';
import {
  type Afloesere,
  type AkasseKode,
  gaeldendeMedlemskaber,
  type Medlemskab,
  nuvaerendeMedlemskab,
  sidsteAfloeser,
} from './medlemskab.ts';

/** What the overview is made by. */
export interface Grundlag {
  readonly idag: Dato;
  readonly afloesere: Afloesere;
  /** How many calendar months a former a-kasse may read after the membership ended. */
  readonly tidligereMaaneder: number;
}

/** What a membership counts for on the day. */
export type Stilling = 'tilbagekaldt' | 'kommende' | 'nuvaerende' | 'tidligere';

/** One membership as registered, and what it amounts to. */
export interface Post<M extends Medlemskab> {
  readonly medlemskab: M;
  readonly stilling: Stilling;
  /** The effective end, where there is one. */
  readonly slut?: Dato;
  /** The next membership, where that is what gives the effective end. */
  readonly lukketAf?: M;
}

/** An a-kasse that may read the citizen today. */
export interface Laeser {
  readonly akasse: AkasseKode;
  readonly som: 'nuvaerende' | 'tidligere';
  /** The last day, as things stand; nothing when there is none in sight. */
  readonly til?: Dato;
}

export interface MedlemskabOverblik<M extends Medlemskab> {
  readonly idag: Dato;
  /** Every membership, by start. */
  readonly poster: readonly Post<M>[];
  readonly modtager: Modtager;
  /** By code. */
  readonly laesere: readonly Laeser[];
}

/** Makes the overview of a citizen's memberships. */
export function makeOverblik<M extends Medlemskab>(
  medlemskaber: readonly M[],
  grundlag: Grundlag,
): MedlemskabOverblik<M> {
  const { idag, afloesere } = grundlag;
  return {
    idag,
    poster: poster(medlemskaber, idag),
    modtager: findModtager(medlemskaber, idag, afloesere),
    laesere: laesere(medlemskaber, grundlag),
  };
}

function poster<M extends Medlemskab>(medlemskaber: readonly M[], idag: Dato): Post<M>[] {
  const effective = new Map(
    gaeldendeMedlemskaber(medlemskaber).map((gaeldende) => [keyOf(gaeldende), gaeldende]),
  );
  const sorted = medlemskaber.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  return sorted.map((medlemskab): Post<M> => {
    if (medlemskab.tilbagekaldt) return { medlemskab, stilling: 'tilbagekaldt' };
    const { slut } = effective.get(keyOf(medlemskab))!;
    const next = sorted.find((other) => !other.tilbagekaldt && erFoer(medlemskab.start, other.start));
    const lukketAf = slut !== medlemskab.slut && next !== undefined ? next : undefined;
    return {
      medlemskab,
      stilling: stillingOf(medlemskab.start, slut, idag),
      ...(slut && { slut }),
      ...(lukketAf && { lukketAf }),
    };
  });
}

const keyOf = ({ start, akasse }: Medlemskab): string => `${start} ${akasse}`;

const stillingOf = (start: Dato, slut: Dato | undefined, idag: Dato): Stilling =>
  erFoer(idag, start) ? 'kommende' : slut !== undefined && erFoer(slut, idag) ? 'tidligere' : 'nuvaerende';

/** Asks the rule itself about each a-kasse: today, and on each day on which its answer can change. */
function laesere(medlemskaber: readonly Medlemskab[], grundlag: Grundlag): Laeser[] {
  const { idag, afloesere, tidligereMaaneder } = grundlag;
  const nuvaerende = nuvaerendeMedlemskab(medlemskaber, idag);
  const coming = turningDays(medlemskaber, tidligereMaaneder).filter((dag) => erFoer(idag, dag));
  const akasser = new Set(medlemskaber.map(({ akasse }) => sidsteAfloeser(akasse, afloesere)));
  return [...akasser].sort().flatMap((akasse): Laeser[] => {
    const adgang = { omfang: 'egne-medlemmer', akasse, afloesere, tidligereMaaneder } as const;
    const mayRead = (dag: Dato): boolean => decideLaeseadgang(adgang, medlemskaber, dag).ok;
    if (!mayRead(idag)) return [];
    const end = coming.find((dag) => !mayRead(dag));
    const som = nuvaerende === undefined ? 'tidligere' : 'nuvaerende';
    return [{ akasse, som, ...(end && { til: dagenFoer(end)! }) }];
  });
}

const LAST_DAY = '9999-12-31';

/** The days, in order, on which a membership begins, is over, or is too long over. */
const turningDays = (medlemskaber: readonly Medlemskab[], tidligereMaaneder: number): Dato[] =>
  gaeldendeMedlemskaber(medlemskaber)
    .flatMap(({ start, slut }) => [
      start,
      ...(slut === undefined
        ? []
        : [slut, maanederEfter(slut, tidligereMaaneder)]
            .filter((dag) => dag !== LAST_DAY)
            .map((dag) => dageEfter(dag, 1))),
    ])
    .sort();

// A naive model of what the rules say, written from the specification and not from src/: a day is a number, a
// period is a set of days, and a register of forløb is a list that is searched from end to end.

import { randomUUID } from 'node:crypto';
import type { Dato } from '../../src/domain/dato.ts';
import { type Personnummer, readPersonnummer } from '../../src/domain/personnummer.ts';

const MS_PER_DAY = 86_400_000;
/** 0001-01-01 and 9999-12-31, counted from 1970-01-01. */
export const FIRST_DAY = -719_162;
export const LAST_DAY = 2_932_896;

/** The calendar date `n` days after 1970-01-01, by the machine's own calendar. */
export const dayAt = (n: number): Dato => new Date(n * MS_PER_DAY).toISOString().slice(0, 10) as Dato;

/** How many days the window of the model has, and where it begins: shortly before a 29 February. */
export const WINDOW = 20;
const WINDOW_START = Date.UTC(2028, 1, 20) / MS_PER_DAY;

/** The date of a day of the window. */
export const windowDay = (n: number): Dato => dayAt(WINDOW_START + n);

/** Stands in a set of days for all that come after the window. */
const FOR_EVER = Number.POSITIVE_INFINITY;

/** A period of the model: first and last day in the window; without a last day it goes on for ever. */
export interface ModelPeriode {
  readonly start: number;
  readonly slut?: number | undefined;
}

/** Every day of the period. */
export function daysOf({ start, slut }: ModelPeriode): ReadonlySet<number> {
  const days = new Set<number>();
  for (let day = start; day <= (slut ?? WINDOW - 1); day += 1) days.add(day);
  if (slut === undefined) days.add(FOR_EVER);
  return days;
}

/** Whether two sets of days have one in common. */
export const shareADay = (a: ReadonlySet<number>, b: ReadonlySet<number>): boolean =>
  [...a].some((day) => b.has(day));

let borgere = 0;

/** A citizen that nobody has used before: born on 29 February of a year that had none, so never a real one. */
export function nyBorger(): Personnummer {
  borgere += 1;
  const year = String(1 + 2 * Math.floor(borgere / 10_000)).padStart(2, '0');
  return readPersonnummer(`2902${year}${String(borgere % 10_000).padStart(4, '0')}`)!;
}

/** What one command of a random sequence says. Citizens and GUIDs are numbers, made real for each run. */
export interface ModelIndberetning {
  readonly borger: number;
  readonly guid?: number | undefined;
  /** Whether the GUID is written in upper case. */
  readonly upper: boolean;
  readonly overgang?: (ModelPeriode & { readonly afgjort: number }) | undefined;
  readonly kompensation?: number | undefined;
}

/** What the rules make of it: the version that is kept, or the code of the refusal. */
export type ModelUdfald =
  | {
      readonly guid: string;
      readonly nr: number;
      readonly version: number;
      readonly registrationType: 'Create' | 'Update';
    }
  | { readonly kode: 1014 | 4636 | 9434; readonly clash?: string };

/** A forløb of the model, with every version of it. */
export interface ModelForloeb {
  readonly guid: string;
  readonly borger: number;
  readonly nr: number;
  readonly versions: ModelIndberetning[];
}

/** Everything that has been reported about a few citizens. */
export class ModelRegister {
  readonly personnumre = [nyBorger(), nyBorger()] as const;
  readonly guids: readonly string[] = Array.from({ length: 4 }, () => randomUUID());
  readonly forloeb: ModelForloeb[] = [];

  /** Judges one indberetning and keeps it if it is accepted. `nytGuid` names it where it names nothing. */
  indberet(sagt: ModelIndberetning, nytGuid: string): ModelUdfald {
    const guid = sagt.guid === undefined ? nytGuid : this.guids[sagt.guid]!;
    const hidtil = this.forloeb.find((forloeb) => forloeb.guid === guid);
    if (hidtil !== undefined && hidtil.borger !== sagt.borger) return { kode: 1014 };
    if (hidtil === undefined && !sagt.overgang && sagt.kompensation === undefined) return { kode: 1014 };
    if (sagt.overgang?.slut !== undefined && sagt.overgang.slut < sagt.overgang.start) return { kode: 4636 };
    const clash = this.#earliestClash(sagt, guid);
    if (clash !== undefined) return { kode: 9434, clash };
    if (hidtil !== undefined) {
      hidtil.versions.push(sagt);
      const { nr, versions } = hidtil;
      return { guid, nr, version: versions.length, registrationType: 'Update' };
    }
    const nr = this.ofBorger(sagt.borger).length + 1;
    this.forloeb.push({ guid, borger: sagt.borger, nr, versions: [sagt] });
    return { guid, nr, version: 1, registrationType: 'Create' };
  }

  /** The forløb of a citizen in the order in which they were first reported. */
  ofBorger(borger: number): ModelForloeb[] {
    return this.forloeb.filter((forloeb) => forloeb.borger === borger);
  }

  #earliestClash(sagt: ModelIndberetning, guid: string): string | undefined {
    if (!sagt.overgang) return undefined;
    const wanted = daysOf(sagt.overgang);
    let earliest: { guid: string; start: number } | undefined;
    for (const other of this.ofBorger(sagt.borger)) {
      const taken = other.versions.at(-1)!.overgang;
      if (other.guid === guid || !taken || !shareADay(wanted, daysOf(taken))) continue;
      if (earliest === undefined || taken.start < earliest.start)
        earliest = { guid: other.guid, start: taken.start };
    }
    return earliest?.guid;
  }
}

// What the rules make of Saves that come one after the other, written from the specification and not from src/: a day is
// a number, and the forløb are a list that is searched from end to end.

import type { SaveTidligPensionRequest } from '../../src/contract/messages.ts';
import { dayAt } from '../support/domain-model.ts';
import { kompensation, overgang } from '../support/store-fixtures.ts';

/** First and last day, counted from 1970-01-01; without a last day it goes on for ever. */
export interface Dage {
  readonly fra: number;
  readonly til?: number;
}

/** What one message says. The mark is its own; without a GUID it begins a forløb. */
export interface Sagt {
  readonly mark: string;
  readonly borger: string;
  readonly guid?: string;
  readonly dage?: Dage;
  readonly kompensation?: number;
}

/** What comes of it: the forløb, or the code of the refusal. */
export type Udfald = { readonly guid: string } | { readonly kode: number };

/** What stands of a forløb, in one text. */
export type Tilstand = string;

export const tilstandOf = (fra: string | null, til: string | null, komp: string | null): Tilstand =>
  `${fra ?? '-'} ${til ?? '-'} ${komp ?? '-'}`;

const day = (n: number | undefined): string | null => (n === undefined ? null : dayAt(n));

/** What stands after the message. */
export const tilstandAfter = (sagt: Sagt): Tilstand =>
  tilstandOf(day(sagt.dage?.fra), day(sagt.dage?.til), day(sagt.kompensation));

/** The message itself. */
export const messageOf = (sagt: Sagt): SaveTidligPensionRequest => ({
  Personnummer: sagt.borger,
  ...(sagt.guid !== undefined && { TidligPensionIdentifier: sagt.guid }),
  ...(sagt.dage && overgang(dayAt(sagt.dage.fra), day(sagt.dage.til) ?? undefined)),
  ...(sagt.kompensation !== undefined && kompensation(dayAt(sagt.kompensation))),
});

/** Whether the two have a day in common: both ends count. */
export const shareADay = (a: Dage, b: Dage): boolean =>
  Math.max(a.fra, b.fra) <= Math.min(a.til ?? Number.POSITIVE_INFINITY, b.til ?? Number.POSITIVE_INFINITY);

/** A forløb of the model: what was accepted of it, in order. */
export interface ModelForloeb {
  readonly guid: string;
  readonly borger: string;
  readonly versions: Sagt[];
}

/** Everything that was accepted, one message after the other. */
export class Register {
  readonly forloeb: ModelForloeb[] = [];

  /** Judges a message, and keeps it if it is accepted. `made` names it where it names nothing. */
  judge(sagt: Sagt, made: string): Udfald {
    const guid = sagt.guid ?? made;
    const own = this.forloeb.find((one) => one.guid === guid);
    if (own !== undefined && own.borger !== sagt.borger) return { kode: 1014 };
    const isEmpty = sagt.dage === undefined && sagt.kompensation === undefined;
    if (own === undefined && isEmpty) return { kode: 1014 };
    for (const other of this.forloeb) {
      const taken = other.versions.at(-1)!.dage;
      if (other.guid === guid || other.borger !== sagt.borger || !taken || !sagt.dage) continue;
      if (shareADay(taken, sagt.dage)) return { kode: 9434 };
    }
    if (own === undefined) this.forloeb.push({ guid, borger: sagt.borger, versions: [sagt] });
    else own.versions.push(sagt);
    return { guid };
  }
}

// What the clients of an experiment ask for, chosen by a seed: new forløb and updates of those that others have just named,
// annulments, and what must be refused.

import { randomUUID } from 'node:crypto';
import { NOTHING, type Said, type Wish } from '../support/history.ts';
import type { Seeded } from '../support/seeded.ts';

/** Forløb that are remembered for updates: few, so that clients meet on them. */
const REMEMBERED = 60;

export type Kind =
  | 'new'
  | 'named'
  | 'update'
  | 'annul'
  | 'again'
  | 'no-forloeb'
  | 'wrong-dates'
  | 'other-borger'
  | 'broken'
  | 'get';

const KINDS: readonly (readonly [Kind, number])[] = [
  ['new', 28],
  ['named', 15],
  ['update', 28],
  ['annul', 7],
  ['again', 5],
  ['no-forloeb', 3],
  ['wrong-dates', 4],
  ['other-borger', 3],
  ['broken', 2],
  ['get', 5],
];

/** What all clients of an experiment know of each other. */
export interface Shared {
  /** Citizens about whom calls are made now. */
  readonly borgere: () => readonly string[];
  /** Forløb that were named lately. */
  readonly known: Wish[];
}

/** The wishes of one client. */
export class Wishes {
  readonly #shared: Shared;
  readonly #chance: Seeded;
  #unanswered: Wish | undefined;

  constructor(shared: Shared, chance: Seeded) {
    this.#shared = shared;
    this.#chance = chance;
  }

  kind(): Kind {
    return this.#chance.weighted(KINDS);
  }

  /** What a Save of that kind says. */
  of(kind: Exclude<Kind, 'broken' | 'get'>): Wish {
    const { known } = this.#shared;
    const chance = this.#chance;
    const borger = this.borger();
    const earlier =
      known.length > 0 ? known[chance.below(known.length)]! : { borger, forloebId: randomUUID() };
    switch (kind) {
      case 'new':
        return { borger, said: this.#said() };
      case 'named':
        return { borger, forloebId: randomUUID(), said: this.#said() };
      case 'update':
        return { ...earlier, said: this.#said() };
      case 'annul':
        return { ...earlier, said: NOTHING };
      case 'again':
        return this.#unanswered ?? { borger, said: this.#said() };
      case 'no-forloeb':
        return { borger, forloebId: randomUUID(), said: NOTHING };
      case 'wrong-dates':
        return {
          borger,
          said: {
            ...NOTHING,
            overgangsdato: '2026-02-01',
            afgoerelsesdato: '2026-01-01',
            ophoersdato: '2026-01-31',
          },
        };
      case 'other-borger':
        return { ...earlier, borger, said: this.#said() };
    }
  }

  /** Everybody may update the forløb from now on. */
  remember({ borger, said }: Wish, forloebId: string): void {
    const { known } = this.#shared;
    known.push({ borger, forloebId, said });
    if (known.length > REMEMBERED) known.shift();
  }

  /** A call that named its forløb was not answered: it may be made again. */
  unanswered({ borger, forloebId, said }: Wish): void {
    if (forloebId !== undefined) this.#unanswered = { borger, forloebId, said };
  }

  /** One of the citizens of now. */
  borger(): string {
    const borgere = this.#shared.borgere();
    return borgere[this.#chance.below(borgere.length)]!;
  }

  /** Half of them have a period of a month, so that some overlap; a few go on for ever. */
  #said(): Said {
    const chance = this.#chance;
    const day = (): string => new Date(Date.UTC(2010, 0, 1 + chance.below(9_000))).toISOString().slice(0, 10);
    const kompensationsafgoerelsesdato = chance.chance(0.6) ? day() : null;
    if (kompensationsafgoerelsesdato !== null && chance.chance(0.6))
      return { ...NOTHING, kompensationsafgoerelsesdato };
    const month = new Date(Date.UTC(2005, chance.below(400), 1)).toISOString().slice(0, 8);
    const ophoersdato = chance.chance(0.97) ? `${month}28` : null;
    return { overgangsdato: `${month}01`, afgoerelsesdato: day(), ophoersdato, kompensationsafgoerelsesdato };
  }
}

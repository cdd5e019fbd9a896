// Rounds of messages that are in each other's way, as a seed chooses them: which are sent before, which at once, and
// what must come of it whatever the order.

import { randomUUID } from 'node:crypto';
import { nyBorger } from '../support/domain-model.ts';
import type { Seeded } from '../support/seeded.ts';
import { type Dage, type Sagt, shareADay } from './model.ts';

/** One round: what each kind of it promises beyond the rules themselves is `demands`. */
export interface Round {
  readonly kind: string;
  readonly borger: string;
  /** Accepted one and all, before the others begin. */
  readonly before: readonly Sagt[];
  readonly atOnce: readonly Sagt[];
  /** What is wrong with these having been accepted of those that came at once. */
  demands(accepted: readonly Sagt[]): string[];
}

/** 2026-01-01, counted from 1970-01-01. */
const START = 20_454;
/** Days between two places that are not in each other's way. */
const APART = 100;

type Says = Omit<Sagt, 'mark' | 'borger'>;
interface Plan {
  readonly before?: readonly Says[];
  readonly atOnce: readonly Says[];
  readonly demands?: Round['demands'];
}

const place = (nr: number): number => START + nr * APART;
/** Days that hold `middle`, at most so far to both sides. */
const around = (chance: Seeded, middle: number, far: number): Dage => ({
  fra: middle - chance.below(far + 1),
  til: middle + chance.below(far + 1),
});
const open = ({ fra }: Dage): Dage => ({ fra });
const shuffled = <T>(chance: Seeded, list: readonly T[]): T[] =>
  list
    .map((one) => ({ one, at: chance.below(1_000_000) }))
    .sort((a, b) => a.at - b.at)
    .map(({ one }) => one);

/** One is accepted at each of so many places, where `at` says which place a message is about. */
const oneAtEach =
  (places: number): Round['demands'] =>
  (accepted) => {
    const at = accepted.map(({ dage }) => Math.round((dage!.fra - START) / APART));
    return at.length === places && new Set(at).size === places
      ? []
      : [`accepted at ${at.join()}; due is one at each of ${places} places`];
  };

const PLANS: Readonly<Record<string, (clients: number, chance: Seeded) => Plan>> = {
  'one clash': (clients, chance) => ({
    atOnce: Array.from({ length: clients }, () => {
      const dage = around(chance, place(0), 40);
      return { dage: chance.chance(0.3) ? open(dage) : dage };
    }),
    demands: oneAtEach(1),
  }),

  'many clashes'(clients, chance) {
    const places = 2 + chance.below(15);
    return {
      atOnce: Array.from({ length: clients }, (_, at) => ({ dage: around(chance, place(at % places), 40) })),
      demands: oneAtEach(places),
    };
  },

  /** Pairs: one ends on a day, the other begins on that day, or on the next. */
  'days that touch'(clients, chance) {
    const pairs = Array.from({ length: clients / 2 }, (_, nr) => {
      const [day, gap] = [place(nr), chance.below(2)];
      return {
        gap,
        a: { fra: day - chance.below(20), til: day },
        b: { fra: day + gap, til: day + gap + 20 },
      };
    });
    return {
      atOnce: pairs.flatMap(({ a, b }) => [{ dage: a }, { dage: b }]),
      demands: (accepted) =>
        pairs.flatMap(({ gap, a, b }, nr) => {
          const both = accepted.filter(({ dage }) => dage!.fra >= a.fra && dage!.til! <= b.til).length;
          return both === 1 + gap ? [] : [`pair ${nr}, ${gap} days apart: ${both} accepted`];
        }),
    };
  },

  /** More than one set could win. */
  chains: (clients, chance) => ({
    atOnce: Array.from({ length: clients }, () => {
      const fra = place(0) + chance.below(60);
      return { dage: chance.chance(0.05) ? { fra } : { fra, til: fra + chance.below(12) } };
    }),
  }),

  /** Forløb that exist are all moved to one free place: one of them gets there, by each of its messages. */
  'moves to one place'(clients, chance) {
    const before = Array.from({ length: 8 }, (_, nr) => ({
      guid: randomUUID(),
      dage: around(chance, place(nr), 40),
    }));
    return {
      before,
      atOnce: Array.from({ length: clients }, (_, at) => ({
        guid: before[at % before.length]!.guid,
        dage: around(chance, place(before.length), 40),
      })),
      demands(accepted) {
        const there = new Set(accepted.map(({ guid }) => guid));
        return there.size === 1 && accepted.length === clients / before.length
          ? []
          : [`${accepted.length} messages about ${there.size} forløb were accepted; due is all about one`];
      },
    };
  },

  /** Forløb that exist move into each other, some are annulled, and new ones take the places. */
  'moves, annulments and new ones'(clients, chance) {
    const before = Array.from({ length: 8 }, (_, nr) => ({
      guid: randomUUID(),
      dage: around(chance, place(nr), 40),
    }));
    return {
      before,
      atOnce: Array.from({ length: clients }, (): Says => {
        const { guid } = before[chance.below(before.length)]!;
        if (chance.chance(0.15)) return { guid };
        const dage = around(chance, place(chance.below(before.length + 2)), 60);
        return chance.chance(0.6) ? { guid, dage } : { dage };
      }),
    };
  },

  /** One forløb lies over all the others until it is annulled: at most one gets its place. */
  'an annulment'(clients, chance) {
    const guid = randomUUID();
    const annulments = 1 + chance.below(3);
    return {
      before: [{ guid, dage: { fra: place(0) - 200 } }],
      atOnce: Array.from({ length: clients }, (_, at) =>
        at < annulments ? { guid } : { dage: around(chance, place(0), 40) },
      ),
      demands(accepted) {
        const [gone, come] = [
          accepted.filter((one) => one.guid === guid),
          accepted.filter((one) => !one.guid),
        ];
        return [
          ...(gone.length === annulments ? [] : [`${gone.length} of ${annulments} annulments were accepted`]),
          ...(come.length <= 1 ? [] : [`${come.length} got the one place`]),
        ];
      },
    };
  },
};

export const KINDS = Object.keys(PLANS);

/** The round of that number. */
export function makeRound(nr: number, clients: number, chance: Seeded): Round {
  const kind = KINDS[nr % KINDS.length]!;
  const borger = nyBorger();
  const plan = PLANS[kind]!(clients, chance);
  const marked =
    (name: string) =>
    (says: Says, at: number): Sagt => ({
      ...says,
      borger,
      mark: `runde ${nr} ${name} ${at}`,
    });
  const atOnce = shuffled(chance, plan.atOnce.map(marked('samtidig')));
  const isMoving = plan.before !== undefined;
  return {
    kind,
    borger,
    before: (plan.before ?? []).map(marked('foer')),
    atOnce,
    demands: (accepted) => [
      ...(plan.demands?.(accepted) ?? []),
      ...(isMoving ? [] : notAFullSet(atOnce, accepted)),
    ],
  };
}

/** Of messages that begin forløb: no two accepted ones overlap, and each refused one overlaps an accepted one. */
function notAFullSet(sent: readonly Sagt[], accepted: readonly Sagt[]): string[] {
  const clash = (a: Sagt, b: Sagt): boolean => a !== b && shareADay(a.dage!, b.dage!);
  const isIn = new Set(accepted);
  return sent
    .filter((one) => isIn.has(one) === accepted.some((other) => clash(one, other)))
    .map(
      ({ mark }) =>
        `${mark} was ${isIn.has(sent.find((s) => s.mark === mark)!) ? 'accepted beside what it overlaps' : 'refused for nothing'}`,
    );
}

// What is done to three processes and their database, chosen by a seed: which processes are killed together, and when the
// database goes.

import type { Seeded } from '../support/seeded.ts';

/** Something that happens under load. */
export interface Blow {
  /** Processes that are killed. */
  readonly those: readonly number[];
  /** The database goes as well; the processes are killed while it is away. */
  readonly isDatabase: boolean;
}

/** Of those that are killed at once: mostly one, sometimes two, seldom all. */
const TOGETHER: readonly (readonly [number, number])[] = [
  [1, 7],
  [2, 2],
  [3, 1],
];
/** In so many of its stops a process is killed while the database is away. */
const BOTH = 0.25;

/** So many kills of processes and stops of the database, in some order. */
export function makePlan(chance: Seeded, processes: number, kills: number, stops: number): Blow[] {
  const all = Array.from({ length: processes }, (_, at) => at);
  const some = (count: number): number[] => shuffled(all, chance).slice(0, count);
  const blows: Blow[] = [];
  let left = kills;
  for (let stop = 0; stop < stops; stop += 1) {
    const those = left > 0 && chance.chance(BOTH) ? some(1) : [];
    left -= those.length;
    blows.push({ those, isDatabase: true });
  }
  while (left > 0) {
    const those = some(Math.min(left, chance.weighted(TOGETHER)));
    left -= those.length;
    blows.push({ those, isDatabase: false });
  }
  return shuffled(blows, chance);
}

const shuffled = <T>(values: readonly T[], chance: Seeded): T[] =>
  values
    .map((value) => ({ value, at: chance.below(1_000_000) }))
    .sort((one, other) => one.at - other.at)
    .map(({ value }) => value);

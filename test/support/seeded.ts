// Chance that can be repeated: the same seed gives the same course.

/** Chance from a seed. */
export interface Seeded {
  /** A number from 0 up to, not including, `below`. */
  below(below: number): number;
  /** Whether something of that probability (0 to 1) happens. */
  chance(probability: number): boolean;
  /** One of the values, each as likely as its weight. */
  weighted<T>(values: readonly (readonly [T, number])[]): T;
}

/** Numbers in [0, 1) from a seed (mulberry32: small, and good enough to choose faults by). */
export function random(seed: number): () => number {
  let state = (seed * 0x9e3779b1) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Makes chance from a seed. */
export function seeded(seed: number): Seeded {
  const next = random(seed);
  return {
    below: (below) => Math.floor(next() * below),
    chance: (probability) => next() < probability,
    weighted(values) {
      let at = next() * values.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [value, weight] of values) {
        at -= weight;
        if (at < 0) return value;
      }
      return values.at(-1)![0];
    },
  };
}

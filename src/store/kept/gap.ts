// Versions without the besked they owe, and the order in which those are queued again.

import type { MissingBesked } from '../outbox.ts';

/** A version without its besked, and where that would stand in the queue. */
export interface Gap extends MissingBesked {
  /** The number of the last besked before it in its forløb; 0 when there is none. */
  readonly earlier: number;
  /** Whether there is one after it. */
  readonly hasLater: boolean | 0 | 1;
}

/** What is told of one. */
export const named = ({ forloebId, version, personnummer }: Gap): MissingBesked => ({
  forloebId,
  version,
  personnummer,
});

/**
 * Each takes the last free number before the next besked of its forløb, so that one must not take the only number that
 * another could have: first those with the least room below them, the later version first. What comes last in its
 * forløb goes to the end of the queue, in the order of the Saves.
 */
export const inOrderOfPlaces = (found: readonly Gap[]): Gap[] => [
  ...found.filter(({ hasLater }) => hasLater).sort((a, b) => b.earlier - a.earlier || b.version - a.version),
  ...found.filter(({ hasLater }) => !hasLater),
];

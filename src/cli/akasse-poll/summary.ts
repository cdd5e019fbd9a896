// What polling came to: how much came, and how much of it is new in the file.

import type { KeepCounts } from './output-file.ts';
import type { PollResult } from './poll.ts';

/** Counts of a run. */
export interface Summary extends KeepCounts {
  /** Sequences whose beskeder left the queue. */
  readonly sequences: number;
  /** Beskeder that came, each as often as it came. */
  readonly fetched: number;
  /** How many of them are new in the file. */
  readonly added: number;
}

/** Puts the counts of the polls and of the file together. */
export const summarize = (
  { sequences, fetched }: Pick<PollResult, 'sequences' | 'fetched'>,
  { creates, updates, alreadyThere }: KeepCounts,
): Summary => ({ sequences, fetched, added: creates + updates, creates, updates, alreadyThere });

/** The summary for people, one fact a line. */
export function summaryText(summary: Summary): string {
  const row = (name: string, count: number): string => `${name.padEnd(15)}${String(count).padStart(7)}\n`;
  return (
    row('sequences', summary.sequences) +
    row('fetched', summary.fetched) +
    row('added', summary.added) +
    row('  creates', summary.creates) +
    row('  updates', summary.updates) +
    row('already there', summary.alreadyThere)
  );
}

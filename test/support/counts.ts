// The counts by which experiments say how what is kept and processed differs from what was said: added up, and in words.

import type { HistoryCounts } from './history.ts';
import type { LedgerCounts } from './ledger.ts';

/** When nothing is wrong. */
export const NOTHING_WRONG: HistoryCounts = { lost: 0, unexpected: 0, duplicated: 0, reordered: 0, torn: 0 };

/** All of them together. */
export function sumOf(all: readonly (LedgerCounts & Partial<HistoryCounts>)[]): HistoryCounts {
  const sum = { ...NOTHING_WRONG } as Record<keyof HistoryCounts, number>;
  for (const one of all)
    for (const key of Object.keys(sum) as (keyof HistoryCounts)[]) sum[key] += one[key] ?? 0;
  return sum;
}

/** As the line of a promise ends; what is torn is named only where something is. */
export const inWords = ({ lost, unexpected, duplicated, reordered, torn }: HistoryCounts): string =>
  `lost ${lost}, unexpected ${unexpected}, duplicated ${duplicated}, reordered ${reordered}${torn > 0 ? `, torn ${torn}` : ''}`;

/** Whether anything is wrong. */
export const isWrong = (counts: HistoryCounts): boolean =>
  Object.values(counts).some((count: number) => count > 0);

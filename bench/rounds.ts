// Rounds, and what is made of them: everything that is compared is measured in turn in each round, so that a machine
// that becomes slower or faster meanwhile does so for all of them.

import { say } from './table.ts';

/** The middle one; of an even count the mean of the two in the middle. */
export function medianOf(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The median over the rounds of what two had to each other in the same round. */
export const ratioOf = (ones: readonly number[], others: readonly number[]): number =>
  medianOf(ones.map((one, round) => one / others[round]!));

/**
 * Measures each case once in each round, in each second round from the last to the first, and gives for each case its
 * figures, round by round. `label` names a case in the progress on stderr.
 */
export async function inRounds<Case, Figures>(
  rounds: number,
  cases: readonly Case[],
  label: (of: Case) => string,
  measure: (of: Case, round: number) => Promise<Figures>,
  inWords: (figures: Figures) => string,
): Promise<Map<Case, Figures[]>> {
  const measured = new Map<Case, Figures[]>(cases.map((each) => [each, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const each of round % 2 === 0 ? cases : cases.toReversed()) {
      const figures = await measure(each, round);
      measured.get(each)!.push(figures);
      say(`round ${round + 1} of ${rounds}: ${label(each)}: ${inWords(figures)}`);
    }
  }
  return measured;
}

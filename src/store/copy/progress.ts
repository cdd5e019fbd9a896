// How far a copy is, as its marker keeps it, and what is said where it cannot go on.

import { maskPersonnumre } from '../../contract/mask.ts';
import { StoreError } from '../store.ts';
import type { CopyProgress } from './sides.ts';

/** The text is the same for the same progress. */
export const writeProgress = ({ step, after }: CopyProgress): string =>
  JSON.stringify({ step, ...(after && { after }) });

export const readProgress = (text: string): CopyProgress => JSON.parse(text) as CopyProgress;

/** Throws StoreError unless the marker was moved: then it was not where this process had left it. */
export function demandProgress(moved: number): void {
  if (moved === 1) return;
  throw new StoreError(
    'PENSION_STORE: another pension store copy is at work on the same copy. Let that one go on; nothing was changed by this one.',
  );
}

export const takenSince = (): StoreError =>
  new StoreError('PENSION_STORE: a store has come there meanwhile. It was not changed.');

/** The database refused a row, by its rules. */
export const notTaken = (reason: string): StoreError =>
  new StoreError(
    `PENSION_STORE: something of the source is against the rules of a store (${maskPersonnumre(reason)}). Run pension verify-store on the source; the copy stays unfinished.`,
  );

/** The copy has another schema than what this program would write into it. */
export const otherVersion = (): StoreError =>
  new StoreError(
    'PENSION_STORE: the unfinished copy was begun by another version of the program. Remove it, and begin again.',
  );

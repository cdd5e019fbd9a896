// One check of a store: what must hold, and how to find what does not.

import type { NotedSeal } from '../../access/audit/verify.ts';
import { isGuid } from '../../contract/guid.ts';
import { maskPersonnumre } from '../../contract/mask.ts';
import type { StoreRows } from './rows.ts';

/** What a check needs beside the rows. */
export interface Circumstances {
  /** A seal of the trail that is known from elsewhere. */
  readonly noted?: NotedSeal;
  /** To be called for each thing that is looked at. */
  tally(): void;
}

export interface StoreCheck {
  /** The invariant of the promises that it is about, or `file` and `schema`. */
  readonly id: string;
  /** What holds when nothing is found. */
  readonly says: string;
  /** What is counted. */
  readonly counts: string;
  /** Each violation, by the identifier of what is wrong; never with a personnummer. */
  find(rows: StoreRows, circumstances: Circumstances): AsyncIterable<string>;
}

/** Characters that are shown of what should be an identifier and is none. */
const SHOWN = 40;

/** An identifier for people. What is none, because somebody has changed it, could be anything. */
export function shownId(id: unknown): string {
  return isGuid(id) ? id : `"${maskPersonnumre(String(id)).slice(0, SHOWN)}" (not a GUID)`;
}

// The two sides of a copy, of whatever database each is: one is read, the other is read and written.

import type { NewAuditEntry } from '../../access/audit/entry.ts';
import type { Store } from '../store.ts';
import type { StoreRows } from '../verify/rows.ts';
import type { CopyKey, CopyPage, CopyStep } from './tables.ts';

/** How far the trail of a store goes. Each change of a store leaves an entry: where this is the same, all is. */
export interface CopyOrigin {
  /** Number of the last entry. */
  readonly poster: number;
  /** The last seal as it is noted elsewhere, `nr:hash`; it stands for every entry. */
  readonly segl: string;
}

/** Numbers that were given, also those whose rows are not there: the next ones come behind them. */
export interface CopyCounters {
  readonly besked: number;
  readonly sequence: number;
  readonly auditEntry: number;
  readonly auditSeal: number;
  /** That of the membership register. */
  readonly generation: number;
}

/** A store as it was when it was opened for this. */
export interface CopyReader {
  /** Undefined where something has come in that no seal stands for yet: the store is in use. */
  origin(): Promise<CopyOrigin | undefined>;
  /** Rows of each table, by its name. */
  counts(): Promise<ReadonlyMap<string, number>>;
  counters(): Promise<CopyCounters>;
  /** The next page behind that key; undefined where there is no more. */
  page(step: CopyStep, after: CopyKey | undefined): Promise<CopyPage | undefined>;
  close(): Promise<void>;
}

/** How far a copy is: the number of the step that it is in, and the key behind which it goes on. */
export interface CopyProgress {
  readonly step: number;
  readonly after?: CopyKey;
}

/** What an unfinished copy says of itself. */
export interface CopyMarker extends CopyOrigin {
  readonly progress: CopyProgress;
}

/** What is where a copy is to be made. */
export type CopyPlace =
  /** No store, or one that holds nothing at all. */
  | { readonly state: 'free' }
  | { readonly state: 'unfinished'; readonly marker: CopyMarker }
  /** A store; nothing is written over it. */
  | { readonly state: 'taken' };

/**
 * An unfinished copy. Each method that changes it is one transaction, and takes the progress that it goes on from: one
 * that another process has gone on from is refused with StoreError.
 */
export interface CopyTarget {
  write(step: CopyStep, page: CopyPage, from: CopyProgress, to: CopyProgress): Promise<void>;
  /** Sets the counters and puts the rules back that were off while rows were written. */
  complete(counters: CopyCounters, from: CopyProgress, to: CopyProgress): Promise<void>;
  /** Makes a store of it, with the entry that says what was done. */
  finish(entry: NewAuditEntry, from: CopyProgress): Promise<void>;
  close(): Promise<void>;
}

/** How a database takes part in a copy. */
export interface CopySide {
  /** Which kind of database it is, as the trail names it. */
  readonly kind: 'sqlite' | 'postgres';
  /** Opens it as the store that it is. Rejects with StoreError. */
  open(): Promise<Store>;
  /** Opens a store, or an unfinished copy, for reading as it is now. Rejects with StoreError. */
  read(options?: { readonly unfinished?: boolean }): Promise<CopyReader>;
  /** The same for the verification. */
  rows(): Promise<StoreRows>;
  /** What is there now. Rejects with StoreError where it is another program's. */
  look(): Promise<CopyPlace>;
  /** Makes an empty store there and marks it as an unfinished copy. Rejects with StoreError. */
  begin(origin: CopyOrigin): Promise<CopyTarget>;
  /** Opens the unfinished copy that is there, to go on. Rejects with StoreError. */
  goOn(): Promise<CopyTarget>;
}

// What is said of a backup and of a restore, whatever the database.

import type { NewAuditEntry } from '../access/audit/entry.ts';
import type { StoreContents } from './verify/rows.ts';

/** A file by what is in it. */
export interface FileDigest {
  readonly bytes: number;
  /** SHA-256, in hexadecimal. */
  readonly sha256: string;
}

/** A store that was put aside for another. */
export interface PutAside {
  /** The name under which it is kept. */
  readonly file: string;
  /** What it held; undefined where it could not be read. */
  readonly contents?: StoreContents;
}

/** How a restored store takes its place. */
export interface Placement {
  /** The name that a store which is there is kept under; without one it is an error that one is there. */
  readonly aside?: string;
  /** The entry that the restored store gets before it is in its place. */
  entry(aside: PutAside | undefined): NewAuditEntry;
}

/** A restore that was not begun because of what is at its place. `message` says what and what to do. */
export class PlaceTaken extends Error {
  override readonly name = 'PlaceTaken';
}

/** A file that has its name, but may have the old one again after a power cut. `message` says why. */
export class NameNotFlushed extends Error {
  override readonly name = 'NameNotFlushed';
}

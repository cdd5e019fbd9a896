// From the setting PENSION_STORE to an open store, or to a part of one for reading only.

import type { FileDigest, Placement, PutAside } from './backup.ts';
import { copySqliteStore, sizeOfCopy } from './sqlite/backup.ts';
import { besideOf, copyFile, digestFile, nameInstead, nameNew, removeCopy } from './sqlite/files.ts';
import { openSqliteAudit, openSqliteStore } from './sqlite/index.ts';
import { inspectSqliteStore } from './sqlite/inspect.ts';
import { bringUpCopy, checkPlace, placeSqliteStore } from './sqlite/restore.ts';
import { openSqliteRows } from './sqlite/verify-rows.ts';
import { type AuditReader, type Store, type StoreCondition, StoreError, type StorePorts } from './store.ts';
import type { StoreRows } from './verify/rows.ts';

export { type FileDigest, NameNotFlushed, type Placement, PlaceTaken, type PutAside } from './backup.ts';
export type { StoreContents, StoreRows } from './verify/rows.ts';
export { type CheckResult, STORE_CHECKS, verifyStore } from './verify-store.ts';

const SQLITE = /^sqlite:(.+)$/;

/**
 * Opens the store that the address names: `sqlite:PATH`. It is made where there is none, unless it `mustExist`.
 * Throws StoreError, with the remedy.
 */
export function openStore(address: string, ports: StorePorts, { mustExist = false } = {}): Store {
  return openSqliteStore(pathOf(address), ports, mustExist);
}

/**
 * Opens the audit trail of an existing store for reading only. With a `snapshot` nothing that is written meanwhile is
 * seen; do not keep one open for long, for the store has to keep what it shows. Throws StoreError, with the remedy.
 */
export const openAudit = (
  address: string,
  { snapshot = false } = {},
): AuditReader & { close(): Promise<void> } => openSqliteAudit(pathOf(address), snapshot);

/** Looks at a store from outside and changes nothing. Throws StoreError only for an address that names none. */
export const inspectStore = (address: string): StoreCondition => inspectSqliteStore(pathOf(address));

/**
 * Opens a store to have it verified, as it is at this moment; nothing is written. Do not keep one open for long.
 * Throws StoreError, with the remedy, also for a store of another version.
 */
export const openRows = (address: string): StoreRows => openSqliteRows(pathOf(address));

/** The files that a store is in, the first of which is what its address names. Throws StoreError for a bad address. */
export const filesOf = (address: string): string[] => [pathOf(address), ...besideOf(pathOf(address))];

/** The address of a store that is in that one file. */
export const addressOf = (file: string): string => `sqlite:${file}`;

/** A store copied into one file, and back. Whatever is not finished is under another name than what is asked for. */
export const copies = {
  /** Bytes that a copy takes. Throws StoreError. */
  size: (address: string): number => sizeOfCopy(pathOf(address)),
  /** Copies a store, which may be in use, into a new file. Throws StoreError. */
  make: (address: string, to: string, onPages: (done: number, total: number) => void): Promise<void> =>
    copySqliteStore(pathOf(address), to, onPages),
  digest: (file: string): Promise<FileDigest> => digestFile(file),
  /** Takes a copy of a copy, to be made a store of; gives the digest of what was read. */
  take: (from: string, to: string, onBytes: (bytes: number) => void): Promise<FileDigest> =>
    copyFile(from, to, onBytes),
  /** Brings a copy to this program's schema. Throws StoreError. */
  bringUp: (file: string, ports: StorePorts): void => bringUpCopy(file, ports),
  /** Looks whether a store may be put there, before it is prepared. Throws PlaceTaken. */
  checkPlace: (address: string, { replace }: { readonly replace: boolean }): void =>
    checkPlace(pathOf(address), { replace }),
  /** Puts a copy where a store is kept. Throws PlaceTaken, StoreError and NameNotFlushed. */
  place: (
    file: string,
    address: string,
    placement: Placement,
    ports: StorePorts,
  ): Promise<PutAside | undefined> => placeSqliteStore(file, pathOf(address), placement, ports),
  /** Gives a finished copy its name, which only with `replace` may be that of another. Throws NameNotFlushed. */
  name: (file: string, name: string, { replace }: { readonly replace: boolean }): void =>
    replace ? nameInstead(file, name) : nameNew(file, name),
  remove: (file: string): void => removeCopy(file),
} as const;

function pathOf(address: string): string {
  const path = SQLITE.exec(address)?.[1];
  if (path === undefined) {
    throw new StoreError('PENSION_STORE must be sqlite:PATH, for instance sqlite:var/pension.db.');
  }
  return path;
}

// From the setting PENSION_STORE to an open store, or to a part of one for reading only.

import { systemPorts } from '../domain/ports.ts';
import { databaseOf, shownAddress } from './address.ts';
import type { FileDigest, Placement, PutAside } from './backup.ts';
import { type Copied, type CopyRequest, copyStore } from './copy.ts';
import { copySideOf } from './copy-side-of.ts';
import { openPostgresAudit, openPostgresStore } from './postgres/index.ts';
import { inspectPostgresStore } from './postgres/inspect.ts';
import { openPostgresRows } from './postgres/verify-rows.ts';
import { copySqliteStore, sizeOfCopy } from './sqlite/backup.ts';
import { besideOf, copyFile, digestFile, nameInstead, nameNew, removeCopy } from './sqlite/files.ts';
import { openSqliteInThread } from './sqlite/in-thread.ts';
import { openSqliteAudit, openSqliteStore } from './sqlite/index.ts';
import { inspectSqliteStore } from './sqlite/inspect.ts';
import { bringUpCopy, checkPlace, placeSqliteStore } from './sqlite/restore.ts';
import { openSqliteRows } from './sqlite/verify-rows.ts';
import {
  type AuditReader,
  type ServedStore,
  type Store,
  type StoreCondition,
  StoreError,
  type StorePlace,
  type StorePorts,
} from './store.ts';
import type { StoreRows } from './verify/rows.ts';

export { ADDRESS_RULE, addressOf, isStoreAddress, shownAddress } from './address.ts';
export { type FileDigest, NameNotFlushed, type Placement, PlaceTaken, type PutAside } from './backup.ts';
export { type Copied, CopyRefused } from './copy.ts';
export type { StoreContents, StoreRows } from './verify/rows.ts';
export { type CheckResult, STORE_CHECKS, verifyStore } from './verify-store.ts';

/** How a store is opened. Of the two last only a database behind a network takes notice. */
export interface StoreOptions {
  /** Where there is no store, none is made. */
  readonly mustExist?: boolean;
  /** Connections that are kept for calls. */
  readonly connections?: number;
  /** With `test` a database that does not flush every commit is taken: never for real data. */
  readonly durability?: 'required' | 'test';
}

/**
 * Opens the store that the address names. It is made where there is none, unless it `mustExist`. Rejects with
 * StoreError, with the remedy.
 */
export async function openStore(
  address: string,
  ports: StorePorts,
  { mustExist = false, connections = CONNECTIONS, durability }: StoreOptions = {},
): Promise<Store> {
  const database = databaseOf(address);
  if (database.kind === 'postgres')
    return openPostgresStore(database.url, ports, { mustExist, connections, isTest: durability === 'test' });
  return openSqliteStore(database.path, ports, { mustExist });
}

/**
 * Opens the store for a service, which must not wait for a disk: one in a file in a thread of its own. It is made where
 * there is none. Rejects with StoreError, with the remedy.
 */
export async function openServedStore(
  address: string,
  ports: StorePorts,
  options: Omit<StoreOptions, 'mustExist'> = {},
): Promise<ServedStore> {
  const database = databaseOf(address);
  if (database.kind === 'postgres') return openStore(address, ports, options);
  return openSqliteInThread(database.path, ports);
}

/**
 * Opens the audit trail of an existing store to be read; on PostgreSQL what has come in gets its number first. With a
 * `snapshot` nothing that is written meanwhile is seen; do not keep one open for long, for the store has to keep what
 * it shows. Rejects with StoreError, with the remedy.
 */
export async function openAudit(
  address: string,
  { snapshot = false } = {},
): Promise<AuditReader & { close(): Promise<void> }> {
  const database = databaseOf(address);
  if (database.kind === 'postgres')
    return openPostgresAudit(database.url, systemPorts, { snapshot, isTest: true });
  return openSqliteAudit(database.path, snapshot);
}

/** Looks at a store from outside and changes nothing. Rejects with StoreError only for an address that names none. */
export async function inspectStore(
  address: string,
  { durability }: Pick<StoreOptions, 'durability'> = {},
): Promise<StoreCondition> {
  const database = databaseOf(address);
  if (database.kind === 'postgres')
    return inspectPostgresStore(database.url, shownAddress(address), durability === 'test');
  return inspectSqliteStore(database.path);
}

/**
 * Opens a store to have it verified, as it is at this moment; nothing is written. Do not keep one open for long.
 * Rejects with StoreError, with the remedy, also for a store of another version.
 */
export async function openRows(address: string): Promise<StoreRows> {
  const database = databaseOf(address);
  if (database.kind === 'postgres') return openPostgresRows(database.url, true);
  return openSqliteRows(database.path);
}

/**
 * Copies a whole store to another place, which is none or the unfinished copy of the same store. Rejects with CopyRefused
 * and StoreError; nothing is made then, or it is unfinished, and nobody can open it.
 */
export function copyBetween(
  from: string,
  to: string,
  { durability, ...request }: Omit<CopyRequest, 'from' | 'to'> & Pick<StoreOptions, 'durability'>,
): Promise<Copied> {
  const side = (address: string, name: 'FROM' | 'TO') =>
    copySideOf(databaseOf(address), name, systemPorts, durability === 'test');
  return copyStore({ ...request, from: side(from, 'FROM'), to: side(to, 'TO') });
}

/** Connections that are kept for calls, where nobody says how many. */
const CONNECTIONS = 16;

/** The place of a store, for people. */
export const nameOfPlace = (place: StorePlace): string => (place.kind === 'file' ? place.file : place.name);

/**
 * The files that a store is in, the first of which is what its address names. Throws StoreError for an address that
 * names no file.
 */
export const filesOf = (address: string): string[] => [pathOf(address), ...besideOf(pathOf(address))];

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
  const database = databaseOf(address);
  if (database.kind === 'sqlite') return database.path;
  throw new StoreError(
    "PENSION_STORE: pension backup and restore are for a store in a file. Use PostgreSQL's own backup: docs/deployment.md says how.",
  );
}

// From the setting PENSION_STORE to an open store, or to a part of one for reading only.

import { openSqliteAudit, openSqliteStore } from './sqlite/index.ts';
import { inspectSqliteStore } from './sqlite/inspect.ts';
import { type AuditReader, type Store, type StoreCondition, StoreError, type StorePorts } from './store.ts';

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

function pathOf(address: string): string {
  const path = SQLITE.exec(address)?.[1];
  if (path === undefined) {
    throw new StoreError('PENSION_STORE must be sqlite:PATH, for instance sqlite:var/pension.db.');
  }
  return path;
}

// From the setting PENSION_STORE to an open store.

import { openSqliteStore } from './sqlite/index.ts';
import { type Store, StoreError } from './store.ts';

const SQLITE = /^sqlite:(.+)$/;

/** Opens the store that the address names: `sqlite:PATH`. Throws StoreError, with the remedy. */
export function openStore(address: string, now: () => Date): Store {
  const path = SQLITE.exec(address)?.[1];
  if (path === undefined) {
    throw new StoreError('PENSION_STORE must be sqlite:PATH, for instance sqlite:var/pension.db.');
  }
  return openSqliteStore(path, now);
}

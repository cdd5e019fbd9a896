// What the address of a store says: which database it is in and where, and how it is written for people.

import { StoreError } from './store.ts';

/** The database of a store, and where it is. */
export type StoreDatabase =
  | { readonly kind: 'sqlite'; readonly path: string }
  /** The address as it was given, password included: it is for the library alone. */
  | { readonly kind: 'postgres'; readonly url: string };

/** A path; `sqlite:postgres://…` is a slip, and what follows may be a password. */
const SQLITE = /^sqlite:((?!postgres(?:ql)?:).+)$/;

/** What is said of any other address. */
export const ADDRESS_RULE =
  'must be sqlite:PATH or postgres://USER@HOST/DATABASE, for instance sqlite:var/pension.db';

/** What an address with a password is shown as when it cannot be told which part of it is the password. */
const HIDDEN = 'postgres://…';

/** The address of a store that is in that one file. */
export const addressOf = (file: string): string => `sqlite:${file}`;

/** Which database the address names. Throws StoreError when it names none; the message does not repeat the address. */
export function databaseOf(address: string): StoreDatabase {
  const path = SQLITE.exec(address)?.[1];
  if (path !== undefined) return { kind: 'sqlite', path };
  if (postgresUrl(address) !== undefined) return { kind: 'postgres', url: address };
  throw new StoreError(`PENSION_STORE ${ADDRESS_RULE}.`);
}

/** Whether the address names a database. */
export const isStoreAddress = (address: string): boolean =>
  SQLITE.test(address) || postgresUrl(address) !== undefined;

/** The address without its password, and without its options, which may hold one too: fit for logs and messages. */
export function shownAddress(address: string): string {
  if (!/^(sqlite:)?postgres(ql)?:/i.test(address)) return address;
  const url = postgresUrl(address);
  if (url === undefined) return HIDDEN;
  const user = url.username === '' ? '' : `${url.username}@`;
  return `${url.protocol}//${user}${url.host}${url.pathname}`;
}

/** Whether what is written as %XX in it is that. */
const isReadable = ({ username, password, pathname }: URL): boolean => {
  try {
    decodeURIComponent(`${username}${password}${pathname}`);
    return true;
  } catch {
    return false;
  }
};

/** An option about TLS that is misspelt would be passed over, and TLS with it. */
const isKnown = (option: string): boolean =>
  !option.startsWith('ssl') || ['sslmode', 'sslrootcert', 'sslcert', 'sslkey'].includes(option);

/**
 * The parts of the address of a PostgreSQL database. A `/`, `?` or `#` in a password that is not written as `%2F`, `%3F`
 * or `%23` ends the host in the midst of it: such an address is none.
 */
function postgresUrl(address: string): URL | undefined {
  const url = /^postgres(ql)?:\/\//.test(address) ? URL.parse(address) : null;
  if (url === null || !/^\/[^/@]+$/.test(url.pathname) || /@/.test(url.search) || url.hash !== '')
    return undefined;
  return [...url.searchParams.keys()].every(isKnown) && isReadable(url) ? url : undefined;
}

// Which errors of PostgreSQL, or of the network before it, mean that the store itself fails, in words.

import pg from 'pg';
import type { ExplainedFailure } from '../kept/health.ts';
import { StoreBusyError, StoreError, StoreFailingError } from '../store.ts';

/** By the beginning of PostgreSQL's code; the first that fits. What is not here is a mistake of ours. */
const CAUSES: readonly (readonly [string, string])[] = [
  ['53100', 'there is no space left on the disk of the database'],
  ['53200', 'the database has no memory left'],
  ['53300', 'the database has no connection left for this process'],
  ['53', 'the database is short of something'],
  ['25P0', 'the database has ended a transaction that was quiet for too long'],
  ['57P03', 'the database is starting up or shutting down'],
  ['57P', 'the database has ended the connection'],
  ['08', 'the connection to the database has failed'],
  ['58', 'the disk of the database fails'],
  ['XX001', 'the database is damaged, or its disk cannot be read'],
  ['XX002', 'the database is damaged, or its disk cannot be read'],
  ['25006', 'the database can only be read: it is a standby, or set to read-only'],
  ['28', 'the database does not let this user in'],
  ['3D', 'there is no such database'],
  ['3F000', 'the store in the database is gone'],
  ['42P01', 'the store in the database is gone, or is not as this program makes it'],
  ['42883', 'the store in the database is gone, or is not as this program makes it'],
  ['42501', 'this user may not do everything in the database that the service needs'],
];

/** Codes that say that another transaction stood in the way for too long, or that two stood in each other's way. */
const BUSY = ['55P03', '57014', '40P01', '40001'];

/** When something failed: while what was asked may already have been carried out, or before. */
export type When = 'before' | 'maybe after';

/** An error of a statement, with when it came. */
export class Failed extends Error {
  readonly when: When;
  /** The time of the call was used up before, by waiting for others. */
  readonly isOver: boolean;

  constructor(cause: unknown, when: When, isOver = false) {
    super('a statement has failed', { cause });
    this.when = when;
    this.isOver = isOver;
  }
}

/** Whether nothing is known any more of a connection on which this happened. */
export const isConnectionLost = (error: unknown): boolean => isOfTheNetwork(error) || isEnded(error);

/** Whether the work may be tried again at once: nothing of it was kept. */
export const isClash = (error: unknown): boolean => ['40P01', '40001'].includes(codeOf(error) ?? '');

/** Whether the database is only short of something: the connections that are there still serve. */
export const isShort = (error: unknown): boolean =>
  (codeOf(error instanceof Failed ? error.cause : error) ?? '').startsWith('53');

/** Whether a statement was given up here. */
export const isTimeout = (error: unknown): boolean =>
  error instanceof Error && error.message === 'Query read timeout';

const codeOf = (error: unknown): string | undefined =>
  error instanceof pg.DatabaseError ? error.code : undefined;

const isEnded = (error: unknown): boolean => /^(57P|08|25P03)/.test(codeOf(error) ?? '');

/** What something failed with, and whether it is the store that fails. */
export function explainFailure(thrown: unknown): ExplainedFailure {
  const error = thrown instanceof Failed ? thrown.cause : thrown;
  const mayBeKept = thrown instanceof Failed && thrown.when === 'maybe after';
  const code = codeOf(error);
  if (thrown instanceof Failed && thrown.isOver) {
    const late = 'the call has waited for others for too long';
    return { error: mayBeKept ? new StoreFailingError(late, true) : new StoreBusyError(late) };
  }
  if (error instanceof StoreError) return { error, cause: withoutName(error.message) };
  if (error instanceof StoreFailingError) return { error };
  if (code !== undefined && BUSY.includes(code))
    return { error: new StoreBusyError(`others have held what was needed for too long (${code})`) };
  if (code === undefined && !isOfTheNetwork(error)) return { error };
  const found = CAUSES.find(([beginning]) => code?.startsWith(beginning));
  if (code !== undefined && found === undefined) return { error };
  const cause = found === undefined ? ofTheNetwork(error as Error) : `${found[1]} (${code})`;
  return { error: new StoreFailingError(cause, mayBeKept && (code === undefined || isEnded(error))), cause };
}

/** A StoreError begins with the name of the setting, which those who look at the health do not need. */
const withoutName = (message: string): string => message.replace(/^PENSION_STORE:? /, '');

/** Errors of sockets have a code of their own; those of the library about connections have only words. */
const isOfTheNetwork = (error: unknown): boolean =>
  error instanceof Error &&
  !(error instanceof pg.DatabaseError) &&
  ((error as NodeJS.ErrnoException).syscall !== undefined ||
    /^E[A-Z]+$|CERT|SIGNATURE|TLS/.test((error as NodeJS.ErrnoException).code ?? '') ||
    /connection|timeout|terminated|not queryable|SSL/i.test(error.message));

const ofTheNetwork = (error: Error): string => {
  const { code, syscall, path } = error as NodeJS.ErrnoException;
  if (syscall === 'open') return `the file ${path}, which its address names, cannot be read (${code})`;
  if (/timeout/i.test(error.message)) return 'the database does not answer';
  if (/SSL|TLS|certificate/i.test(`${error.message} ${code}`))
    return `the database does not take TLS as its address asks for it (${error.message})`;
  return code === undefined
    ? 'the connection to the database was lost'
    : `the database cannot be reached (${code})`;
};

/** Where the user may not make the store, or not use it. */
export const LET_IT =
  'Name the user that owns the store, or let this one make it: GRANT CREATE ON DATABASE ... TO ..., as the owner of the database.';
/** What is to be done before a store can be opened, where it is not the address that is wrong. */
const REMEDIES: Readonly<Record<string, string>> = {
  '42501': LET_IT,
  '53300': 'Let PostgreSQL take more connections (max_connections), or end some.',
};
const NO_EXTENSION =
  'PENSION_STORE: the PostgreSQL server lacks its own extension btree_gist. Install what comes with PostgreSQL beside the server (on some systems the package postgresql-contrib).';

/** Rejects with what stands in the way of opening a store, as a StoreError with its remedy where it is known. */
export function refuse(thrown: unknown): never {
  const code = codeOf(thrown instanceof Failed ? thrown.cause : thrown);
  if (code === '0A000' && /btree_gist/.test((thrown as Error).message)) throw new StoreError(NO_EXTENSION);
  const { error, cause } = explainFailure(thrown);
  if (error instanceof StoreError || cause === undefined) throw error;
  const remedy =
    REMEDIES[code ?? ''] ??
    'Check that PostgreSQL runs, and host, port, user, password and database of the address.';
  throw new StoreError(`PENSION_STORE: the store cannot be used: ${cause}. ${remedy}`);
}

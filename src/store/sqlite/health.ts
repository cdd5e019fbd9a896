// Which errors of SQLite mean that the store itself fails, in words.

import Database from 'better-sqlite3';
import type { ExplainedFailure } from '../kept/health.ts';
import { StoreError, StoreFailingError } from '../store.ts';

/** By the beginning of SQLite's code; the first that fits. What is not here is a mistake of ours. */
const CAUSES: readonly (readonly [string, string])[] = [
  ['SQLITE_FULL', 'there is no space left on the disk of the store'],
  ['SQLITE_IOERR_FSYNC', 'the disk of the store could not flush what was written'],
  ['SQLITE_IOERR_WRITE', 'the disk of the store could not be written to'],
  ['SQLITE_IOERR_READ', 'the disk of the store could not be read'],
  ['SQLITE_IOERR_SHORT_READ', 'the disk of the store could not be read'],
  ['SQLITE_IOERR', 'the disk of the store fails'],
  ['SQLITE_CANTOPEN', 'a file of the store cannot be opened'],
  ['SQLITE_READONLY', 'the store may only be read'],
  ['SQLITE_CORRUPT', 'the store is damaged, or its disk cannot be read'],
  ['SQLITE_NOTADB', 'the store is damaged'],
  ['SQLITE_PROTOCOL', 'the locks of the store do not work; restart the service'],
  ['SQLITE_NOMEM', 'there is no memory left'],
];

/** What fails when a transaction is written already: after a crash before the next one it may be found whole. */
const WHEN_WRITTEN = /^SQLITE_IOERR_(DIR_)?FSYNC$/;

/** Of a StoreError: its own message names the path, which is not for everybody. */
const OTHER_FILE = 'a file of the store was removed or replaced while it was in use; restart the service';

/** What a transaction failed with, and whether it is the store that fails. */
export function explainFailure(error: unknown): ExplainedFailure {
  if (error instanceof StoreError) return { error, cause: OTHER_FILE };
  if (error instanceof StoreFailingError) return { error, cause: error.message };
  if (!(error instanceof Database.SqliteError)) return { error };
  const found = CAUSES.find(([code]) => error.code.startsWith(code));
  if (found === undefined) return { error };
  const cause = `${found[1]} (${error.code})`;
  return { error: new StoreFailingError(cause, WHEN_WRITTEN.test(error.code)), cause };
}

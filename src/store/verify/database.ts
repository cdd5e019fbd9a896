// What must hold before anything else can be believed: the database can be read as it was written, and its rules are
// those of this program.

import type { StoreCheck } from './check.ts';
import type { StoreRows } from './rows.ts';

const named = (
  id: string,
  says: string,
  problems: (rows: StoreRows) => AsyncIterable<string>,
): StoreCheck => ({ id, says, counts: '', find: (rows) => problems(rows) });

/** As far as the database can be asked. */
export const NOT_DAMAGED = named(
  'file',
  'the database is not damaged: every constraint and reference was looked at, on SQLite every page and index too',
  (rows) => rows.damage(),
);

/** Tables and triggers: a trigger that was taken away is a rule that does not hold any more. */
export const SCHEMA_AS_MADE = named(
  'schema',
  'every table, index, trigger and view is as this program makes it, and there is no other',
  (rows) => rows.schemaDifferences(),
);

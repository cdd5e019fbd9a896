// Every prepared statement of a connection, by what it is about.

import { auditStatements } from './audit.ts';
import { beskedStatements } from './besked.ts';
import type { Connection } from './connection.ts';
import { forloebStatements } from './forloeb.ts';
import { medlemskabStatements } from './medlemskab.ts';

/** Prepares them all. The schema must be in place. */
export const prepareStatements = (db: Connection) => ({
  forloeb: forloebStatements(db),
  besked: beskedStatements(db),
  medlemskab: medlemskabStatements(db),
  audit: auditStatements(db),
});

export type Statements = ReturnType<typeof prepareStatements>;

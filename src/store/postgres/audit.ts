// Adds entries to the audit trail. There is no way here to change or remove one. Each comes in without a number, in the
// transaction of what it tells of; audit-numbering.ts gives it its place.

import type { NewAuditEntry } from '../../access/audit/entry.ts';
import type { Kald } from '../kald.ts';
import { COLUMN_OF } from '../kept/audit.ts';
import { entryOf, type Udfald } from '../kept/call-entry.ts';
import { type Session, statement } from './connection.ts';

const TAKE = statement('SELECT take_entry(json_populate_record(NULL::audit_intake, $1))');

/** An entry as JSON by its columns, as the functions of the database take it. */
export const entryJson = (entry: NewAuditEntry): string =>
  JSON.stringify(
    Object.fromEntries(Object.entries(entry).map(([name, value]) => [COLUMN_OF.get(name), value])),
  );

/** The statement that lets one entry in, and its values, to be a transaction of its own. */
export const taking = (entry: NewAuditEntry) => [TAKE, [entryJson(entry)]] as const;

/** The statements that add to the audit trail, in the caller's transaction. */
export function auditStatements(session: Session) {
  const add = async (entry: NewAuditEntry): Promise<void> => {
    await session.run(...taking(entry));
  };
  return {
    add,
    /** Adds the entry of one call. */
    addCall: (kald: Kald, udfald: Udfald): Promise<void> => add(entryOf(kald, udfald)),
  };
}

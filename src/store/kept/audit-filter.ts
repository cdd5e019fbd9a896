// From a filter of the audit trail to conditions in SQL that every database here understands, with `?` for each value.

import { AUDIT_FIELDS, type AuditEntry } from '../../access/audit/entry.ts';
import type { AuditFilter } from '../store.ts';

const COLUMN_OF = new Map(AUDIT_FIELDS.map(({ name, column }) => [name, column]));

/** Entries about a citizen: that name the citizen, or a sequence that held a besked of that citizen. */
const ABOUT_BORGER = `seq IN (
  WITH borger (personnummer) AS (VALUES (CAST(? AS TEXT)))
  SELECT e.seq FROM borger JOIN audit_entry AS e USING (personnummer)
  UNION
  SELECT e.seq FROM borger JOIN sequence_besked USING (personnummer) JOIN sequence AS s USING (sequence_nr)
    JOIN audit_entry AS e ON e.sequence = s.identifier)`;

/** The conditions, all of which must hold, and their values in order. */
export function conditionsOf({ personnummer, organisation, from, to, equals = {} }: AuditFilter) {
  const where: string[] = [];
  const values: unknown[] = [];
  const demand = (condition: string, value: unknown): void => {
    where.push(condition);
    values.push(value);
  };
  if (personnummer !== undefined) demand(ABOUT_BORGER, personnummer);
  if (organisation !== undefined) demand('active_organisation_code = ?', organisation.code);
  if (organisation?.type !== undefined) demand('active_organisation_type = ?', organisation.type);
  if (from !== undefined) demand('tidspunkt >= ?', from);
  if (to !== undefined) demand('tidspunkt < ?', to);
  for (const [name, value] of Object.entries(equals)) {
    demand(`${COLUMN_OF.get(name as keyof AuditEntry)} = ?`, value);
  }
  return { where, values };
}

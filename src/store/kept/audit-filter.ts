// From a filter of the audit trail to conditions in SQL that every database here understands.

import type { AuditFilter } from '../store.ts';
import { COLUMN_OF } from './audit.ts';

/** How each database says things, and finds what it keeps in its own way. */
export interface FilterDialect {
  /** What stands in SQL for a value, by its place among them, from 1. */
  placeholder(place: number): string;
  /** The numbers of the entries that name the citizen, as a SELECT; the citizen is an expression in SQL. */
  entriesOf(personnummer: string): string;
}

/** Entries about a citizen: that name the citizen, or a sequence that held a besked of that citizen. */
const aboutBorger = (personnummer: string, entriesOf: FilterDialect['entriesOf']): string => `seq IN (
  WITH borger (personnummer) AS (VALUES (CAST(${personnummer} AS TEXT)))
  ${entriesOf('(SELECT personnummer FROM borger)')}
  UNION
  SELECT e.seq FROM borger JOIN sequence_besked USING (personnummer) JOIN sequence AS s USING (sequence_nr)
    JOIN audit_entry AS e ON e.sequence = s.identifier)`;

/** The conditions, all of which must hold, and their values in order. */
export function conditionsOf(
  { personnummer, organisation, from, to, equals = {} }: AuditFilter,
  { placeholder, entriesOf }: FilterDialect,
) {
  const where: string[] = [];
  const values: unknown[] = [];
  const given = (value: unknown): string => {
    values.push(value);
    return placeholder(values.length);
  };
  if (personnummer !== undefined) where.push(aboutBorger(given(personnummer), entriesOf));
  if (organisation !== undefined) where.push(`active_organisation_code = ${given(organisation.code)}`);
  if (organisation?.type !== undefined) where.push(`active_organisation_type = ${given(organisation.type)}`);
  if (from !== undefined) where.push(`tidspunkt >= ${given(from)}`);
  if (to !== undefined) where.push(`tidspunkt < ${given(to)}`);
  for (const [name, value] of Object.entries(equals)) where.push(`${COLUMN_OF.get(name)} = ${given(value)}`);
  return { where, values };
}

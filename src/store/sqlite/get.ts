// One Get as a transaction: the citizen's memberships, whether the caller may read, the forløb, the audit entry.

import { ok, type Resultat } from '../../contract/fejlkatalog.ts';
import type { Forloeb } from '../../domain/forloeb.ts';
import { decideLaeseadgang } from '../../domain/laeseadgang.ts';
import type { GetQuery } from '../store.ts';
import type { Statements } from './statements.ts';

/** Judges a reading and gives the forløb. Runs inside a write transaction, for the entry is part of the answer. */
export function get(
  statements: Statements,
  { kald, personnummer, adgang }: GetQuery,
): Resultat<readonly Forloeb[]> {
  // Both are read whatever the verdict, so that a refusal takes as long as an answer.
  const medlemskaber = statements.medlemskab.ofBorger(personnummer);
  const forloeb = statements.forloeb.ofBorger(personnummer);
  const verdict = decideLaeseadgang(adgang, medlemskaber, kald.idag);
  statements.audit.addCall({ ...kald, personnummer }, verdict.ok ? {} : { fejlkode: verdict.fejl.kode });
  return verdict.ok ? ok(forloeb) : verdict;
}

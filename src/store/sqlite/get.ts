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
  // Nothing of the forløb is read before the verdict, so that a refusal takes the same time whatever there is.
  const verdict = decideLaeseadgang(adgang, statements.medlemskab.ofBorger(personnummer), kald.idag);
  statements.audit.addCall({ ...kald, personnummer }, verdict.ok ? {} : { fejlkode: verdict.fejl.kode });
  return verdict.ok ? ok(statements.forloeb.ofBorger(personnummer)) : verdict;
}

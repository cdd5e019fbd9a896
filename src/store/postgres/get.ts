// One Get as one statement: the citizen's memberships, whether the caller may read, the audit entry, the forløb.

import { ok, type Resultat } from '../../contract/fejlkatalog.ts';
import type { Forloeb } from '../../domain/forloeb.ts';
import { ikkeLaeseadgang } from '../../domain/laeseadgang.ts';
import { entryOf } from '../kept/call-entry.ts';
import { type ForloebRow, toForloeb } from '../kept/tilstand.ts';
import type { GetQuery } from '../store.ts';
import { entryJson } from './audit.ts';
import { statement } from './connection.ts';
import type { Transactions } from './transactions.ts';

const GET = statement('SELECT forloeb FROM get_tidlig_pension($1, $2, $3, $4)');

/** Judges a reading and gives the forløb. */
export async function get(
  transactions: Transactions,
  { kald, personnummer, adgang }: GetQuery,
): Promise<Resultat<readonly Forloeb[]>> {
  const [row] = await transactions.call<{ readonly forloeb: readonly ForloebRow[] | null }>(GET, [
    personnummer,
    kald.idag,
    JSON.stringify(adgang),
    entryJson(entryOf({ ...kald, personnummer }, {})),
  ]);
  const { forloeb } = row!;
  return forloeb === null ? ikkeLaeseadgang() : ok(forloeb.map(toForloeb));
}

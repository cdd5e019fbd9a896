// One Save as one statement: the database locks the citizen, decides as the domain does, and keeps version, besked and
// audit entry together, or the audit entry of the refusal alone.

import { ok, type Resultat } from '../../contract/fejlkatalog.ts';
import type { ForloebVersion } from '../../domain/forloeb.ts';
import type { Personnummer } from '../../domain/personnummer.ts';
import { decideSave } from '../../domain/save.ts';
import { entryOf } from '../kept/call-entry.ts';
import { type ForloebRow, toForloeb, toRow } from '../kept/tilstand.ts';
import type { SaveCommand } from '../store.ts';
import { entryJson } from './audit.ts';
import { statement } from './connection.ts';
import type { Transactions } from './transactions.ts';

const SAVE = statement(
  'SELECT fejlkode, ejer, forloeb, nr, version FROM save_tidlig_pension($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)',
);

/** What came of it: with a `fejlkode` also what it was judged by. */
interface SaveRow {
  readonly fejlkode: number | null;
  readonly ejer: Personnummer | null;
  readonly forloeb: readonly ForloebRow[] | null;
  readonly nr: number;
  readonly version: number;
}

/** Judges and keeps an indberetning; `now` is when its besked is queued. */
export async function save(
  transactions: Transactions,
  command: SaveCommand,
  now: Date,
): Promise<Resultat<ForloebVersion>> {
  const { indberetning, nytId, messageIdentifier, kald } = command;
  const { personnummer, forloebId, ...tilstand } = indberetning;
  const { overgangsdato, afgoerelsesdato, ophoersdato, kompensationsafgoerelsesdato } = toRow(tilstand);
  const [row] = await transactions.call<SaveRow>(SAVE, [
    personnummer,
    forloebId ?? null,
    nytId,
    overgangsdato,
    afgoerelsesdato,
    ophoersdato,
    kompensationsafgoerelsesdato,
    messageIdentifier,
    kald.modtaget.toISOString(),
    JSON.stringify(kald.requestUserMetadata),
    kald.idag,
    now.toISOString(),
    JSON.stringify(command.afloesere),
    entryJson(entryOf({ ...kald, personnummer }, {})),
  ]);
  const { fejlkode, ejer, forloeb, nr, version } = row!;
  if (fejlkode !== null) return refusal(command, fejlkode, ejer, forloeb!.map(toForloeb));
  return ok({
    personnummer,
    forloebId: forloebId ?? nytId,
    nr,
    version,
    registrationType: version === 1 ? 'Create' : 'Update',
    ...tilstand,
  });
}

/** The refusal in words. They are the domain's, which must come to the same by what the database has judged by. */
function refusal(
  { indberetning, nytId }: SaveCommand,
  fejlkode: number,
  ejer: Personnummer | null,
  borgersForloeb: ReturnType<typeof toForloeb>[],
): Resultat<never> {
  const decision = decideSave(indberetning, { borgersForloeb, nytId, ...(ejer && { ejer }) });
  if (decision.ok || decision.fejl.kode !== fejlkode)
    throw new Error(`the database refuses with ${fejlkode} what the domain does not`);
  return decision;
}

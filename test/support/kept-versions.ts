// What a store has kept, as a history and a ledger know it: versions with the marks of their calls, what is owed to an
// a-kasse, and what that has processed.

import { readFileSync } from 'node:fs';
import type { Kept, Said } from './history.ts';
import { compareLedger, type LedgerCounts, type Reported } from './ledger.ts';
import { column, reading } from './store-rows.ts';

/** A version, the number of its besked, and whose queue that went to. */
export interface KeptHere extends Kept {
  readonly beskedNr: number;
  readonly messageIdentifier: string;
  readonly modtager: string | null;
}

type Row = Omit<KeptHere, 'said' | 'mark'> & Said & { readonly metadata: string };

/** Every version whose besked has a number above that one, in the order of these, from the store of that address. */
export async function keptSince(address: string, beskedNr: number): Promise<KeptHere[]> {
  const rows = await reading(address, (tables) =>
    tables.all<Row>(
      `SELECT b.besked_nr AS "beskedNr", b.message_identifier AS "messageIdentifier", b.modtager,
              v.request_user_metadata AS metadata, v.personnummer AS borger, v.forloeb_id AS "forloebId",
              v.correlation_id AS "correlationId", v.overgangsdato, v.afgoerelsesdato, v.ophoersdato,
              v.kompensationsafgoerelsesdato
         FROM besked AS b JOIN forloeb_version AS v USING (forloeb_id, version)
        WHERE b.besked_nr > ? ORDER BY b.besked_nr`,
      beskedNr,
    ),
  );
  return rows.map(
    ({ overgangsdato, afgoerelsesdato, ophoersdato, kompensationsafgoerelsesdato, metadata, ...rest }) => ({
      ...rest,
      mark: markIn(metadata),
      said: { overgangsdato, afgoerelsesdato, ophoersdato, kompensationsafgoerelsesdato },
    }),
  );
}

/** The mark of its call stands in the header of a Save as the name of its user. */
const markIn = (metadata: string): string =>
  (JSON.parse(metadata) as { readonly RequestUserStructure: { readonly UserFullName: string } })
    .RequestUserStructure.UserFullName;

interface Processed {
  readonly messageIdentifier: string;
  readonly personnummer: string;
  readonly tidligPensionIdentifier: string;
  readonly overgangTilTidligPension?: Readonly<Record<string, string>>;
  readonly kompensationsudbetaling?: Readonly<Record<string, string>>;
}

/** Holds the file of an a-kasse, in its order, against what the store owes it, in the order of the versions. */
export function processedAgainstOwed(file: string, kept: readonly KeptHere[], akasse: string): LedgerCounts {
  const processed = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const one = JSON.parse(line) as Processed;
      const { overgangTilTidligPension: overgang, kompensationsudbetaling: kompensation } = one;
      return reported(one.personnummer, one.tidligPensionIdentifier, one.messageIdentifier, [
        overgang?.tidligPensionOvergangsdato,
        overgang?.tidligPensionAfgoerelsesdato,
        overgang?.tidligPensionOphoersdato,
        kompensation?.kompensationsafgoerelsesdato,
      ]);
    });
  return compareLedger(owedTo(kept, akasse), processed);
}

/** What a store owes an a-kasse, in the order of its versions. */
export const owedTo = (kept: readonly KeptHere[], akasse: string): Reported[] =>
  kept
    .filter(({ modtager }) => modtager === akasse)
    .map(({ borger, forloebId, messageIdentifier, said }) =>
      reported(borger, forloebId, messageIdentifier, Object.values(said)),
    );

/** What a besked says is part of its mark: one that says something else was never owed. */
export const reported = (
  borger: string,
  forloebId: string,
  messageIdentifier: string,
  dates: readonly (string | null | undefined)[],
): Reported => ({
  borger,
  forloebId,
  mark: `${messageIdentifier} ${dates.map((date) => date ?? '-').join(' ')}`,
});

/** Beskeder that came again though a sequence that handed them out before was terminated. */
export async function comeAgainTerminated(
  address: string,
  handedOut: readonly { readonly sequence: string; readonly beskeder: readonly string[] }[],
): Promise<number> {
  const terminated = new Set(
    await reading(address, (tables) =>
      column<string>(tables, "SELECT identifier FROM sequence WHERE state = 'terminated'"),
    ),
  );
  const over = new Map<string, string>();
  let again = 0;
  for (const { sequence, beskeder } of handedOut) {
    for (const besked of beskeder) {
      if (over.has(besked) && over.get(besked) !== sequence) again += 1;
      if (terminated.has(sequence)) over.set(besked, sequence);
    }
  }
  return again;
}

/** What is still to be delivered, or held. */
export const leftIn = async (address: string): Promise<number> =>
  (
    await reading(address, (tables) =>
      column<number>(
        tables,
        `SELECT (SELECT count(*) FROM besked WHERE modtager IS NOT NULL AND delivered IS NULL)
              + (SELECT count(*) FROM sequence WHERE state = 'open')`,
      ),
    )
  )[0]!;

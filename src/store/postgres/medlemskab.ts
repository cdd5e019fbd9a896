// Reads the memberships of citizens.

import type { Personnummer } from '../../domain/personnummer.ts';
import { withoutNulls } from '../kept/row.ts';
import type { RegistreretMedlemskab } from '../store.ts';
import { type Session, statement } from './connection.ts';

const OF_BORGERE = statement(
  `SELECT personnummer, akasse, start, slut, afgangsaarsag, efterloen, tilbagekaldt FROM medlemskab
    WHERE personnummer = ANY ($1) ORDER BY personnummer, start, akasse`,
);

/** The statements on memberships, in the caller's transaction. */
export function medlemskabStatements(session: Session) {
  const ofBorgere = async (
    borgere: readonly Personnummer[],
  ): Promise<Map<Personnummer, RegistreretMedlemskab[]>> => {
    const found = new Map<Personnummer, RegistreretMedlemskab[]>(borgere.map((borger) => [borger, []]));
    for (const { personnummer, ...row } of await session.all<
      RegistreretMedlemskab & { readonly personnummer: Personnummer }
    >(OF_BORGERE, [borgere]))
      found.get(personnummer)!.push(withoutNulls<RegistreretMedlemskab>(row));
    return found;
  };
  return {
    /** Every membership of each citizen as registered, recalled ones included, by start. */
    ofBorgere,
    ofBorger: async (personnummer: Personnummer): Promise<RegistreretMedlemskab[]> =>
      (await ofBorgere([personnummer])).get(personnummer)!,
  };
}

// Reads the memberships of one citizen.

import type { Personnummer } from '../../domain/personnummer.ts';
import { withoutNulls } from '../kept/row.ts';
import type { RegistreretMedlemskab } from '../store.ts';
import type { Connection } from './connection.ts';

/** A membership in columns; a flag is a number. */
type MedlemskabRow = Pick<RegistreretMedlemskab, 'akasse' | 'start'> & {
  [K in 'slut' | 'afgangsaarsag' | 'efterloen']: NonNullable<RegistreretMedlemskab[K]> | null;
} & { tilbagekaldt: 0 | 1 };

const compare = (a: string, b: string): number => Number(a > b) - Number(a < b);

/** The statement on memberships, prepared once for a connection. It runs inside the caller's transaction. */
export function medlemskabStatements(db: Connection) {
  const ofBorger = db.prepare<[Personnummer], MedlemskabRow>(
    'SELECT akasse, start, slut, afgangsaarsag, efterloen, tilbagekaldt FROM medlemskab WHERE personnummer = ?',
  );
  return {
    /** Every membership of the citizen as registered, recalled ones included, by start. */
    ofBorger: (personnummer: Personnummer): RegistreretMedlemskab[] =>
      // By a-kasse and start they come; a sorter of SQLite's costs more than all the rest of the statement.
      ofBorger
        .all(personnummer)
        .sort((a, b) => compare(a.start, b.start) || compare(a.akasse, b.akasse))
        .map(({ tilbagekaldt, ...row }) => ({
          ...withoutNulls<Omit<RegistreretMedlemskab, 'tilbagekaldt'>>(row),
          tilbagekaldt: tilbagekaldt === 1,
        })),
  };
}

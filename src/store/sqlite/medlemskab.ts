// Reads the memberships of one citizen.

import type { Personnummer } from '../../domain/personnummer.ts';
import type { RegistreretMedlemskab } from '../store.ts';
import type { Connection } from './connection.ts';

/** A membership in columns; a flag is a number. */
type MedlemskabRow = {
  [K in keyof Omit<RegistreretMedlemskab, 'tilbagekaldt'>]-?: RegistreretMedlemskab[K] | null;
} & {
  tilbagekaldt: 0 | 1;
};

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
        .sort((a, b) => compare(a.start!, b.start!) || compare(a.akasse!, b.akasse!))
        .map(({ akasse, start, slut, afgangsaarsag, efterloen, tilbagekaldt }) => ({
          akasse: akasse!,
          start: start!,
          ...(slut !== null && { slut }),
          ...(afgangsaarsag !== null && { afgangsaarsag }),
          ...(efterloen !== null && { efterloen }),
          tilbagekaldt: tilbagekaldt === 1,
        })),
  };
}

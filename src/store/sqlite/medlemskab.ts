// Reads the memberships of one citizen.

import type { Dato } from '../../domain/dato.ts';
import type { AkasseKode } from '../../domain/medlemskab.ts';
import type { Personnummer } from '../../domain/personnummer.ts';
import type { RegistreretMedlemskab } from '../store.ts';
import type { Connection } from './connection.ts';

interface MedlemskabRow {
  akasse: AkasseKode;
  start: Dato;
  slut: Dato | null;
  afgangsaarsag: string | null;
  efterloen: Dato | null;
  tilbagekaldt: 0 | 1;
}

/** The statement on memberships, prepared once for a connection. It runs inside the caller's transaction. */
export function medlemskabStatements(db: Connection) {
  const ofBorger = db.prepare<[Personnummer], MedlemskabRow>(
    'SELECT akasse, start, slut, afgangsaarsag, efterloen, tilbagekaldt FROM medlemskab WHERE personnummer = ? ORDER BY start, akasse',
  );
  return {
    /** Every membership of the citizen as registered, recalled ones included, by start. */
    ofBorger: (personnummer: Personnummer): RegistreretMedlemskab[] =>
      ofBorger.all(personnummer).map((row) => ({
        akasse: row.akasse,
        start: row.start,
        ...(row.slut !== null && { slut: row.slut }),
        ...(row.afgangsaarsag !== null && { afgangsaarsag: row.afgangsaarsag }),
        ...(row.efterloen !== null && { efterloen: row.efterloen }),
        tilbagekaldt: row.tilbagekaldt === 1,
      })),
  };
}

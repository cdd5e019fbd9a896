// Reads the memberships of one citizen.

import type { Dato } from '../../domain/dato.ts';
import type { AkasseKode, Medlemskab } from '../../domain/medlemskab.ts';
import type { Personnummer } from '../../domain/personnummer.ts';
import type { Connection } from './connection.ts';

interface MedlemskabRow {
  akasse: AkasseKode;
  start: Dato;
  slut: Dato | null;
  efterloen: Dato | null;
  tilbagekaldt: 0 | 1;
}

/** The statement on memberships, prepared once for a connection. It runs inside the caller's transaction. */
export function medlemskabStatements(db: Connection) {
  const ofBorger = db.prepare<[Personnummer], MedlemskabRow>(
    'SELECT akasse, start, slut, efterloen, tilbagekaldt FROM medlemskab WHERE personnummer = ?',
  );
  return {
    /** Every membership of the citizen as registered, recalled ones included. */
    ofBorger: (personnummer: Personnummer): Medlemskab[] =>
      ofBorger.all(personnummer).map((row) => ({
        akasse: row.akasse,
        start: row.start,
        ...(row.slut !== null && { slut: row.slut }),
        ...(row.efterloen !== null && { efterloen: row.efterloen }),
        tilbagekaldt: row.tilbagekaldt === 1,
      })),
  };
}

// The state of a forløb in columns, as every database keeps it.

import type { Dato } from '../../domain/dato.ts';
import type { Forloeb, ForloebId, Tilstand } from '../../domain/forloeb.ts';

/** A state in columns; `null` is what is not there. */
export interface KeptTilstand {
  readonly overgangsdato: Dato | null;
  readonly afgoerelsesdato: Dato | null;
  readonly ophoersdato: Dato | null;
  readonly kompensationsafgoerelsesdato: Dato | null;
}

/** A forløb as it stands, in columns. */
export interface ForloebRow extends KeptTilstand {
  readonly forloeb_id: ForloebId;
  readonly nr: number;
  readonly version: number;
}

/** The columns that say a state. */
export const toRow = ({ overgang, kompensation }: Tilstand): KeptTilstand => ({
  overgangsdato: overgang?.overgangsdato ?? null,
  afgoerelsesdato: overgang?.afgoerelsesdato ?? null,
  ophoersdato: overgang?.ophoersdato ?? null,
  kompensationsafgoerelsesdato: kompensation?.afgoerelsesdato ?? null,
});

/** The forløb that a row says. */
export const toForloeb = (row: ForloebRow): Forloeb => ({
  forloebId: row.forloeb_id,
  nr: row.nr,
  version: row.version,
  ...toTilstand(row),
});

/** The state that a row says. */
export const toTilstand = (row: KeptTilstand): Tilstand => ({
  ...(row.overgangsdato !== null &&
    row.afgoerelsesdato !== null && {
      overgang: {
        overgangsdato: row.overgangsdato,
        afgoerelsesdato: row.afgoerelsesdato,
        ...(row.ophoersdato !== null && { ophoersdato: row.ophoersdato }),
      },
    }),
  ...(row.kompensationsafgoerelsesdato !== null && {
    kompensation: { afgoerelsesdato: row.kompensationsafgoerelsesdato },
  }),
});

// I7: no two forløb of a citizen share a day, by the rule of the domain and not by that of the database.

import { type Forloeb, periodeAf } from '../../domain/forloeb.ts';
import { overlapper, type Periode } from '../../domain/periode.ts';
import { type StoreCheck, shownId } from './check.ts';
import type { KeptForloeb } from './rows.ts';

/** I7: the periods of each citizen. */
export const NO_OVERLAP: StoreCheck = {
  id: 'I7',
  says: 'no two forløb of a citizen overlap',
  counts: 'forløb',
  async *find(rows, { tally }) {
    let borger: string | undefined;
    let earlier: { readonly id: string; readonly periode: Periode }[] = [];
    for await (const forloeb of rows.forloebByBorger()) {
      tally();
      if (forloeb.personnummer !== borger) earlier = [];
      borger = forloeb.personnummer;
      const id = shownId(forloeb.forloebId);
      if ((forloeb.overgangsdato === null) !== (forloeb.afgoerelsesdato === null))
        yield `forløb ${id}: only one of the dates of transition and decision is there`;
      const periode = periodeAf(tilstandOf(forloeb));
      if (periode === undefined) continue;
      if (periode.slut !== undefined && periode.slut < periode.start)
        yield `forløb ${id}: it ends before it starts`;
      for (const other of earlier)
        if (overlapper(periode, other.periode))
          yield `forløb ${id}: it overlaps forløb ${other.id} of the same citizen`;
      earlier.push({ id, periode });
    }
  },
};

const tilstandOf = ({
  overgangsdato,
  afgoerelsesdato,
  ophoersdato,
}: KeptForloeb): Pick<Forloeb, 'overgang'> =>
  overgangsdato === null
    ? {}
    : {
        overgang: {
          overgangsdato,
          afgoerelsesdato: afgoerelsesdato ?? overgangsdato,
          ...(ophoersdato !== null && { ophoersdato }),
        },
      };

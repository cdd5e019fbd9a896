// What Get shows: the latest version of every forløb of the citizen, annulled ones included.

import type { TidligPensionMessage } from '../contract/messages.ts';
import type { Forloeb, Tilstand } from './forloeb.ts';

/** The forløb in the order of Get: by first registration, then identifier. */
export const iVisningsorden = (forloeb: readonly Forloeb[]): readonly Forloeb[] =>
  forloeb.toSorted((a, b) => a.nr - b.nr || (a.forloebId < b.forloebId ? -1 : 1));

/** A state in the words of the contract; an annulled one has neither block. */
export const tilstandMessage = (
  tilstand: Tilstand,
): Omit<TidligPensionMessage, 'TidligPensionIdentifier'> => ({
  ...(tilstand.overgang && {
    OvergangTilTidligPension: {
      TidligPensionOvergangsdato: tilstand.overgang.overgangsdato,
      TidligPensionAfgoerelsesdato: tilstand.overgang.afgoerelsesdato,
      ...(tilstand.overgang.ophoersdato && { TidligPensionOphoersdato: tilstand.overgang.ophoersdato }),
    },
  }),
  ...(tilstand.kompensation && {
    Kompensationsudbetaling: { Kompensationsafgoerelsesdato: tilstand.kompensation.afgoerelsesdato },
  }),
});

/** One forløb in the words of the contract. */
export const forloebMessage = (forloeb: Forloeb): TidligPensionMessage => ({
  TidligPensionIdentifier: forloeb.forloebId,
  ...tilstandMessage(forloeb),
});

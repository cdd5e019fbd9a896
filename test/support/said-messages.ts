// States of a forløb as a history has them, and the messages that say them.

import type { SaveTidligPensionRequest, TidligPensionMessage } from '../../src/contract/messages.ts';
import type { Said, Wish } from './history.ts';

/** The message of a Save that says what the wish says. */
export function messageOfWish({ borger, forloebId, said }: Wish): SaveTidligPensionRequest {
  const { overgangsdato, afgoerelsesdato, ophoersdato, kompensationsafgoerelsesdato } = said;
  return {
    Personnummer: borger,
    ...(forloebId && { TidligPensionIdentifier: forloebId }),
    ...(overgangsdato && {
      OvergangTilTidligPension: {
        TidligPensionOvergangsdato: overgangsdato,
        TidligPensionAfgoerelsesdato: afgoerelsesdato!,
        ...(ophoersdato && { TidligPensionOphoersdato: ophoersdato }),
      },
    }),
    ...(kompensationsafgoerelsesdato && {
      Kompensationsudbetaling: { Kompensationsafgoerelsesdato: kompensationsafgoerelsesdato },
    }),
  };
}

/** The state that a message says. */
export const saidBy = ({
  OvergangTilTidligPension,
  Kompensationsudbetaling,
}: Pick<TidligPensionMessage, 'OvergangTilTidligPension' | 'Kompensationsudbetaling'>): Said => ({
  overgangsdato: OvergangTilTidligPension?.TidligPensionOvergangsdato ?? null,
  afgoerelsesdato: OvergangTilTidligPension?.TidligPensionAfgoerelsesdato ?? null,
  ophoersdato: OvergangTilTidligPension?.TidligPensionOphoersdato ?? null,
  kompensationsafgoerelsesdato: Kompensationsudbetaling?.Kompensationsafgoerelsesdato ?? null,
});

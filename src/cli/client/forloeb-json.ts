// A forløb as JSON, with the same names wherever a command prints or writes one.

import type { KompensationMessage, OvergangMessage, TidligPensionMessage } from '../../contract/messages.ts';

/** The two blocks of a forløb. With neither, the forløb is annulled. Dates are `YYYY-MM-DD`. */
export interface BlocksJson {
  readonly overgangTilTidligPension?: {
    readonly tidligPensionOvergangsdato: string;
    readonly tidligPensionAfgoerelsesdato: string;
    /** Left out: the forløb has no end. */
    readonly tidligPensionOphoersdato?: string;
  };
  readonly kompensationsudbetaling?: { readonly kompensationsafgoerelsesdato: string };
}

interface Blocks {
  readonly OvergangTilTidligPension?: OvergangMessage;
  readonly Kompensationsudbetaling?: KompensationMessage;
}

/** The blocks that are there. */
export const blocksJson = ({
  OvergangTilTidligPension: overgang,
  Kompensationsudbetaling: kompensation,
}: Blocks): BlocksJson => ({
  ...(overgang && {
    overgangTilTidligPension: {
      tidligPensionOvergangsdato: overgang.TidligPensionOvergangsdato,
      tidligPensionAfgoerelsesdato: overgang.TidligPensionAfgoerelsesdato,
      ...(overgang.TidligPensionOphoersdato && {
        tidligPensionOphoersdato: overgang.TidligPensionOphoersdato,
      }),
    },
  }),
  ...(kompensation && {
    kompensationsudbetaling: { kompensationsafgoerelsesdato: kompensation.Kompensationsafgoerelsesdato },
  }),
});

/** A forløb of a Get. */
export const forloebJson = (forloeb: TidligPensionMessage) => ({
  tidligPensionIdentifier: forloeb.TidligPensionIdentifier,
  ...blocksJson(forloeb),
});

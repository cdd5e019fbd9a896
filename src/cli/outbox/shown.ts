// Beskeder as they may be shown: the personnummer masked, unless it is to be revealed.

import { maskeret, type Personnummer } from '../../domain/personnummer.ts';

/** Something of a citizen, with the personnummer as it may be shown. */
export type Shown<T extends { readonly personnummer: Personnummer }> = Omit<T, 'personnummer'> & {
  readonly personnummer: string;
};

/** Masks it, unless it is revealed. */
export const shown = <T extends { readonly personnummer: Personnummer }>(
  of: T,
  reveal = false,
): Shown<T> => ({
  ...of,
  personnummer: reveal ? of.personnummer : maskeret(of.personnummer),
});

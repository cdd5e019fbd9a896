// A period of calendar dates, closed at both ends; the end may be open.

import { type Dato, erFoer } from './dato.ts';

/** From `start` to `slut`, both days included. Without `slut` it has no end. */
export interface Periode {
  readonly start: Dato;
  readonly slut?: Dato;
}

/**
 * Whether two periods share a day. Ending and starting on the same day overlaps; the day after does not.
 * (Domain rule 5, with both ends closed.)
 */
export const overlapper = (a: Periode, b: Periode): boolean =>
  !(a.slut !== undefined && erFoer(a.slut, b.start)) && !(b.slut !== undefined && erFoer(b.slut, a.start));

/** Whether the day lies in the period. */
export const indeholder = (periode: Periode, dag: Dato): boolean =>
  !erFoer(dag, periode.start) && !(periode.slut !== undefined && erFoer(periode.slut, dag));

/** The period in words, for messages: `2026-01-01 til 2026-06-30`. */
export const beskrivPeriode = (periode: Periode): string =>
  `${periode.start} til ${periode.slut ?? '(ingen ophørsdato)'}`;

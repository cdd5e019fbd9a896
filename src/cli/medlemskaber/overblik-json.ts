// The overview of a citizen's memberships as JSON, for programs: the words of the register, flat where that is clear.

import type { MedlemskabOverblik } from '../../domain/medlemskab-overblik.ts';
import type { RegistreretMedlemskab } from '../../store/store.ts';

/** The overview as an object to print; `borger` is the personnummer as it may be shown. */
export const overblikJson = (overblik: MedlemskabOverblik<RegistreretMedlemskab>, borger: string) => ({
  personnummer: borger,
  idag: overblik.idag,
  medlemskaber: overblik.poster.map(({ medlemskab, stilling, slut, lukketAf }) => ({
    ...medlemskab,
    stilling,
    ...(slut && { gaelderTil: slut }),
    ...(lukketAf && { lukketAf: { akasse: lukketAf.akasse, start: lukketAf.start } }),
  })),
  modtager: overblik.modtager,
  laesere: overblik.laesere,
});

// What the membership register says of each named demo citizen, as seen from today.
import { type Dato, dageEfter, maanederEfter } from '../../domain/dato.ts';
import type { DemoBorgerNavn } from './demo-borgere.ts';

/** One line of the register without its personnummer; dates are ISO. */
export interface Medlemskabslinje {
  readonly akasse: string;
  readonly start: string;
  readonly slut?: string;
  readonly afgangsaarsag?: string;
  readonly efterloen?: string;
  readonly tilbagekaldt?: boolean;
}

// The default of PENSION_FORMER_MONTHS, on whose edges two of the citizens stand.
const FORMER_MONTHS = 42;
/** When memberships began of which nothing is said. */
export const LONG_AGO = '1992-03-01' as Dato;

/** The memberships of each named citizen, given today and the last day of a-kasse 31. */
export function situationer(today: Dato, merged: Dato): Record<DemoBorgerNavn, readonly Medlemskabslinje[]> {
  const months = (count: number) => maanederEfter(today, count);
  const oldestEnd = oldestEndWithin(today, FORMER_MONTHS);
  const left = (akasse: string, slut: string, more: Partial<Medlemskabslinje> = {}): Medlemskabslinje => ({
    akasse,
    start: LONG_AGO,
    slut,
    afgangsaarsag: 'U',
    ...more,
  });

  return {
    medlem11: [{ akasse: '11', start: LONG_AGO }],
    medlem22: [{ akasse: '22', start: LONG_AGO }],
    medlem67: [{ akasse: '67', start: LONG_AGO }],
    flyttet: [
      left('11', dageEfter(months(-24), -1), { afgangsaarsag: 'A' }),
      { akasse: '22', start: months(-24) },
    ],
    flyttetUdenSlut: [
      { akasse: '11', start: LONG_AGO },
      { akasse: '67', start: months(-18) },
    ],
    tidligereMedEfterloen: [left('11', months(-12), { efterloen: dageEfter(months(-12), 1) })],
    tidligereUdenEfterloen: [left('11', months(-12))],
    tidligereFremtidigtEfterloen: [left('22', months(-6), { efterloen: months(6) })],
    medlemMedEfterloen: [{ akasse: '22', start: LONG_AGO, efterloen: months(-10) }],
    tidligereUnder42: [left('11', months(-41))],
    tidligerePraecis42: [left('11', oldestEnd)],
    tidligereOver42: [left('11', dageEfter(oldestEnd, -1))],
    tilbagekaldt: [{ akasse: '11', start: LONG_AGO, tilbagekaldt: true }],
    tilbagekaldtGenaabner: [
      { akasse: '11', start: LONG_AGO },
      { akasse: '22', start: months(-8), tilbagekaldt: true },
    ],
    fusioneret: [{ akasse: '31', start: LONG_AGO }],
    tidligereFusioneret: [left('31', maanederEfter(merged, -3), { efterloen: maanederEfter(merged, -2) })],
    fremtidig: [{ akasse: '22', start: months(2) }],
    tidligereOgFremtidig: [left('11', months(-6)), { akasse: '22', start: months(2) }],
    sammeAkasseToGange: [left('11', '2009-12-31'), { akasse: '11', start: '2015-06-01' }],
    aldrig: [],
    slutterIDag: [left('11', today)],
    begynderIDag: [{ akasse: '22', start: today }],
    flyttetFraFusioneret: [
      left('31', maanederEfter(merged, -6), { afgangsaarsag: 'A' }),
      { akasse: '11', start: dageEfter(maanederEfter(merged, -6), 1) },
    ],
    sluttede: [
      left('11', '2010-06-30', { afgangsaarsag: 'A' }),
      { akasse: '67', start: '2010-07-01', slut: months(-5), afgangsaarsag: 'S' },
    ],
    flytter: [{ akasse: '11', start: LONG_AGO }],
  };
}

/** The earliest end of a membership that is at most `months` old today: a day before it is too old. */
export function oldestEndWithin(today: Dato, months: number): Dato {
  let end = maanederEfter(today, -months);
  while (maanederEfter(end, months) < today) end = dageEfter(end, 1);
  return end;
}

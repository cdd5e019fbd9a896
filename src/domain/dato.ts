// Calendar dates. A business date is a day in the calendar, without clock and without zone, and never a JavaScript
// Date. Written `YYYY-MM-DD`, dates compare as text.

import { daysInMonth, isDay } from '../contract/calendar.ts';

declare const brand: unique symbol;

/** A calendar date from 0001-01-01 to 9999-12-31, written `YYYY-MM-DD`. */
export type Dato = string & { readonly [brand]: 'Dato' };

const WITH_ZONE = /^([0-9]{4})-([0-9]{2})-([0-9]{2})(?:Z|[+-][0-9]{2}:[0-9]{2})?$/;

/** Reads `YYYY-MM-DD`; a zone suffix (`Z`, `+01:00`) is dropped. Undefined when there is no such day. */
export function readDato(text: string): Dato | undefined {
  const match = WITH_ZONE.exec(text);
  if (match === null) return undefined;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  return isDay(year, month, day) ? (text.slice(0, 10) as Dato) : undefined;
}

/** Whether `a` is an earlier day than `b`. */
export const erFoer = (a: Dato, b: Dato): boolean => a < b;

const pad = (value: number, width: number): string => String(value).padStart(width, '0');

/** The date that many days later, or earlier when negative. The result must be a date of the calendar. */
export function dageEfter(dato: Dato, dage: number): Dato {
  let [year, month, day] = partsOf(dato);
  for (day += dage; day < 1; day += daysInMonth(year, month)) [year, month] = monthAfter(year, month, -1);
  for (; day > daysInMonth(year, month); [year, month] = monthAfter(year, month, 1))
    day -= daysInMonth(year, month);
  return toDato(year, month, day);
}

const monthAfter = (year: number, month: number, months: number): [number, number] => {
  const count = year * 12 + (month - 1) + months;
  return [Math.floor(count / 12), (count % 12) + 1];
};

/** The day before; undefined before 0001-01-01. */
export const dagenFoer = (dato: Dato): Dato | undefined =>
  dato === '0001-01-01' ? undefined : dageEfter(dato, -1);

/** The date that many calendar months later (earlier when negative), clipped to the last day of its month; at most 9999-12-31. */
export function maanederEfter(dato: Dato, maaneder: number): Dato {
  const [year, month, day] = partsOf(dato);
  const [newYear, newMonth] = monthAfter(year, month, maaneder);
  if (newYear > 9999) return toDato(9999, 12, 31);
  return toDato(newYear, newMonth, Math.min(day, daysInMonth(newYear, newMonth)));
}

const partsOf = (dato: Dato): [number, number, number] => [
  Number(dato.slice(0, 4)),
  Number(dato.slice(5, 7)),
  Number(dato.slice(8, 10)),
];

const toDato = (year: number, month: number, day: number): Dato =>
  `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}` as Dato;

const copenhagenDay = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Copenhagen', dateStyle: 'short' });

const MS_PER_MINUTE = 60_000;
/** The last minute that was asked about, for it is asked many times. */
const asked = { minute: Number.NaN, dato: '' as Dato };

/** The date in Europe/Copenhagen at that instant: "today" of a request. */
export function datoI(instant: Date): Dato {
  // No day there has ever begun in the middle of a minute of UTC since there are time zones.
  const minute = Math.floor(instant.getTime() / MS_PER_MINUTE);
  if (minute !== asked.minute) {
    asked.dato = copenhagenDay.format(instant) as Dato;
    asked.minute = minute;
  }
  return asked.dato;
}

/** The instant at which the date begins in Europe/Copenhagen. */
export function midnatI(dato: Dato): Date {
  const utc = Date.parse(`${dato}T00:00:00Z`);
  // Midnight there is one or two hours before midnight UTC; the later of the two that is already that day.
  for (const hours of [2, 1]) {
    const instant = new Date(utc - hours * 3_600_000);
    if (datoI(instant) === dato && datoI(new Date(instant.getTime() - 1)) !== dato) return instant;
  }
  return new Date(utc);
}

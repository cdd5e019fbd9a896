// Days and times as an operator writes them, as instants. Without an offset they are those of Europe/Copenhagen.

import { type Dato, dageEfter, midnatI, readDato } from '../../domain/dato.ts';
import { UsageError } from '../outcome.ts';

const TIME = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2}(?:\.\d{1,3})?))?(Z|[+-]\d{2}:\d{2})?)?$/;
const OFFSET = /^([+-])(\d{2}):(\d{2})$/;
const HOUR = 3_600_000;
const LAST_DAY = '9999-12-31' as Dato;
/** The instants that compare as text; all entries lie between them. */
const [FIRST, LAST] = [Date.parse('0000-01-01T00:00:00Z'), Date.parse('9999-12-31T23:59:59.999Z')];

/**
 * The instant, UTC with milliseconds. A day means its beginning, or as an `end` the beginning of the next.
 * Throws UsageError naming the option.
 */
export function instantOf(option: string, text: string, edge: 'start' | 'end'): string {
  const instant = readInstant(text, edge);
  if (instant !== undefined) return new Date(Math.min(Math.max(instant, FIRST), LAST)).toISOString();
  throw new UsageError(
    `${option} must be a day or a time, for instance 2026-11-22, 2026-11-22T08:00 or 2026-11-22T07:00:00Z.`,
  );
}

/** Milliseconds since 1970; undefined when there is no such day or time. */
function readInstant(text: string, edge: 'start' | 'end'): number | undefined {
  const [, day, hours, minutes, seconds = '0', offset] = TIME.exec(text) ?? [];
  const dato = day === undefined ? undefined : readDato(day);
  if (dato === undefined) return undefined;
  if (hours === undefined) return edge === 'start' ? midnatI(dato).getTime() : endOf(dato);
  if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) >= 60) return undefined;
  const since = Number(hours) * HOUR + Number(minutes) * 60_000 + Math.round(Number(seconds) * 1000);
  if (offset === undefined) return localTime(dato, since);
  const ahead = offset === 'Z' ? 0 : aheadOfUtc(offset);
  return ahead === undefined ? undefined : Date.parse(`${dato}T00:00:00Z`) + since - ahead;
}

function aheadOfUtc(offset: string): number | undefined {
  const [, sign, hours, minutes] = OFFSET.exec(offset)!;
  if (Number(hours) > 14 || Number(minutes) > 59) return undefined;
  return (sign === '-' ? -1 : 1) * (Number(hours) * HOUR + Number(minutes) * 60_000);
}

const endOf = (dato: Dato): number => (dato === LAST_DAY ? LAST : midnatI(dageEfter(dato, 1)).getTime());

/** So long after midnight by the clock on the wall. */
function localTime(dato: Dato, since: number): number {
  const midnight = midnatI(dato).getTime();
  // On the two days of the year on which the clock is changed, an hour is taken or given back.
  const shift = dato === LAST_DAY ? 0 : endOf(dato) - midnight - 24 * HOUR;
  return midnight + since + (since >= 3 * HOUR ? shift : 0);
}

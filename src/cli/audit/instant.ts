// Days and times as an operator writes them, as instants. Without an offset they are those of Europe/Copenhagen.

import { dageEfter, midnatI, readDato } from '../../domain/dato.ts';
import { UsageError } from '../outcome.ts';

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const WITH_OFFSET = /(?:Z|[+-]\d{2}:\d{2})$/;
const LOCAL = /^(\d{4}-\d{2}-\d{2})T(\d{2}):(\d{2})(?::(\d{2}))?$/;

/**
 * The instant, UTC with milliseconds. A day means its beginning, or as an `end` the beginning of the next.
 * Throws UsageError naming the option.
 */
export function instantOf(option: string, text: string, edge: 'start' | 'end'): string {
  const instant = DAY.test(text)
    ? dayEdge(text, edge)
    : WITH_OFFSET.test(text)
      ? new Date(text)
      : localTime(text);
  if (instant !== undefined && !Number.isNaN(instant.getTime())) return instant.toISOString();
  throw new UsageError(
    `${option} must be a day or a time, for instance 2026-11-22, 2026-11-22T08:00 or 2026-11-22T07:00:00Z.`,
  );
}

function dayEdge(text: string, edge: 'start' | 'end'): Date | undefined {
  const dato = readDato(text);
  return dato && midnatI(edge === 'start' ? dato : dageEfter(dato, 1));
}

function localTime(text: string): Date | undefined {
  const [, day, hours, minutes, seconds = '0'] = LOCAL.exec(text) ?? [];
  const dato = day === undefined ? undefined : readDato(day);
  if (dato === undefined || Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59)
    return undefined;
  const since = (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000;
  const midnight = midnatI(dato).getTime();
  // On the two days of the year on which the clock is changed, an hour is taken or given back.
  const shift = midnatI(dageEfter(dato, 1)).getTime() - midnight - 24 * 3_600_000;
  return new Date(midnight + since + (Number(hours) >= 3 ? shift : 0));
}

// Reads the file of the membership register: every line checked by itself, every bad one found.

import { readDato } from '../../domain/dato.ts';
import type { AkasseKode } from '../../domain/medlemskab.ts';
import { readPersonnummer } from '../../domain/personnummer.ts';
import type { AfvistLinje, MedlemskabLinje } from '../../store/store.ts';
import { type CsvRecord, readRecords } from '../csv.ts';
import { AFGANGSAARSAGER } from './afgangsaarsager.ts';

/** The columns of the register file. */
export const MEDLEMSKAB_COLUMNS = [
  'personnummer',
  'akasse',
  'start',
  'slut',
  'afgangsaarsag',
  'efterloen',
  'tilbagekaldt',
] as const;

type Values = Readonly<Record<(typeof MEDLEMSKAB_COLUMNS)[number], string>>;

/**
 * Reads and checks each line by itself, in little memory however long the file is; how they stand to each other is
 * judged by the store.
 */
export function* readRegister(
  chunks: Iterable<Uint8Array>,
  akasser: ReadonlySet<string>,
): Generator<MedlemskabLinje | AfvistLinje> {
  for (const line of readRecords(chunks, MEDLEMSKAB_COLUMNS)) {
    if ('reason' in line) {
      yield { linje: line.line, grund: line.reason };
      continue;
    }
    const problems = [...problemsOf(line.values as Values, akasser)];
    yield problems.length > 0 ? { linje: line.line, grund: problems.join('; ') } : toLinje(line);
  }
}

function* problemsOf(values: Values, akasser: ReadonlySet<string>): Generator<string> {
  if (readPersonnummer(values.personnummer) === undefined) {
    yield 'personnummer must be ten digits of which the first four are a possible day and month';
  }
  if (!akasser.has(values.akasse)) yield 'akasse is not in the list of a-kasser';
  if (!isDate(values.start)) yield 'start must be an existing date YYYY-MM-DD';
  for (const column of ['slut', 'efterloen'] as const) {
    if (values[column] !== '' && !isDate(values[column]))
      yield `${column} must be an existing date YYYY-MM-DD, or empty`;
  }
  if (isDate(values.slut) && isDate(values.start) && values.slut < values.start) yield 'slut is before start';
  if (values.afgangsaarsag !== '' && !Object.hasOwn(AFGANGSAARSAGER, values.afgangsaarsag)) {
    yield `afgangsaarsag must be one of ${Object.keys(AFGANGSAARSAGER).join(', ')}, or empty`;
  }
  if (values.tilbagekaldt !== '' && values.tilbagekaldt !== 'true')
    yield 'tilbagekaldt must be true or empty';
}

const isDate = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text) && readDato(text) !== undefined;

function toLinje({ line, values }: CsvRecord): MedlemskabLinje {
  const { personnummer, akasse, start, slut, afgangsaarsag, efterloen, tilbagekaldt } = values as Values;
  return {
    linje: line,
    personnummer: readPersonnummer(personnummer)!,
    akasse: akasse as AkasseKode,
    start: readDato(start)!,
    ...(slut && { slut: readDato(slut)! }),
    ...(efterloen && { efterloen: readDato(efterloen)! }),
    ...(afgangsaarsag && { afgangsaarsag }),
    tilbagekaldt: tilbagekaldt === 'true',
  };
}

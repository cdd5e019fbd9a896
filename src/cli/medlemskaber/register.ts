// Reads the file of the membership register: every line checked by itself, every bad one found.

import { readDato } from '../../domain/dato.ts';
import type { AkasseKode } from '../../domain/medlemskab.ts';
import { readPersonnummer } from '../../domain/personnummer.ts';
import type { MedlemskabLinje } from '../../store/store.ts';
import { type BadLine, type CsvRecord, readCsv } from '../csv.ts';

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

const AFGANGSAARSAGER = ['S', 'K', 'E', 'U', 'A', 'F', 'O', 'B', 'D'];

/** Reads and checks each line by itself; how they stand to each other is judged by the store. */
export function readRegister(
  bytes: Uint8Array,
  akasser: ReadonlySet<string>,
): { linjer: MedlemskabLinje[]; bad: BadLine[] } {
  const content = readCsv(bytes, MEDLEMSKAB_COLUMNS);
  const bad = [...content.bad];
  const linjer: MedlemskabLinje[] = [];
  for (const record of content.records) {
    const problems = [...problemsOf(record.values as Values, akasser)];
    if (problems.length > 0) bad.push({ line: record.line, reason: problems.join('; ') });
    else linjer.push(toLinje(record));
  }
  return { linjer, bad: bad.sort((a, b) => a.line - b.line) };
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
  if (values.afgangsaarsag !== '' && !AFGANGSAARSAGER.includes(values.afgangsaarsag)) {
    yield `afgangsaarsag must be one of ${AFGANGSAARSAGER.join(', ')}, or empty`;
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

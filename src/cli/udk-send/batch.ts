// Reads UDK's batch file. It is taken whole or refused whole: every bad line is found before anything is sent.

import { isGuid } from '../../contract/guid.ts';
import type { SaveTidligPensionRequest } from '../../contract/messages.ts';
import { UNSET_DATE, UNSET_GUID } from '../../contract/unset-values.ts';
import { readDato } from '../../domain/dato.ts';
import { readPersonnummer, UKENDT_PERSONNUMMER } from '../../domain/personnummer.ts';
import { type BadLine, type CsvRecord, readCsv } from '../csv.ts';

/** One indberetning of a batch. Without an identifier it begins a new forløb and gets one before it is sent. */
export interface BatchLine {
  readonly line: number;
  readonly reference: string;
  readonly request: SaveTidligPensionRequest;
}

export type Batch =
  | { readonly ok: true; readonly lines: readonly BatchLine[] }
  | { readonly ok: false; readonly bad: readonly BadLine[] };

/** The columns of a batch file. */
export const BATCH_COLUMNS = [
  'reference',
  'personnummer',
  'tidligPensionIdentifier',
  'overgangsdato',
  'afgoerelsesdato',
  'ophoersdato',
  'kompensationsafgoerelsesdato',
] as const;

type Values = Readonly<Record<(typeof BATCH_COLUMNS)[number], string>>;

const DATE_COLUMNS = [
  'overgangsdato',
  'afgoerelsesdato',
  'ophoersdato',
  'kompensationsafgoerelsesdato',
] as const;

/** Reads and checks the bytes of a batch file. What only the service can judge (rules) is left to it. */
export function readBatch(bytes: Uint8Array): Batch {
  const content = readCsv(bytes, BATCH_COLUMNS);
  const bad = [...content.bad];
  const lines: BatchLine[] = [];
  const firstLineOf = new Map<string, number>();
  for (const record of content.records) {
    const values = record.values as Values;
    const problems = [...problemsOf(values)];
    const before = firstLineOf.get(values.reference);
    if (before !== undefined) problems.push(`reference is the same as on line ${before}`);
    else firstLineOf.set(values.reference, record.line);
    if (problems.length > 0) bad.push({ line: record.line, reason: problems.join('; ') });
    else lines.push(toLine(record, values));
  }
  if (bad.length > 0) return { ok: false, bad: bad.sort((a, b) => a.line - b.line) };
  return { ok: true, lines };
}

function* problemsOf(values: Values): Generator<string> {
  if (values.reference.trim() === '') yield 'reference is empty';
  if (readPersonnummer(values.personnummer) === undefined && values.personnummer !== UKENDT_PERSONNUMMER) {
    yield 'personnummer must be ten digits of which the first four are a possible day and month';
  }
  const id = values.tidligPensionIdentifier;
  if (id !== '' && (!isGuid(id) || id === UNSET_GUID))
    yield 'tidligPensionIdentifier must be a GUID, not all zeros, or empty';
  for (const column of DATE_COLUMNS) {
    const text = values[column];
    if (
      text !== '' &&
      (!/^\d{4}-\d{2}-\d{2}$/.test(text) || readDato(text) === undefined || UNSET_DATE.test(text))
    ) {
      yield `${column} must be an existing date YYYY-MM-DD, or empty`;
    }
  }
  if ((values.overgangsdato === '') !== (values.afgoerelsesdato === '')) {
    yield 'overgangsdato and afgoerelsesdato belong together: both or neither';
  }
  if (values.ophoersdato !== '' && values.overgangsdato === '') yield 'ophoersdato needs an overgangsdato';
}

const toLine = ({ line }: CsvRecord, values: Values): BatchLine => ({
  line,
  reference: values.reference,
  request: {
    Personnummer: values.personnummer,
    ...(values.tidligPensionIdentifier && {
      TidligPensionIdentifier: values.tidligPensionIdentifier.toLowerCase(),
    }),
    ...(values.overgangsdato && {
      OvergangTilTidligPension: {
        TidligPensionOvergangsdato: values.overgangsdato,
        TidligPensionAfgoerelsesdato: values.afgoerelsesdato,
        ...(values.ophoersdato && { TidligPensionOphoersdato: values.ophoersdato }),
      },
    }),
    ...(values.kompensationsafgoerelsesdato && {
      Kompensationsudbetaling: { Kompensationsafgoerelsesdato: values.kompensationsafgoerelsesdato },
    }),
  },
});

// Reading and writing CSV by RFC 4180: with or without byte order mark, LF or CRLF, quotes where they are needed.

import { isUtf8 } from 'node:buffer';
import { parse } from 'csv-parse/sync';

/** One record by column name, with the line of the file it begins on, counted from 1. */
export interface CsvRecord {
  readonly line: number;
  readonly values: Readonly<Record<string, string>>;
}

/** A line that cannot be used, and why. The reason never repeats a personnummer. */
export interface BadLine {
  readonly line: number;
  readonly reason: string;
}

/** Records that could be read and lines that could not. */
export interface CsvContent {
  readonly records: readonly CsvRecord[];
  readonly bad: readonly BadLine[];
}

/** Reads the text of a file whose first line names exactly the given columns, in any order. */
export function readCsv(bytes: Uint8Array, columns: readonly string[]): CsvContent {
  if (!isUtf8(bytes)) return { records: [], bad: [{ line: 1, reason: 'the file is not UTF-8' }] };
  const bad: BadLine[] = [];
  const rows = parse(Buffer.from(bytes), {
    bom: true,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    on_skip: (error) => {
      bad.push({
        line: Number(error?.lines ?? 0),
        reason: `the quotes are not as in RFC 4180 (${error?.code})`,
      });
      return undefined;
    },
  }) as unknown as { record: string[]; info: { lines: number } }[];
  const [header, ...rest] = rows;
  const problem =
    header === undefined
      ? 'the file is empty; expected a header line'
      : headerProblem(header.record, columns);
  if (header === undefined || problem !== undefined)
    return { records: [], bad: [{ line: 1, reason: problem! }, ...bad] };
  const records: CsvRecord[] = [];
  let line = header.info.lines + 1;
  for (const { record, info } of rest) {
    // `info.lines` is where the record ends; it begins after the one before.
    const begins = record.some((value) => value.includes('\n')) ? line : info.lines;
    line = info.lines + 1;
    if (record.length !== columns.length) {
      bad.push({ line: begins, reason: `it has ${record.length} fields; expected ${columns.length}` });
    } else {
      records.push({
        line: begins,
        values: Object.fromEntries(header.record.map((name, at) => [name, record[at]!])),
      });
    }
  }
  return { records, bad };
}

function headerProblem(header: readonly string[], columns: readonly string[]): string | undefined {
  const missing = columns.filter((column) => !header.includes(column));
  const unknown = header.filter((column) => !columns.includes(column));
  if (missing.length === 0 && unknown.length === 0 && header.length === columns.length) return undefined;
  return `the header line must be ${columns.join(',')}${missing.length > 0 ? `; missing: ${missing.join(', ')}` : ''}${
    unknown.length > 0 ? `; unknown: ${unknown.length} column(s)` : ''
  }`;
}

/** One line of CSV, with its line end. */
export const csvLine = (fields: readonly string[]): string => `${fields.map(csvField).join(',')}\n`;

const csvField = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

// Reading and writing CSV by RFC 4180: with or without byte order mark, LF or CRLF, quotes where they are needed.
// Our own reader, for the promise is that every bad line is found and named by the number an editor shows: after a
// mistake it goes on with the next line, where readers in libraries lose count or stop.

import { isUtf8 } from 'node:buffer';

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

/** Reads the bytes of a file whose first line names exactly the given columns, in any order. */
export function readCsv(bytes: Uint8Array, columns: readonly string[]): CsvContent {
  if (!isUtf8(bytes)) return { records: [], bad: [{ line: 1, reason: 'the file is not UTF-8' }] };
  const rows = readRows(new TextDecoder('utf-8').decode(bytes));
  const header = rows.next().value;
  if (header === undefined) {
    return { records: [], bad: [{ line: 1, reason: 'the file is empty; expected a header line' }] };
  }
  const problem = header.problem ?? headerProblem(header.fields, columns);
  if (problem !== undefined) return { records: [], bad: [{ line: header.line, reason: problem }] };
  const records: CsvRecord[] = [];
  const bad: BadLine[] = [];
  for (const { line, fields, problem } of rows) {
    if (problem !== undefined) bad.push({ line, reason: problem });
    else if (fields.length !== columns.length) {
      bad.push({ line, reason: `it has ${fields.length} fields; expected ${columns.length}` });
    } else {
      records.push({
        line,
        values: Object.fromEntries(header.fields.map((name, at) => [name, fields[at]!])),
      });
    }
  }
  return { records, bad };
}

interface Row {
  readonly line: number;
  readonly fields: readonly string[];
  readonly problem?: string;
}

const UNQUOTED = /[^",\r\n]*/y;
const LINE_END = /\r?\n|$/y;
const QUOTES = 'the quotes are not as in RFC 4180';

/** The rows of a text; empty lines are none. A row with a problem ends at the end of its first line. */
function* readRows(text: string): Generator<Row, undefined> {
  let line = 1;
  for (let at = 0; at < text.length; ) {
    const start = at;
    const { fields, end, problem } = readRow(text, start);
    const isEmpty = problem === undefined && fields.length === 1 && fields[0] === '';
    if (!isEmpty) yield { line, fields, ...(problem !== undefined && { problem }) };
    at = problem === undefined ? end : nextLine(text, start);
    line += countLineEnds(text, start, at);
  }
  return undefined;
}

function readRow(text: string, start: number): { fields: string[]; end: number; problem?: string } {
  const fields: string[] = [];
  for (let at = start; ; at += 1) {
    const isQuoted = text[at] === '"';
    const end = isQuoted ? closingQuote(text, at) : at + matchAt(UNQUOTED, text, at)![0].length;
    if (end < 0) return { fields, end: at, problem: `${QUOTES}: one is opened and never closed` };
    fields.push(isQuoted ? text.slice(at + 1, end - 1).replaceAll('""', '"') : text.slice(at, end));
    at = end;
    const lineEnd = matchAt(LINE_END, text, at);
    if (lineEnd !== null) return { fields, end: at + lineEnd[0].length };
    if (text[at] !== ',')
      return { fields, end: at, problem: `${QUOTES}, or a lone carriage return stands in it` };
  }
}

/** Behind the quote that closes the one at `at`; two in a row stand for one inside. -1 when it never is closed. */
function closingQuote(text: string, at: number): number {
  let quote = text.indexOf('"', at + 1);
  while (quote >= 0 && text[quote + 1] === '"') quote = text.indexOf('"', quote + 2);
  return quote < 0 ? -1 : quote + 1;
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

const nextLine = (text: string, at: number): number => {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end + 1;
};

function countLineEnds(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf('\n', from); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
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

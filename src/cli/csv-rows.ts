// From bytes to the rows of a CSV file by RFC 4180, in pieces, so that a file of any size takes little memory. Our own
// reader, for the promise is that every bad line is found and named by the number an editor shows: after a mistake it
// goes on with the next line, where readers in libraries lose count or stop.
//
// Bytes are looked at as if they were Latin-1: what separates and quotes is ASCII, which in UTF-8 is never part of
// another character. So fields are decoded when they are found, and a byte that is wrong spoils its row only.

import { isUtf8 } from 'node:buffer';

/** One row of the file, with the line it begins on, counted from 1; with a problem it cannot be used. */
export interface Row {
  readonly line: number;
  readonly fields: readonly string[];
  readonly problem?: string;
}

/** Bytes of a row at most, without its line end: a quote that is never closed must not bring the file into memory. */
export const MAX_ROW = 65_536;

/** Bytes from the start of a row that decide what it is: the longest one, and its line end. */
const DECISIVE = MAX_ROW + 2;
const BOM = '\u00EF\u00BB\u00BF';
const QUOTES = 'the quotes are not as in RFC 4180';

/**
 * The rows of a file that comes in chunks, cut anywhere; empty lines are none. After a row that is not well formed it
 * goes on behind the first line of that row.
 */
export function* readRows(chunks: Iterable<Uint8Array>): Generator<Row, undefined> {
  const source = chunks[Symbol.iterator]();
  let text = ''; // what is read and not yet used begins at `at`
  let at = 0;
  let isAll = false;
  const readMore = (): void => {
    const { value, done = false } = source.next();
    isAll = done;
    if (value !== undefined) text = text.slice(at) + latin1(value);
    else text = text.slice(at);
    at = 0;
  };

  while (text.length < BOM.length && !isAll) readMore();
  if (text.startsWith(BOM)) at = BOM.length;
  for (let line = 1; ; ) {
    let row = plainRow(text, at);
    while (row === undefined && !isAll && text.length - at < DECISIVE) {
      readMore();
      row = plainRow(text, at);
    }
    if (at === text.length) return undefined;
    row ??= anyRow(text.slice(at, at + DECISIVE));
    if (row.problem === undefined) {
      const { fields, problem } = decoded(row);
      const isEmpty = fields.length === 1 && fields[0] === '';
      if (problem !== undefined) yield { line, fields, problem };
      else if (!isEmpty) yield { line, fields };
      at += row.length;
      line += row.lineEnds;
    } else {
      yield { line, fields: [], problem: row.problem };
      let lineEnd = text.indexOf('\n', at);
      while (lineEnd < 0 && !isAll) {
        at = text.length;
        readMore();
        lineEnd = text.indexOf('\n');
      }
      at = lineEnd < 0 ? text.length : lineEnd + 1;
      line += 1;
    }
  }
}

const latin1 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');

/** A row as it is found: its fields not decoded yet, and how long it is, its line end included. */
interface FoundRow {
  readonly fields: readonly string[];
  readonly length: number;
  readonly lineEnds: number;
  readonly problem?: string;
}

/** The row that begins there if it is one line, all there, without quotes: nearly all rows of a large file. */
function plainRow(text: string, start: number): FoundRow | undefined {
  const lineEnd = text.indexOf('\n', start);
  if (lineEnd < 0) return undefined;
  const isCrLf = lineEnd > start && text.charCodeAt(lineEnd - 1) === 13;
  const line = text.slice(start, isCrLf ? lineEnd - 1 : lineEnd);
  if (line.length > MAX_ROW || line.includes('"') || line.includes('\r')) return undefined;
  return { fields: line.split(','), length: lineEnd + 1 - start, lineEnds: 1 };
}

const UNQUOTED = /[^",\r\n]*/y;
const LINE_END = /\r?\n|$/y;

/** Any row that begins the text, which holds the decisive bytes of it, or all that are left. */
export function anyRow(text: string): FoundRow {
  const fields: string[] = [];
  for (let at = 0; ; at += 1) {
    const isQuoted = text[at] === '"';
    const end = isQuoted ? closingQuote(text, at) : at + matchAt(UNQUOTED, text, at)![0].length;
    if (end > MAX_ROW) return malformed(`it is longer than ${MAX_ROW} bytes`);
    if (end < 0) {
      const isLong = text.length > MAX_ROW;
      return malformed(
        isLong ? `it is longer than ${MAX_ROW} bytes` : `${QUOTES}: one is opened and never closed`,
      );
    }
    fields.push(isQuoted ? text.slice(at + 1, end - 1).replaceAll('""', '"') : text.slice(at, end));
    at = end;
    const lineEnd = matchAt(LINE_END, text, at);
    if (lineEnd !== null) {
      const length = at + lineEnd[0].length;
      return { fields, length, lineEnds: countLineEnds(text, length) };
    }
    if (text[at] !== ',') return malformed(`${QUOTES}, or a lone carriage return stands in it`);
  }
}

const malformed = (problem: string): FoundRow => ({ fields: [], length: 0, lineEnds: 0, problem });

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

function countLineEnds(text: string, to: number): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}

const NOT_ASCII = /[\u0080-\u00FF]/;

/** The fields as the text they are in UTF-8. */
function decoded({ fields }: FoundRow): Pick<Row, 'fields' | 'problem'> {
  if (!fields.some((field) => NOT_ASCII.test(field))) return { fields };
  const bytes = fields.map((field) => Buffer.from(field, 'latin1'));
  if (!bytes.every(isUtf8)) return { fields: [], problem: 'it is not UTF-8' };
  return { fields: bytes.map((field) => field.toString('utf8')) };
}

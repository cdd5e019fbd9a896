// Reading and writing CSV files with a header line: records by column name, and the lines that cannot be used.

import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { readRows } from './csv-rows.ts';

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

/** Bytes that are read from a file at a time. */
const CHUNK = 1_048_576;

/** Reads the bytes of a file whose first line names exactly the given columns, in any order. */
export function readCsv(bytes: Uint8Array, columns: readonly string[]): CsvContent {
  const records: CsvRecord[] = [];
  const bad: BadLine[] = [];
  for (const line of readRecords([bytes], columns)) {
    if ('reason' in line) bad.push(line);
    else records.push(line);
  }
  return { records, bad };
}

/** The same, of a file that comes in chunks, each line as it is read. After a bad header line comes nothing. */
export function* readRecords(
  chunks: Iterable<Uint8Array>,
  columns: readonly string[],
): Generator<CsvRecord | BadLine> {
  const rows = readRows(chunks);
  const header = rows.next().value;
  if (header === undefined) {
    yield { line: 1, reason: 'the file is empty; expected a header line' };
    return;
  }
  const problem = header.problem ?? headerProblem(header.fields, columns);
  if (problem !== undefined) {
    yield { line: header.line, reason: problem };
    return;
  }
  for (const { line, fields, problem } of rows) {
    if (problem !== undefined) yield { line, reason: problem };
    else if (fields.length !== columns.length) {
      yield { line, reason: `it has ${fields.length} fields; expected ${columns.length}` };
    } else yield { line, values: byName(header.fields, fields) };
  }
}

function byName(names: readonly string[], fields: readonly string[]): Record<string, string> {
  const values: Record<string, string> = {};
  for (let at = 0; at < names.length; at += 1) values[names[at]!] = fields[at]!;
  return values;
}

/** A file that is read in chunks, in little memory. Its errors are those of `node:fs`. */
export interface ChunkedFile {
  /** Bytes; 0 for what is no regular file. */
  readonly size: number;
  /** From the beginning, once; each is good until the next is asked for. `onRead` hears how many bytes were read. */
  chunks(onRead?: (bytes: number) => void): Generator<Uint8Array>;
  close(): void;
}

/** Opens a file to be read in chunks. */
export function openChunked(file: string): ChunkedFile {
  const descriptor = openSync(file, 'r');
  const stat = fstatSync(descriptor);
  if (stat.isDirectory()) throw new Error('it is a folder');
  return {
    size: stat.size,
    *chunks(onRead) {
      const chunk = Buffer.alloc(CHUNK);
      for (let total = 0; ; ) {
        const length = readSync(descriptor, chunk);
        if (length === 0) return;
        total += length;
        onRead?.(total);
        yield chunk.subarray(0, length);
      }
    },
    close: () => closeSync(descriptor),
  };
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

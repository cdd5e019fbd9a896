// Reads an exported trail from its file, JSON or CSV, line by line, and its two ends without what lies between.

import { isUtf8 } from 'node:buffer';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { openChunked, readRecords } from '../csv.ts';
import { CommandFailed } from '../outcome.ts';
import { EXPORT_COLUMNS, readCsvRecord } from './export-csv.ts';
import { type ExportLine, readJsonLine } from './export-line.ts';

/** What the first line of an export says. */
export type Head = Extract<ExportLine, { export: unknown }>['export'];
/** What its last line says. */
export type End = Extract<ExportLine, { end: unknown }>['end'];

/** Bytes in which the last line of an export is found. */
const TAIL = 4_096;
/** Bytes of a line at most: no line of an export comes near it. */
const MAX_LINE = 1_048_576;
const LINE_FEED = 10;

/** Reads the first and the last line. Throws CommandFailed when the file is no export, or was cut off. */
export function readEnds(file: string): { head: Head; end: End } {
  try {
    const head = firstOf(lines(file));
    if (head === undefined || !('export' in head)) {
      throw new CommandFailed(
        `${file} is not an export of the audit trail: its first line says nothing of one.`,
      );
    }
    const text = lastLine(file);
    const end = isJson(file) ? readJsonLine(text) : firstOf(csvLines([Buffer.from(`${HEADER}${text}\n`)]));
    if (end === undefined || !('end' in end)) {
      throw new CommandFailed(`${file} is cut off: its last line is missing. Export it again.`);
    }
    return { head: head.export, end: end.end };
  } catch (error) {
    if (error instanceof CommandFailed) throw error;
    throw new CommandFailed(`${file} cannot be read: ${(error as Error).message}.`);
  }
}

const HEADER = `${EXPORT_COLUMNS.join(',')}\n`;

function firstOf<T>(items: Iterable<T>): T | undefined {
  for (const item of items) return item;
  return undefined;
}

/**
 * Every line, in order. Throws CommandFailed, with the number of the line, for what is no line of an export, or not in
 * its place.
 */
export function* readLines(file: string): Generator<ExportLine, undefined> {
  let number = 0;
  let isOver = false;
  for (const line of lines(file)) {
    number += 1;
    if (line === undefined || 'export' in line !== (number === 1) || isOver) {
      throw new CommandFailed(
        `${file}: record ${number} is not one of an export; the file has been changed.`,
      );
    }
    isOver = 'end' in line;
    yield line;
  }
  return undefined;
}

/** Lines of a file in either form; undefined for what is none. */
function* lines(file: string): Generator<ExportLine | undefined> {
  const chunked = openChunked(file);
  try {
    yield* isJson(file) ? jsonLines(chunked.chunks()) : csvLines(chunked.chunks());
  } finally {
    chunked.close();
  }
}

function* csvLines(chunks: Iterable<Uint8Array>): Generator<ExportLine | undefined> {
  for (const record of readRecords(chunks, EXPORT_COLUMNS))
    yield 'values' in record ? readCsvRecord(record.values) : undefined;
}

/** Ended by a line feed, with or without a carriage return before it, and by nothing else: names hold other ends. */
function* jsonLines(chunks: Iterable<Uint8Array>): Generator<ExportLine | undefined> {
  let rest = Buffer.alloc(0);
  for (const chunk of chunks) {
    const bytes = Buffer.concat([rest, chunk]);
    let at = 0;
    for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, at)) {
      yield jsonLine(bytes.subarray(at, end));
      at = end + 1;
    }
    rest = bytes.subarray(at);
    if (rest.length > MAX_LINE) {
      yield undefined;
      return;
    }
  }
  if (rest.length > 0) yield jsonLine(rest);
}

const jsonLine = (bytes: Buffer): ExportLine | undefined =>
  isUtf8(bytes) ? readJsonLine(bytes.toString().replace(/\r$/, '')) : undefined;

const isJson = (file: string): boolean => readPart(file, 0, 1) === '{';

function lastLine(file: string): string {
  const tail = readPart(file, -TAIL, TAIL).trimEnd();
  return tail.slice(tail.lastIndexOf('\n') + 1);
}

/** Bytes of a file as text; a negative position counts from the end. */
function readPart(file: string, position: number, length: number): string {
  const descriptor = openSync(file, 'r');
  try {
    const from = position < 0 ? Math.max(0, fstatSync(descriptor).size + position) : position;
    const bytes = Buffer.alloc(length);
    return bytes.subarray(0, readSync(descriptor, bytes, 0, length, from)).toString();
  } finally {
    closeSync(descriptor);
  }
}

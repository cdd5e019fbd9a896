// Reads an exported trail from its file, JSON or CSV, line by line, and its two ends without what lies between.

import { closeSync, createReadStream, fstatSync, openSync, readSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { openChunked, readRecords } from '../csv.ts';
import { CommandFailed } from '../outcome.ts';
import { EXPORT_COLUMNS, ofCsvRecord } from './export-csv.ts';
import { type ExportLine, readExportLine } from './export-line.ts';

/** What the first line of an export says. */
export type Head = Extract<ExportLine, { export: unknown }>['export'];
/** What its last line says. */
export type End = Extract<ExportLine, { end: unknown }>['end'];

/** Bytes in which the last line of an export is found. */
const TAIL = 4_096;

/** Reads the first and the last line. Throws CommandFailed when the file is no export, or was cut off. */
export async function readEnds(file: string): Promise<{ head: Head; end: End }> {
  const first = (await readLines(file).next()).value;
  if (first === undefined || !('export' in first)) {
    throw new CommandFailed(
      `${file} is not an export of the audit trail: its first line says nothing of one.`,
    );
  }
  const text = lastLine(file);
  const last = readExportLine(isJson(file) ? parse(text) : ofLastRecord(text));
  if (last === undefined || !('end' in last)) {
    throw new CommandFailed(`${file} is cut off: its last line is missing. Export it again.`);
  }
  return { head: first.export, end: last.end };
}

/** Every line, in order. Throws CommandFailed, with the number of the line, for what is no line of an export. */
export async function* readLines(file: string): AsyncGenerator<ExportLine, undefined> {
  let number = 0;
  for await (const value of isJson(file) ? jsonValues(file) : csvValues(file)) {
    number += 1;
    const line = readExportLine(value);
    if (line === undefined) {
      throw new CommandFailed(
        `${file}: record ${number} is not one of an export; the file has been changed.`,
      );
    }
    yield line;
  }
  return undefined;
}

async function* jsonValues(file: string): AsyncGenerator<unknown> {
  for await (const text of createInterface({ input: createReadStream(file), crlfDelay: 1_000 })) {
    if (text !== '') yield parse(text);
  }
}

function* csvValues(file: string): Generator<unknown> {
  const chunked = openChunked(file);
  try {
    for (const record of readRecords(chunked.chunks(), EXPORT_COLUMNS)) {
      yield 'values' in record ? ofCsvRecord(record.values) : undefined;
    }
  } finally {
    chunked.close();
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The last line of a CSV export, read as if it stood right behind the header line. */
function ofLastRecord(text: string): unknown {
  const bytes = Buffer.from(`${EXPORT_COLUMNS.join(',')}\n${text}\n`);
  const record = readRecords([bytes], EXPORT_COLUMNS).next().value;
  return record !== undefined && 'values' in record ? ofCsvRecord(record.values) : undefined;
}

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

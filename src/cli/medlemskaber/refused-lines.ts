// Reports the lines of a register that cannot be used: for people on standard error, and as CSV where that is asked
// for. Written in pieces, for there may be as many as the file has lines.

import { closeSync, openSync, readSync, statSync, writeSync } from 'node:fs';
import type { AfvistLinje } from '../../store/store.ts';
import { csvLine } from '../csv.ts';
import { CommandFailed } from '../outcome.ts';

/** The columns of the file that `--errors` names. */
export const ERROR_COLUMNS = ['line', 'reason'] as const;

/** Lines that are written together. */
const PIECE = 1_000;

/** Where refused lines go. */
export interface RefusedLines {
  /** Reports them all, in the order given. */
  report(file: string, linjer: AsyncIterable<AfvistLinje>): Promise<void>;
  close(): void;
}

/**
 * Makes the reporter, and the CSV file with its header line if one is named, so that a file which cannot be written
 * is found out before anything is done.
 */
export function openRefusedLines(errorsFile: string | undefined): RefusedLines {
  const csv = errorsFile === undefined ? undefined : create(errorsFile);
  if (csv !== undefined) writeSync(csv, csvLine(ERROR_COLUMNS));
  return {
    async report(file, linjer) {
      for await (const piece of piecesOf(linjer)) {
        await print(piece.map(({ linje, grund }) => `${file}:${linje}: ${grund}\n`).join(''));
        if (csv !== undefined) {
          writeSync(csv, piece.map(({ linje, grund }) => csvLine([String(linje), grund])).join(''));
        }
      }
    },
    close: () => {
      if (csv !== undefined) closeSync(csv);
    },
  };
}

/** Waits until it is written and let go of, a turn later: until then it stays in memory. */
const print = (text: string): Promise<void> =>
  new Promise((resolve) => process.stderr.write(text, () => setImmediate(resolve)));

/** Makes the file, or writes anew what is such a list already; nothing else is written over. */
function create(file: string): number {
  try {
    if (isListOfErrors(file)) return openSync(file, 'w');
  } catch (error) {
    throw new CommandFailed(`The file ${file} cannot be written (${(error as Error).message}).`);
  }
  throw new CommandFailed(`The file ${file} is there and is no list of bad lines; name another one.`);
}

function isListOfErrors(file: string): boolean {
  if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) return true; // made, or refused, when it is opened
  const header = csvLine(ERROR_COLUMNS);
  const descriptor = openSync(file, 'r');
  try {
    const found = Buffer.alloc(header.length);
    const length = readSync(descriptor, found);
    return length === 0 || found.subarray(0, length).toString() === header;
  } finally {
    closeSync(descriptor);
  }
}

async function* piecesOf<T>(items: AsyncIterable<T>): AsyncGenerator<T[]> {
  let piece: T[] = [];
  for await (const item of items) {
    if (piece.push(item) < PIECE) continue;
    yield piece;
    piece = [];
  }
  if (piece.length > 0) yield piece;
}

// Reads a file of beskeder as it may be after a kill or a power cut: which beskeder it has, and up to where it is whole.

import type { FileHandle } from 'node:fs/promises';
import { CommandFailed } from '../outcome.ts';
import { identifierOf, LINE_BEGIN } from './besked.ts';

/** What a file of beskeder holds. */
export interface ReadBeskeder {
  /** Every messageIdentifier, in lower case. */
  readonly known: Set<string>;
  /** Bytes up to the end of the last whole line. */
  readonly length: number;
  /** Bytes of the file; what is more than `length` is the torn end of it. */
  readonly size: number;
}

/**
 * Bytes that an interruption may have torn: what is written between two syncs is one answer, which is no longer than
 * this, and longer than its lines.
 */
const LONGEST_TAIL = 8_388_608;
const LINE_END = 0x0a;
const CHUNK = 1_048_576;

/**
 * Reads the file through. A last line without its end is not counted, nor is anything from the first line with NUL
 * bytes on, which a power cut leaves. Throws CommandFailed for every other line that is not a besked: `name` is how the
 * message names the file.
 */
export async function readBeskedFile(handle: FileHandle, name: string): Promise<ReadBeskeder> {
  const known = new Set<string>();
  const { size } = await handle.stat();
  let length = 0;
  let line = 1;
  for await (const bytes of linesOf(handle)) {
    if (bytes.includes(0)) break;
    const identifier = identifierOf(bytes.toString('utf8'));
    if (identifier === undefined) throw notBeskeder(name, line);
    known.add(identifier.toLowerCase());
    length += bytes.length + 1;
    line += 1;
  }
  if (!(await isTorn(handle, length, size))) throw notBeskeder(name, line);
  return { known, length, size };
}

/** The lines that have their end, without it. */
async function* linesOf(handle: FileHandle): AsyncGenerator<Buffer> {
  const chunk = Buffer.alloc(CHUNK);
  let begun: Buffer = Buffer.alloc(0);
  for (let position = 0; begun.length <= LONGEST_TAIL; ) {
    const { bytesRead } = await handle.read(chunk, 0, CHUNK, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    const bytes = Buffer.concat([begun, chunk.subarray(0, bytesRead)]);
    let from = 0;
    for (let end = bytes.indexOf(LINE_END); end >= 0; end = bytes.indexOf(LINE_END, from)) {
      yield bytes.subarray(from, end);
      from = end + 1;
    }
    begun = bytes.subarray(from);
  }
}

/**
 * Whether what is left of a file is the torn end of an append of ours, so that it may be cut off. Anything else is
 * somebody's data: the wrong file was named, or the disk has lost what it had.
 */
async function isTorn(handle: FileHandle, from: number, size: number): Promise<boolean> {
  if (size - from > LONGEST_TAIL) return false;
  const tail = Buffer.alloc(size - from);
  await handle.read(tail, 0, tail.length, from);
  const nul = tail.indexOf(0);
  const head = tail.subarray(0, nul < 0 ? tail.length : nul).toString('latin1');
  const isOurs = head.startsWith(LINE_BEGIN) || LINE_BEGIN.startsWith(head);
  return isOurs && tail.every((byte) => byte === 0 || byte === LINE_END || byte >= 0x20);
}

const notBeskeder = (name: string, line: number): CommandFailed =>
  new CommandFailed(
    `${name}:${line}: it is not a besked. Name another file, or correct the line; nothing was fetched.`,
  );

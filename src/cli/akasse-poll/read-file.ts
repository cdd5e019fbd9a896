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
  /** The last line is whole but for its line end, as an editor may leave it; it is among the known ones. */
  readonly lacksLineEnd: boolean;
}

/**
 * Bytes that an interruption may have torn: what is written between two syncs is one answer, which is no longer than
 * this, and longer than its lines.
 */
const LONGEST_TAIL = 8_388_608;
const LINE_END = 0x0a;
const CHUNK = 1_048_576;

/**
 * Reads the file through. A last line that an interruption has torn is not counted, nor are the NUL bytes that a power
 * cut leaves at the end. Throws CommandFailed for everything else that is not a besked: what stood there may never come
 * again, so nothing of it is cut off. `name` is how the message names the file.
 */
export async function readBeskedFile(handle: FileHandle, name: string): Promise<ReadBeskeder> {
  const known = new Set<string>();
  const { size } = await handle.stat();
  let length = 0;
  let line = 1;
  for await (const bytes of linesOf(handle)) {
    const identifier = identifierOf(bytes.toString('utf8'));
    if (identifier === undefined) throw bytes.includes(0) ? damaged(name, line) : notBeskeder(name, line);
    known.add(identifier.toLowerCase());
    length += bytes.length + 1;
    line += 1;
  }
  const tail = await readTail(handle, length, size);
  const last = tail && identifierOf(tail.toString('utf8'));
  if (last !== undefined) {
    known.add(last.toLowerCase());
    return { known, length: size, size, lacksLineEnd: true };
  }
  if (tail === undefined || !isTorn(tail))
    throw tail?.includes(0) ? damaged(name, line) : notBeskeder(name, line);
  return { known, length, size, lacksLineEnd: false };
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

/** What is left of the file from there on; undefined when that is more than an append can be. */
async function readTail(handle: FileHandle, from: number, size: number): Promise<Buffer | undefined> {
  if (size - from > LONGEST_TAIL) return undefined;
  const tail = Buffer.alloc(size - from);
  await handle.read(tail, 0, tail.length, from);
  return tail;
}

/** How a line of ours begins, as far as it goes. */
const TORN_LINE = new RegExp(`^${LINE_BEGIN.replaceAll(/[{"]/g, '\\$&')}[0-9a-f-]{0,36}(?:$|")`);

/**
 * Whether it is the torn end of an append of ours, so that it may be cut off: a line of ours that breaks off, and then
 * nothing, or nothing but NUL bytes. Anything else is somebody's data: the wrong file was named, or the disk has lost
 * what it had.
 */
function isTorn(tail: Buffer): boolean {
  const nul = tail.indexOf(0);
  const text = tail.subarray(0, nul < 0 ? tail.length : nul).toString('latin1');
  const isOurs = LINE_BEGIN.startsWith(text) || TORN_LINE.test(text);
  return isOurs && (nul < 0 || tail.subarray(nul).every((byte) => byte === 0));
}

const damaged = (name: string, line: number): CommandFailed =>
  new CommandFailed(
    `${name}:${line}: it is damaged: there are NUL bytes. Restore the file; or, if a power cut ended the last poll, cut it off before this line, for what was fetched then comes again. Nothing was fetched now.`,
  );

const notBeskeder = (name: string, line: number): CommandFailed =>
  new CommandFailed(
    `${name}:${line}: it is not a besked. Name another file, or correct the line; nothing was fetched.`,
  );

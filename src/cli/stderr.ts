// Standard error as a place for log lines. Those of one turn of the event loop are written together: calls that were in
// one transaction are answered together, and each write may wake whoever reads. Lines may fail: on a full disk they are
// lost, and the service goes on. How many were lost is the first thing that is written when there is room again.

import { fstatSync, writeSync } from 'node:fs';
import { Writable } from 'node:stream';

const STDERR = 2;
const NEWLINE = 0x0a;

/** Where lines go. */
export interface Lines {
  /**
   * Takes lines, each with its end; they are written after this turn of the event loop, or when the process ends by
   * itself. What ends it from outside at once (a second SIGTERM, SIGKILL) takes those of that turn with it.
   */
  readonly stream: Writable;
  /** Writes at once what has been taken. */
  flush(): void;
}

/** Writes lines to standard error. Throws nothing. */
export function stderrLines(): Lines {
  const file = isPlainFile() ? new LossyFile() : undefined;
  // A pipe whose reader has gone: nobody is there to be told.
  if (file === undefined) process.stderr.on('error', () => undefined);
  const lines = gatherLines((text) => (file ?? process.stderr).write(text));
  process.on('exit', lines.flush);
  return lines;
}

function isPlainFile(): boolean {
  const stat = fstatSync(STDERR);
  return stat.isFile() || (stat.isCharacterDevice() && !process.stderr.isTTY);
}

/** Bytes that a pipe takes as a whole: lines of several processes in it do not mix. */
const WHOLE = 4_096;

/** Gives lines that come in one turn of the event loop to `write` together, as many as a pipe takes as a whole. */
export function gatherLines(write: (text: string) => void): Lines {
  const lines: string[] = [];
  const flush = (): void => {
    let text = '';
    let bytes = 0;
    for (const line of lines.splice(0)) {
      const more = Buffer.byteLength(line);
      if (bytes > 0 && bytes + more > WHOLE) {
        write(text);
        text = '';
        bytes = 0;
      }
      text += line;
      bytes += more;
    }
    if (bytes > 0) write(text);
  };
  const stream = new Writable({
    decodeStrings: false,
    write(line: string, _encoding, done) {
      if (lines.push(line) === 1) setImmediate(flush);
      done();
    },
  });
  return { stream, flush };
}

/** Unlike process.stderr, it is not ended by the first line that cannot be written. */
class LossyFile {
  #lost = 0;
  /** Whether the last thing in the file is a part of a line. */
  #isTorn = false;

  write(text: string): void {
    if (this.#lost > 0) {
      const line = JSON.stringify({ level: 'error', message: LOST, lost: this.#lost });
      if (this.#writeLines(`${this.#isTorn ? '\n' : ''}${line}\n`) > 0) {
        this.#lost += linesIn(Buffer.from(text)); // nothing goes before it
        return;
      }
      this.#lost = 0;
    }
    this.#lost += this.#writeLines(text);
  }

  /** Gives how many lines of the text are not whole in the file. */
  #writeLines(text: string): number {
    const bytes = Buffer.from(text);
    let at = 0;
    try {
      while (at < bytes.length) at += writeSync(STDERR, bytes, at);
    } catch {
      // It is told when there is room.
    }
    if (at > 0) this.#isTorn = bytes[at - 1] !== NEWLINE;
    return linesIn(bytes.subarray(at));
  }
}

/** How many lines end in those bytes. */
const linesIn = (bytes: Uint8Array): number => bytes.filter((byte) => byte === NEWLINE).length;

const LOST = 'log lines could not be written and are lost';

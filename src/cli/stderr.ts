// Standard error as a place for log lines that may fail: on a full disk lines are lost, and the service goes on. How many
// were lost is the first thing that is written when there is room again.

import { fstatSync, writeSync } from 'node:fs';
import { Writable } from 'node:stream';

const STDERR = 2;

/** Where log lines go. */
export function stderrStream(): Writable {
  if (isPlainFile()) return new LossyFile();
  // A pipe whose reader has gone: nobody is there to be told.
  process.stderr.on('error', () => undefined);
  return process.stderr;
}

function isPlainFile(): boolean {
  const stat = fstatSync(STDERR);
  return stat.isFile() || (stat.isCharacterDevice() && !process.stderr.isTTY);
}

/** Writes each line at once. Unlike process.stderr, it is not ended by the first line that cannot be written. */
class LossyFile extends Writable {
  #lost = 0;
  /** Whether the last thing in the file is a part of a line. */
  #isTorn = false;

  constructor() {
    super({ decodeStrings: true });
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    try {
      if (this.#lost > 0) {
        const line = JSON.stringify({ level: 'error', message: LOST, lost: this.#lost });
        this.#writeWhole(Buffer.from(`${this.#isTorn ? '\n' : ''}${line}\n`));
        this.#lost = 0;
      }
      this.#writeWhole(chunk);
    } catch {
      this.#lost += 1;
    }
    done();
  }

  #writeWhole(bytes: Buffer): void {
    for (let at = 0; at < bytes.length; ) {
      at += writeSync(STDERR, bytes, at);
      this.#isTorn = at < bytes.length;
    }
  }
}

const LOST = 'log lines could not be written and are lost';

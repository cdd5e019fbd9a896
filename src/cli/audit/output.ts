// Where a command writes what may be a million lines: standard output, no faster than it is read, or a new file.

import { closeSync, fsyncSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { CommandFailed } from '../outcome.ts';

export interface Output {
  write(text: string): Promise<void>;
  /** All has been written; without it the output is not whole. */
  end(): Promise<void>;
  /** Takes back what was written, where that can be done. */
  discard(): void;
}

/** Standard output was closed by its reader, as by `head`, before everything was written. */
export class OutputClosed extends CommandFailed {
  constructor() {
    super('standard output was closed before everything was written.');
  }
}

/** Characters that are written at a time. */
const CHUNK = 65_536;

/** Standard output. Its errors are those of `write` and `end`. */
export function standardOutput(): Output {
  process.stdout.on('error', () => undefined); // each is also given to the write it belongs to
  const flush = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      process.stdout.write(text, (error) => {
        if (error) reject(isClosed(error) ? new OutputClosed() : unwritten('standard output', error));
        else resolve();
      });
    });
  return { ...inChunks(flush), discard: () => undefined };
}

/** A file that does not exist yet, for the owner's eyes. Throws CommandFailed when it cannot be made. */
export function newFile(file: string): Output {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'wx', 0o600);
  } catch (error) {
    throw new CommandFailed(`${file} cannot be made (${(error as Error).message}); name a new file.`);
  }
  const { write, end } = inChunks(async (text) => {
    try {
      writeFileSync(descriptor, text);
    } catch (error) {
      throw unwritten(file, error as Error);
    }
  });
  return {
    write,
    async end() {
      await end();
      fsyncSync(descriptor);
      closeSync(descriptor);
    },
    discard() {
      closeSync(descriptor);
      rmSync(file, { force: true });
    },
  };
}

function inChunks(flush: (text: string) => Promise<void>): Pick<Output, 'write' | 'end'> {
  let waiting = '';
  const end = async (): Promise<void> => {
    const text = waiting;
    waiting = '';
    if (text !== '') await flush(text);
  };
  return {
    async write(text) {
      waiting += text;
      if (waiting.length >= CHUNK) await end();
    },
    end,
  };
}

const isClosed = (error: NodeJS.ErrnoException): boolean => error.code === 'EPIPE';

const unwritten = (name: string, error: Error): CommandFailed =>
  new CommandFailed(`${name} cannot be written: ${error.message}.`);

// A file that notices whoever opens it to read, however the system keeps times of access: a named pipe, with a thread
// behind it that gives each reader the secret, so that nobody waits, and counts.

import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import { tempDir } from '../support/temp.ts';

interface Watched {
  readonly file: string;
  readonly secret: string;
  /** How often a reader was there; and whether the thread shall end. */
  readonly flags: Int32Array;
}

/** The file, and how often it was opened to be read. */
export class SecretFile {
  readonly file = path.join(tempDir(), 'secret');
  readonly #flags = new Int32Array(new SharedArrayBuffer(8));
  readonly #thread: Worker;

  constructor(secret: string) {
    execFileSync('mkfifo', [this.file]);
    const workerData: Watched = { file: this.file, secret, flags: this.#flags };
    this.#thread = new Worker(new URL(import.meta.url), { workerData });
  }

  get timesRead(): number {
    return Atomics.load(this.#flags, 0);
  }

  async close(): Promise<void> {
    Atomics.store(this.#flags, 1, 1);
    await this.#thread.terminate();
  }
}

/** Opens the pipe to write again and again: that succeeds only when somebody has opened it to read. */
async function watch({ file, secret, flags }: Watched): Promise<void> {
  for (; Atomics.load(flags, 1) === 0; await sleep(2)) {
    try {
      const pipe = openSync(file, constants.O_WRONLY | constants.O_NONBLOCK);
      Atomics.add(flags, 0, 1);
      writeSync(pipe, secret);
      closeSync(pipe);
    } catch {
      // Nobody is there, or no more.
    }
  }
}

if (!isMainThread && workerData?.file !== undefined) await watch(workerData as Watched);

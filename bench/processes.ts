// The processes of a benchmark: none outlives it, however it ends, and none is waited for without limit.

import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** The program as it is installed; it runs what `make build` has compiled. */
export const PENSION = fileURLToPath(new URL('../bin/pension.js', import.meta.url));

/** Milliseconds that a process has to end in order. */
const PATIENCE = 20_000;
/** What a shell says of a command that was interrupted. */
const INTERRUPTED = 130;

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.once(signal, () => process.exit(INTERRUPTED));

/** Sees to it that a process ends with this one. */
export function keepTrackOf(child: ChildProcess): void {
  running.add(child);
  child.once('exit', () => running.delete(child));
  child.once('error', () => running.delete(child));
}

const hasEnded = (child: ChildProcess): boolean =>
  child.pid === undefined || child.exitCode !== null || child.signalCode !== null;

/** Ends a process: in order, or after a while by force. */
export async function end(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const force = setTimeout(() => child.kill('SIGKILL'), PATIENCE);
  await ended;
  clearTimeout(force);
}

/** Rejects when a promise is not settled within so many milliseconds. */
export async function within<T>(milliseconds: number, what: string, promise: Promise<T>): Promise<T> {
  const done = new AbortController();
  const late = sleep(milliseconds, undefined, { signal: done.signal }).then(
    () => Promise.reject(new Error(`${what} took longer than ${milliseconds / 1_000} s`)),
    () => promise,
  );
  try {
    return await Promise.race([promise, late]);
  } finally {
    done.abort();
  }
}

/** A command `pension` that has been started. */
export interface RunningCommand {
  readonly child: ChildProcess;
  /** What it has written to stdout, when it has ended with 0. Rejects otherwise. */
  readonly output: Promise<string>;
}

/** Starts a command with nothing in its environment but these settings and PATH. */
export function startPension(
  args: readonly string[],
  settings: Readonly<Record<string, string>> = {},
): RunningCommand {
  const child = spawn(process.execPath, [PENSION, ...args], {
    env: { PATH: process.env.PATH, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  keepTrackOf(child);
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      said[stream] += text;
    });
  const output = new Promise<string>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(said.stdout);
      else
        reject(
          new Error(`pension ${args.slice(0, 2).join(' ')} ended with ${code}: ${said.stderr.slice(-2_000)}`),
        );
    });
  });
  output.catch(() => undefined); // whoever waits for it is told; nobody has to
  return { child, output };
}

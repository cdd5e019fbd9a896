// Runs the command `pension` as its users do: a process of its own, with its own environment and standard input.

import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';
import { PACKAGE_ROOT } from '../../src/cli/contract-files.ts';
import { search } from './privacy.ts';
import { tempDir } from './temp.ts';

/** The program as it is installed; it runs what `make build` has compiled. */
export const PENSION = fileURLToPath(new URL('bin/pension.js', PACKAGE_ROOT));

/** Options by which a command is asked for a number: one of the register, or an example. */
const SHOWS_NUMBERS = ['--reveal', '--help', 'demo'];

export interface CliOptions {
  /** Added to an environment that holds nothing but PATH, and where Node keeps compiled code. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** All of standard input; without it the input is empty. */
  readonly stdin?: string | Uint8Array;
  /** Working folder; by default one that is empty. */
  readonly cwd?: string;
  /** A command that runs the command, for instance one that takes rights away. */
  readonly through?: readonly string[];
}

/** How a process ended and what it wrote. */
export interface CliResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningCli {
  readonly pid: number;
  readonly result: Promise<CliResult>;
  signal(signal: NodeJS.Signals): void;
  /** Resolves when what has come on the stream matches. Rejects when the process ends without. */
  sees(stream: 'stdout' | 'stderr', pattern: RegExp): Promise<RegExpExecArray>;
}

const running = new Set<ChildProcess>();
const endLeftovers = (): void => {
  for (const child of running) child.kill('SIGKILL');
};
// What a failed test has left running would keep the whole run from ending.
if (typeof after === 'function') after(endLeftovers);
process.once('exit', endLeftovers);

/** Starts a command. */
export function startPension(args: readonly string[], options: CliOptions = {}): RunningCli {
  const { PATH, NODE_COMPILE_CACHE } = process.env;
  const [program, ...before] = [...(options.through ?? []), process.execPath, PENSION];
  const child = spawn(program!, [...before, ...args], {
    cwd: options.cwd ?? tempDir(),
    env: { PATH, NODE_COMPILE_CACHE, ...options.env },
    stdio: 'pipe',
  });
  running.add(child);
  const seen = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      seen[stream] += text;
    });
  }
  child.stdin.on('error', () => undefined); // a command that does not read its input may end first
  child.stdin.end(options.stdin ?? '');
  const result = new Promise<CliResult>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      running.delete(child);
      const where = `pension ${args.slice(0, 2).join(' ')}`;
      if (!SHOWS_NUMBERS.some((option) => args.includes(option))) search('command', seen.stdout, where);
      search('command', seen.stderr, where);
      resolve({ code, signal, ...seen });
    });
  });
  return {
    pid: child.pid!,
    result,
    signal: (signal) => void child.kill(signal),
    sees: (stream, pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const match = pattern.exec(seen[stream]);
          if (match !== null) resolve(match);
        };
        child[stream].on('data', look);
        look();
        result.then(
          (ended) => reject(new Error(`${pattern} was not seen on ${stream}: ${JSON.stringify(ended)}`)),
          reject,
        );
      }),
  };
}

/** Runs a command to its end. */
export const pension = (args: readonly string[], options: CliOptions = {}): Promise<CliResult> =>
  startPension(args, options).result;

/** The settings of a demo world as a user has them, on a free port and a store of its own. */
export function worldEnv(world: string): Record<string, string> {
  return {
    ...(parseEnv(readFileSync(path.join(world, 'env'), 'utf8')) as Record<string, string>),
    PENSION_PORT: '0',
    PENSION_STORE: `sqlite:${path.join(tempDir(), 'pension.db')}`,
  };
}

/** A `pension serve` that has said where it listens. */
export async function startServe(
  env: Readonly<Record<string, string | undefined>>,
): Promise<RunningCli & { readonly url: string }> {
  const serve = startPension(['serve'], { env });
  const [, url] = await serve.sees('stdout', /^listening (\S+)\n/m);
  return { ...serve, url: url! };
}

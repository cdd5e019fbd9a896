// Ways in which the disk of a running service fails, and is well again.

import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import Database from 'better-sqlite3';
import type { Seeded } from '../support/seeded.ts';
import { fillUp, makeRoom, whyNoSmallDisk } from './small-disk.ts';
import { findStrace } from './strace.ts';

/** The service that the fault is made for. */
export interface Victim {
  readonly pid: number;
  /** The folder of its store, and the file. */
  readonly folder: string;
  readonly store: string;
}

/** One way to fail. */
export interface FaultKind {
  readonly name: string;
  /** What the service says of it. */
  readonly cause: RegExp;
  /** It may hit no call: a checkpoint that fails is made again, without a word. */
  readonly maySpare?: true;
  /** The store must lie on a small disk of its own. */
  readonly needsSmallDisk?: true;
  /** Why it cannot be made on this machine; undefined when it can. */
  whyNot(): Promise<string | undefined>;
  /** Begins it. Gives what ends it, also when the service has ended. */
  begin(victim: Victim, chance: Seeded): Promise<() => Promise<void>>;
}

/** Makes system calls of a running process fail. */
const injected =
  (calls: string, error: string, whenOf: (chance: Seeded) => string): FaultKind['begin'] =>
  async ({ pid }, chance) => {
    const inject = `inject=${calls}:error=${error}:when=${whenOf(chance)}`;
    const tracer = await attach(pid, ['-f', '-e', `trace=${calls}`, '-e', inject]);
    return async () => {
      if (tracer.exitCode !== null || tracer.signalCode !== null) return; // it has ended with the service
      const ended = new Promise((resolve) => tracer.once('exit', resolve));
      tracer.kill('SIGTERM'); // the service goes on without it
      await ended;
    };
  };

/** Traces a running process. Rejects where that is not possible. */
async function attach(pid: number, options: readonly string[]): Promise<ChildProcess> {
  const found = findStrace();
  if ('missing' in found) throw new Error(found.missing);
  const [program, ...args] = [...found.command, '-o', '/dev/null', ...options, '-p', String(pid)];
  const tracer = spawn(program!, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  await new Promise<void>((resolve, reject) => {
    let said = '';
    tracer.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (/attached/.test(said)) resolve();
    });
    tracer.once('exit', () => reject(new Error(`a running process cannot be traced here: ${said.trim()}`)));
  });
  return tracer;
}

async function whyNoAttaching(): Promise<string | undefined> {
  const sleeper = spawn('sleep', ['30'], { stdio: 'ignore' });
  try {
    await attach(sleeper.pid!, []);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  } finally {
    sleeper.kill('SIGKILL'); // the tracer ends with it
  }
}

/** A commit of another process, which changes nothing: what the service has of the store in memory is void then. */
function writeBeside(store: string): void {
  const db = new Database(store);
  db.pragma(`user_version = ${db.pragma('user_version', { simple: true })}`);
  db.close();
}

/** No file of the process may grow beyond so many bytes; what is there may still be written to. */
const limitFiles = (pid: number, bytes: string): void =>
  void execFileSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:`]);

const onceAt = (most: number) => (chance: Seeded) => String(1 + chance.below(most));
const fromOn = (most: number) => (chance: Seeded) => `${1 + chance.below(most)}+`;
const FLUSHES = 'fsync,fdatasync';

/** All ways. */
export const FAULT_KINDS: readonly FaultKind[] = [
  {
    name: 'one flush fails',
    cause: /could not flush/,
    maySpare: true,
    whyNot: whyNoAttaching,
    begin: injected(FLUSHES, 'EIO', onceAt(5)),
  },
  {
    name: 'flushes fail',
    cause: /could not flush/,
    whyNot: whyNoAttaching,
    begin: injected(FLUSHES, 'EIO', fromOn(5)),
  },
  {
    name: 'writes fail',
    cause: /could not be written/,
    whyNot: whyNoAttaching,
    begin: injected('pwrite64', 'EIO', fromOn(60)),
  },
  {
    name: 'writes find no space',
    cause: /no space left/,
    whyNot: whyNoAttaching,
    begin: injected('pwrite64', 'ENOSPC', fromOn(60)),
  },
  {
    name: 'reads fail',
    cause: /(?:cannot|could not) be read|damaged/, // SQLite tells a failed read from damage in some places only
    whyNot: whyNoAttaching,
    begin: async (victim, chance) => {
      const end = await injected('pread64', 'EIO', fromOn(3))(victim, chance);
      writeBeside(victim.store);
      return end;
    },
  },
  {
    name: 'the disk is full',
    cause: /no space left/,
    needsSmallDisk: true,
    whyNot: async () => whyNoSmallDisk(),
    begin: async ({ folder }) => {
      fillUp(folder);
      return async () => makeRoom(folder);
    },
  },
  {
    name: 'files may not grow',
    cause: /could not be written|disk of the store/,
    whyNot: async () =>
      spawnSync('prlimit', ['--version']).status === 0 ? undefined : 'there is no prlimit here',
    begin: async ({ pid }) => {
      limitFiles(pid, '4096');
      return async () => {
        if (existsSync(`/proc/${pid}`)) limitFiles(pid, 'unlimited');
      };
    },
  },
];

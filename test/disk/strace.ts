// strace for experiments on the disk: where it is, how the command `pension` runs under it, and how its log is read.

import { spawnSync } from 'node:child_process';
import { createReadStream, existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { PACKAGE_ROOT } from '../../src/cli/contract-files.ts';

/** strace as the beginning of a command line, or the reason why there is none. */
export type FoundStrace = { readonly command: readonly string[] } | { readonly missing: string };

let found: FoundStrace | undefined;

/** Finds strace, or fetches it where that needs no root. Tests without one are skipped with the reason. */
export function findStrace(): FoundStrace {
  found ??= look();
  return found;
}

function look(): FoundStrace {
  if (process.platform !== 'linux') return { missing: 'strace is there on Linux only' };
  const installed = spawnSync('strace', ['-V']).status === 0 ? ['strace'] : fetched();
  if (typeof installed === 'string') return { missing: installed };
  const [program, ...args] = [...installed, '-D', '-f', '-o', '/dev/null', process.execPath, '--version'];
  const tried = spawnSync(program!, args, { encoding: 'utf8', timeout: 10_000 });
  if (tried.status === 0) return { command: installed };
  return { missing: `this machine does not let processes be traced: ${tried.stderr.trim().slice(0, 200)}` };
}

/** The strace that the install script has laid into the project, or why it has not. */
function fetched(): string[] | string {
  const root = fileURLToPath(PACKAGE_ROOT);
  const script = path.join(root, 'test/disk/install.sh');
  const run = spawnSync('bash', [script], { encoding: 'utf8', timeout: 60_000 });
  const strace = path.join(root, '.strace/usr/bin/strace');
  if (!existsSync(strace)) return (run.stderr ?? '').trim() || 'strace could not be fetched';
  const libraries = ['.strace/usr/lib', '.strace/lib']
    .map((lib) => path.join(root, lib))
    .filter((lib) => existsSync(lib))
    .flatMap((lib) => readdirSync(lib).map((machine) => path.join(lib, machine)));
  return ['env', `LD_LIBRARY_PATH=${libraries.join(':')}`, strace];
}

/**
 * What a command runs through to be traced. The tracer is a grandchild (-D), so the process that is started is the
 * traced one: its id, its signals and its end are those of the command.
 */
export const through = (strace: readonly string[], args: readonly string[]): string[] => [
  ...strace,
  '-D',
  '-f',
  ...args,
];

/** A system call in a log: once when it begins, and once when it has ended, with what it gave back. */
export interface Traced {
  readonly phase: 'begins' | 'ends';
  readonly pid: string;
  readonly name: string;
  /** The arguments as strace writes them; all of them only at the end. */
  readonly args: string;
  /** What it gave back; undefined when it begins, and when the process died in it. */
  readonly result: number | undefined;
}

const LINE = /^(\d+) +(.*)$/s;
const WHOLE = /^(\w+)\((.*)\) += (-?\d+|\?)/s;
const UNFINISHED = /^(\w+)\((.*) <unfinished \.\.\.>$/s;
const RESUMED = /^<\.\.\. (\w+) resumed>(.*)\) += (-?\d+|\?)/s;

/** Reads a log, in its order. */
export async function* readLog(file: string): AsyncGenerator<Traced> {
  const begun = new Map<string, string>();
  for await (const line of createInterface({
    input: createReadStream(file),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    const [, pid, text] = LINE.exec(line) ?? [];
    if (pid === undefined || text === undefined) continue;
    const unfinished = UNFINISHED.exec(text);
    if (unfinished !== null) {
      begun.set(pid, unfinished[2]!);
      yield { phase: 'begins', pid, name: unfinished[1]!, args: unfinished[2]!, result: undefined };
      continue;
    }
    const resumed = RESUMED.exec(text);
    const whole = resumed ?? WHOLE.exec(text);
    if (whole === null) continue;
    const [, name, rest, gave] = whole as unknown as [string, string, string, string];
    const args = resumed === null ? rest : (begun.get(pid) ?? '') + rest;
    const result = gave === '?' ? undefined : Number(gave);
    if (resumed === null) yield { phase: 'begins', pid, name, args, result: undefined };
    yield { phase: 'ends', pid, name, args, result };
  }
}

/** The path of the file that a call's first argument names: `21</var/pension.db>`. */
export const pathOf = (args: string): string => plain(/^\d+<([^>]*)>/.exec(args)?.[1] ?? '');

/** The strings among the arguments, which strace has been told to write as `\x41` (-xx). */
export const stringsOf = (args: string): Buffer[] =>
  [...args.matchAll(/"((?:\\x[0-9a-f]{2})*)"/g)].map(([, hex]) => fromHex(hex!));

const fromHex = (escaped: string): Buffer => Buffer.from(escaped.replaceAll('\\x', ''), 'hex');
const plain = (text: string): string => (text.startsWith('\\x') ? fromHex(text).toString() : text);

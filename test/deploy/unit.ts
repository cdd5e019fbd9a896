// The systemd unit of a process: its lines as they stand in the repository, and how one of them is run without systemd.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { PACKAGE_ROOT } from '../../src/cli/contract-files.ts';
import { PENSION } from '../support/cli.ts';

/** Where the units are. */
export const UNITS = fileURLToPath(new URL('deploy/systemd/', PACKAGE_ROOT));

/** Every value of a setting in the unit of a process, in order. */
export const unitLines = (setting: string): string[] =>
  [...readFileSync(path.join(UNITS, 'pension@.service'), 'utf8').matchAll(/^(\w+)=(.*)$/gm)]
    .filter(([, name]) => name === setting)
    .map(([, , value]) => value!);

/** The words of a command line, for the process on that port; `run` stands for /run/pension. */
export function commandOf(line: string, port: number, run: string): string[] {
  const filled = line.replaceAll('%i', String(port)).replaceAll('/run/pension', run);
  return [...filled.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain!);
}

/** A folder in which a PATH finds the command `pension`, as it does where the package is installed. */
export function installedIn(folder: string): string {
  mkdirSync(folder, { recursive: true });
  symlinkSync(PENSION, path.join(folder, 'pension'));
  symlinkSync(process.execPath, path.join(folder, 'node'));
  return folder;
}

/** Runs a command line of the unit to its end; rejects when that is not 0. */
export async function runLine(setting: string, port: number, run: string): Promise<void> {
  for (const line of unitLines(setting)) {
    const [program, ...args] = commandOf(line, port, run);
    const child = spawn(program!, args, { stdio: 'ignore' });
    const [code] = (await once(child, 'exit')) as [number | null];
    if (code !== 0) throw new Error(`${setting}=${line}: ended with ${code}`);
  }
}

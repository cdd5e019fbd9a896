// A disk whose every flush takes longer, for a process that is started through this.

import { spawnSync } from 'node:child_process';
import { findStrace, through } from '../test/disk/strace.ts';

/** The beginning of a command line, each flush so many milliseconds longer, or the reason why there is none. */
export function slowDisk(
  milliseconds: number,
): { readonly command: readonly string[] } | { readonly missing: string } {
  const found = findStrace();
  if ('missing' in found) return found;
  const calls = 'fsync,fdatasync';
  const inject = `inject=${calls}:delay_exit=${milliseconds * 1_000}`;
  const args = ['--seccomp-bpf', '-e', `trace=${calls}`, '-e', inject, '-o', '/dev/null'];
  const command = through(found.command, args);
  const [program, ...rest] = [...command, process.execPath, '--version'];
  const tried = spawnSync(program!, rest, { encoding: 'utf8', timeout: 10_000 });
  return tried.status === 0
    ? { command }
    : { missing: `strace cannot delay system calls here: ${tried.stderr.trim().slice(0, 200)}` };
}

// The files that a backup is written to or read from: what is refused before anything is done.

import { existsSync, realpathSync, type Stats, statfsSync, statSync } from 'node:fs';
import path from 'node:path';
import { filesOf } from '../../store/open-store.ts';
import { CommandFailed, UsageError } from '../outcome.ts';

/** Of what is needed, so much more must be free: folders grow too, and others write as well. */
const SPARE = 1.02;
const MIB = 1024 * 1024;

/** Throws UsageError when one of the names is a file of the store, under whatever name. */
export function refuseStoreItself(address: string, ...names: readonly string[]): void {
  const store = filesOf(address);
  for (const name of names) {
    const hit = store.find((file) => placeOf(file) === placeOf(name) || isSameFile(file, name));
    if (hit !== undefined) throw new UsageError(`${name} is the store itself (${hit}); name another file.`);
  }
}

/** Where a name leads, whether something is there or not. */
export function placeOf(name: string): string {
  const resolved = path.resolve(name);
  try {
    return realpathSync(resolved);
  } catch {
    try {
      return path.join(realpathSync(path.dirname(resolved)), path.basename(resolved));
    } catch {
      return resolved;
    }
  }
}

function isSameFile(a: string, b: string): boolean {
  const [one, other] = [statOf(a), statOf(b)];
  return one !== undefined && one.ino === other?.ino && one.dev === other.dev;
}

export const statOf = (file: string): Stats | undefined => statSync(file, { throwIfNoEntry: false });

/** Throws CommandFailed when the file has no folder to be in. */
export function demandFolder(file: string): void {
  const folder = path.dirname(path.resolve(file));
  if (existsSync(folder) && statSync(folder).isDirectory()) return;
  throw new CommandFailed(`There is no folder ${folder}; make it first.`);
}

/** Throws CommandFailed when so many bytes are not free beside the file. */
export function demandSpace(file: string, bytes: number): void {
  const folder = path.dirname(path.resolve(file));
  const { bavail, bsize } = statfsSync(folder);
  const [needed, free] = [Math.ceil(bytes * SPARE), bavail * bsize];
  if (free >= needed) return;
  throw new CommandFailed(
    `${folder} has not enough room: ${mebibytes(needed)} are needed and ${mebibytes(free)} are free. Nothing was written.`,
  );
}

const mebibytes = (bytes: number): string => `${(bytes / MIB).toFixed(1)} MiB`;

/**
 * What the system or the database says of a file that cannot be read or written, as a failure for people; anything else
 * as it is.
 */
export function explainFile(error: unknown, what: string, consequence: string): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  const isOfAFile = typeof code === 'string' && /^(?:E[A-Z]+|SQLITE_[A-Z_]+)$/.test(code);
  return isOfAFile ? new CommandFailed(`${what}: ${message}. ${consequence}`) : error;
}

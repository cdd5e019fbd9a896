// One process at a time for a file that a command keeps: a lock file beside it that names the process.

import { constants, copyFileSync, linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { CommandFailed } from './outcome.ts';

/** Who takes a lock, in words for the one who is refused. */
export interface LockUser {
  /** The command that keeps such files. */
  readonly command: string;
  /** What the file is to it. */
  readonly file: string;
  /** What a refusal means for the work that was asked for. */
  readonly consequence: string;
}

const lockOf = (path: string): string => `${path}.lock`;

/** What this process holds. A lock that names it by chance, left by a process with the same number, is not there. */
const held = new Set<string>();

/**
 * Takes the lock of the file, also where a process that was killed has left it. Throws CommandFailed when it is held
 * already, or where no lock can be written.
 */
export function takeLock(path: string, user: LockUser): void {
  // Written aside first: the lock is never there without the process that holds it.
  const own = `${lockOf(path)}.${process.pid}`;
  try {
    writeFileSync(own, String(process.pid), { mode: 0o600 });
    if (link(own, path)) return;
    const holder = livingHolder(path);
    if (holder === undefined) {
      removeDead(path);
      if (link(own, path)) return;
    }
    throw new CommandFailed(
      `Another \`${user.command}\` is using ${path}: process ${holder ?? livingHolder(path) ?? 'unknown'}, by ${lockOf(path)}. ` +
        `Wait for it to end, or remove the lock file if that process is another program; ${user.consequence}.`,
    );
  } catch (error) {
    if (error instanceof CommandFailed) throw error;
    throw new CommandFailed(
      `The ${user.file} ${path} cannot be written (${(error as Error).message}). ${capital(user.consequence)}.`,
    );
  } finally {
    rmSync(own, { force: true });
  }
}

/** Lets the lock go. */
export function releaseLock(path: string): void {
  held.delete(path);
  rmSync(lockOf(path), { force: true });
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Makes the lock if there is none. */
function link(own: string, path: string): boolean {
  try {
    nameToo(own, lockOf(path));
    held.add(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** What link(2) fails with where a file has one name: FAT, and many a network share. */
const NO_LINKS = ['EPERM', 'EOPNOTSUPP', 'ENOTSUP', 'ENOSYS'];

/**
 * Gives a lock that is written aside its name. Where no file can have two, its name gets a copy, which for a moment is
 * empty. Throws EEXIST where something has the name.
 */
function nameToo(whole: string, lock: string): void {
  try {
    linkSync(whole, lock);
  } catch (error) {
    if (!NO_LINKS.includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    copyFileSync(whole, lock, constants.COPYFILE_EXCL);
  }
}

/** Takes the lock of a dead process away. One that another process has put in its place meanwhile is put back. */
function removeDead(path: string): void {
  const aside = `${lockOf(path)}.${process.pid}.dead`;
  try {
    renameSync(lockOf(path), aside);
    if (holderIn(aside, path) !== undefined) nameToo(aside, lockOf(path));
  } catch (error) {
    // Gone or there again: somebody else was quicker, and the next look at the lock says who.
    if (!['ENOENT', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

const livingHolder = (path: string): number | undefined => holderIn(lockOf(path), path);

/** Milliseconds for which an empty lock is one that is being written, and between two looks at it. */
const BEING_WRITTEN = 1_000;
const LOOK = 20;
const PAUSE = new Int32Array(new SharedArrayBuffer(4));

function holderIn(lock: string, path: string): number | undefined {
  let pid: number;
  try {
    let text = readFileSync(lock, 'utf8');
    for (let waited = 0; text === '' && waited < BEING_WRITTEN; waited += LOOK) {
      Atomics.wait(PAUSE, 0, 0, LOOK);
      text = readFileSync(lock, 'utf8');
    }
    pid = Number(text);
  } catch {
    return undefined;
  }
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  if (pid === process.pid) return held.has(path) ? pid : undefined;
  try {
    process.kill(pid, 0);
    return pid;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' ? pid : undefined;
  }
}

// One process at a time for a receipts file: a lock file beside it that names the process.

import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { CommandFailed } from '../outcome.ts';

const lockOf = (path: string): string => `${path}.lock`;

/**
 * Takes the lock of the file, also where a process that was killed has left it. Throws CommandFailed when a living
 * process holds it, or where no lock can be written.
 */
export function takeLock(path: string): void {
  // Written aside first: the lock is never there without the process that holds it.
  const own = `${lockOf(path)}.${process.pid}`;
  try {
    writeFileSync(own, String(process.pid), { mode: 0o600 });
    if (link(own, path)) return;
    const holder = livingHolder(path);
    if (holder === undefined) {
      releaseLock(path);
      if (link(own, path)) return;
    }
    throw new CommandFailed(
      `Another \`udk send\` is using ${path}: process ${holder ?? livingHolder(path) ?? 'unknown'}, by ${lockOf(path)}. ` +
        'Wait for it to end, or remove the lock file if that process is another program; nothing was sent.',
    );
  } catch (error) {
    if (error instanceof CommandFailed) throw error;
    throw new CommandFailed(
      `The receipts file ${path} cannot be written (${(error as Error).message}). Nothing was sent.`,
    );
  } finally {
    rmSync(own, { force: true });
  }
}

/** Lets the lock go. */
export const releaseLock = (path: string): void => rmSync(lockOf(path), { force: true });

/** Makes the lock if there is none. */
function link(own: string, path: string): boolean {
  try {
    linkSync(own, lockOf(path));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function livingHolder(path: string): number | undefined {
  try {
    const pid = Number(readFileSync(lockOf(path), 'utf8'));
    if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return undefined;
    process.kill(pid, 0);
    return pid;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
      ? Number(readFileSync(lockOf(path), 'utf8'))
      : undefined;
  }
}

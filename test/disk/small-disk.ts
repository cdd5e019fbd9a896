// A disk of its own in memory, small enough to be filled. Only root can make one.

import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import { tempDir } from '../support/temp.ts';

const BALLAST = 'ballast';

/** Makes one of so many megabytes. */
export function mountSmallDisk(megabytes: number): { readonly folder: string; unmount(): void } {
  const folder = path.join(tempDir(), 'small');
  mkdirSync(folder);
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder], { stdio: 'pipe' });
  return { folder, unmount: () => void execFileSync('umount', ['--lazy', folder]) };
}

/** Why there can be none here; undefined when there can. */
export function whyNoSmallDisk(): string | undefined {
  try {
    mountSmallDisk(1).unmount();
    return undefined;
  } catch {
    return 'a disk in memory cannot be mounted here, only root can';
  }
}

/** Fills it to the last byte. */
export function fillUp(folder: string): void {
  const fd = openSync(path.join(folder, BALLAST), 'a');
  for (let size = 65_536; size >= 1; ) {
    try {
      writeSync(fd, Buffer.alloc(size));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      size = Math.floor(size / 2);
    }
  }
  closeSync(fd);
}

/** Takes away what it was filled with. */
export const makeRoom = (folder: string): void => rmSync(path.join(folder, BALLAST));

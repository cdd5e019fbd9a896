// The folder of a private server and the programs for it, where the user that it runs as can reach them.

import { execFileSync } from 'node:child_process';
import {
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Binaries } from './binaries.ts';
import { type RunAs, SERVER_ENV, serverUser } from './user.ts';

export interface ServerFolder {
  readonly dir: string;
  /** Where its programs are. */
  readonly bin: string;
  readonly user: RunAs;
}

/** The user that the server runs as cannot get to the folder. */
export class OutOfReach extends Error {}

/**
 * Makes the folder. `kept` is one that is used again; data of another major version in it are refused. Throws OutOfReach
 * where the folder is behind one that is closed to the server's user.
 */
export function makeFolder(binaries: Binaries, kept?: string): ServerFolder {
  const dir = kept === undefined ? mkdtempSync(path.join(tmpdir(), 'pension-postgres-')) : path.resolve(kept);
  if (kept !== undefined && !existsSync(dir)) {
    mkdirSync(path.dirname(dir), { recursive: true });
    mkdirSync(dir, { mode: 0o700 });
  }
  try {
    const user = userOf(dir);
    if (!canRun(user, 'test', ['-x', dir])) {
      throw new OutOfReach(`${dir} cannot be reached by the user that PostgreSQL runs as.`);
    }
    refuseOtherVersion(dir, binaries.major);
    return { dir, bin: binFor(binaries, dir, user), user };
  } catch (error) {
    if (kept === undefined) rmSync(dir, { recursive: true });
    throw error;
  }
}

/** Root gives the folder to a user without rights; a folder that belongs to some user is that user's already. */
function userOf(dir: string): RunAs {
  const user = serverUser();
  if (!('uid' in user)) return user;
  const { uid, gid } = statSync(dir);
  if (uid !== 0) return { uid, gid };
  chownSync(dir, user.uid, user.gid);
  return user;
}

function refuseOtherVersion(dir: string, major: number): void {
  const file = path.join(dir, 'data/PG_VERSION');
  if (!existsSync(file)) return;
  const made = readFileSync(file, 'utf8').trim();
  if (made === String(major)) return;
  throw new Error(
    `${dir} was made by PostgreSQL ${made}, and this is ${major}. Remove the folder, or install that version again.`,
  );
}

/** The programs as they are, or, where only root can read them (a clone in its home), a copy in the folder. */
function binFor({ bin, from }: Binaries, dir: string, user: RunAs): string {
  if (from !== 'npm' || canRun(user, path.join(bin, 'postgres'), ['--version'])) return bin;
  const copy = path.join(dir, 'programs');
  rmSync(copy, { recursive: true, force: true });
  cpSync(path.dirname(bin), copy, { recursive: true, verbatimSymlinks: true });
  if ('uid' in user) execFileSync('chown', ['-R', `${user.uid}:${user.gid}`, copy]);
  return path.join(copy, 'bin');
}

function canRun(user: RunAs, program: string, args: readonly string[]): boolean {
  try {
    execFileSync(program, args, { ...user, cwd: '/', env: SERVER_ENV, stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

// As whom PostgreSQL runs: it refuses to run as root, so root runs it as a user without rights.

import { execFileSync } from 'node:child_process';

/** What `spawn` takes of a user; empty where this process is not root and the server can have its user. */
export type RunAs = { readonly uid: number; readonly gid: number } | Record<never, never>;

/** The user for a server of this process. */
export function serverUser(): RunAs {
  if (process.getuid?.() !== 0) return {};
  // PostgreSQL asks for its user's name, so a number that no user has will not do.
  const idOf = (option: string): number =>
    Number(execFileSync('id', [option, 'nobody'], { encoding: 'utf8' }));
  return { uid: idOf('-u'), gid: idOf('-g') };
}

/** Nothing of the caller's environment but where programs are: `PG…` and locales would change what a server does. */
export const SERVER_ENV = { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

/** Writes a file as that user: root does not write where somebody else could have put a link. */
export function writeAs(user: RunAs, file: string, text: string): void {
  execFileSync('tee', [file], {
    ...user,
    cwd: '/',
    env: SERVER_ENV,
    input: text,
    stdio: ['pipe', 'ignore', 'pipe'],
  });
}

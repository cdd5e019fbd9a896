// The one who takes a private server away: a shell that waits until the process that started the server has ended,
// however it ended, and then stops the server and removes its folder.

import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import path from 'node:path';
import { type RunAs, SERVER_ENV } from './user.ts';

/**
 * `$1` pg_ctl, `$2` the folder of the server, `$3` `keep` or `remove`. Its standard input ends with the process that
 * holds the other end. A server that was only just being started is looked for again.
 */
const KEEP = `
told=$(cat)
if [ "$told" != stopped ]; then
  for again in 1 2 3; do
    "$1" stop -s -D "$2/data" -m fast -t 30 || "$1" stop -s -D "$2/data" -m immediate -t 30 || { sleep 0.5; continue; }
    break
  done
fi
[ "$3" = keep ] || rm -rf "$2"
`;

export interface Keeper {
  /** The server has stopped: the folder goes now. Resolves when it is gone. */
  release(): Promise<void>;
}

/** Starts a keeper for the server in that folder. It needs the server's user, for pg_ctl refuses root, too. */
export function startKeeper(bin: string, dir: string, keep: boolean, user: RunAs): Keeper {
  // A session of its own: Ctrl-C is for the process that the server belongs to, and that one decides.
  const keeper: ChildProcess = spawn(
    'sh',
    ['-c', KEEP, 'keeper', path.join(bin, 'pg_ctl'), dir, keep ? 'keep' : 'remove'],
    { ...user, cwd: '/', env: SERVER_ENV, detached: true, stdio: ['pipe', 'ignore', 'ignore'] },
  );
  const ended = new Promise<void>((resolve, reject) => {
    keeper.once('exit', () => resolve());
    keeper.once('error', reject);
  });
  ended.catch(() => undefined); // told to whoever releases it
  keeper.unref();
  const stdin = keeper.stdin as Socket;
  stdin.on('error', () => undefined);
  stdin.unref();
  return {
    release() {
      keeper.ref();
      stdin.end('stopped');
      return ended;
    },
  };
}

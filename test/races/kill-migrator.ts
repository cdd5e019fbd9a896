// Finds the process that is bringing up a store on PostgreSQL at this moment, and kills it.

import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { onServer } from '../../build/postgres/databases.ts';
import type { RunningCli } from '../support/cli.ts';
import type { Seeded } from '../support/seeded.ts';

/** Milliseconds from the first step within which one is killed. */
const LATER = 120;
/** Milliseconds after which none of them can be at it any more. */
const OVER = 30_000;

/** The port from which whoever has the lock of those who migrate is connected. */
async function portOfMigrator(client: pg.Client): Promise<number | undefined> {
  const { rows } = await client.query<{ port: number }>(
    `SELECT client_port AS port FROM pg_locks JOIN pg_stat_activity USING (pid)
      WHERE locktype = 'advisory' AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
  );
  return rows[0]?.port;
}

/** Where the kernel tells of the connections of this machine: the second word is the address here, the tenth the inode. */
const CONNECTIONS = ['/proc/net/tcp', '/proc/net/tcp6'].filter((file) => existsSync(file));

/** The one of the processes that is connected from that port, if it still is. */
function ownerOf(port: number, processes: readonly RunningCli[]): RunningCli | undefined {
  const inodes = CONNECTIONS.flatMap((file) => readFileSync(file, 'utf8').split('\n'))
    .map((line) => line.trim().split(/ +/))
    .filter(([, local = '']) => Number.parseInt(local.split(':')[1] ?? '', 16) === port)
    .map((words) => `socket:[${words[9]}]`);
  return processes.find(({ pid }) => socketsOf(pid).some((socket) => inodes.includes(socket)));
}

/** What a process has open, as `socket:[inode]`; nothing when it is gone, or goes meanwhile. */
function socketsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).map((fd) => linkOf(`/proc/${pid}/fd/${fd}`));
  } catch {
    return [];
  }
}

function linkOf(name: string): string {
  try {
    return readlinkSync(name);
  } catch {
    return ''; // closed since
  }
}

/**
 * Waits until one of the processes brings up the database, and then for a moment, and kills the one that is at it by then.
 * Gives that one; rejects where none was seen.
 */
export function killMigrator(
  url: string,
  processes: readonly RunningCli[],
  chance: Seeded,
): Promise<RunningCli> {
  const wait = chance.below(LATER);
  return onServer(url, async (client) => {
    let begun: number | undefined;
    let last: RunningCli | undefined;
    let port: number | undefined;
    for (const until = performance.now() + OVER; performance.now() < until; ) {
      const now = await portOfMigrator(client);
      if (now !== undefined && now !== port) last = ownerOf(now, processes) ?? last;
      port = now;
      if (last !== undefined) begun ??= performance.now();
      if (begun !== undefined && performance.now() >= begun + wait) break;
      await sleep(1);
    }
    if (last === undefined) throw new Error('none of the services was seen bringing up the store');
    last.signal('SIGKILL');
    return last;
  });
}

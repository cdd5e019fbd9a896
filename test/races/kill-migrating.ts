// Finds the process that is writing to a SQLite store at this moment, and kills it.

import { existsSync, readFileSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningCli } from '../support/cli.ts';
import type { Seeded } from '../support/seeded.ts';

/** Where Linux lists who holds a lock on which byte of which file. */
const LOCKS = '/proc/locks';
/** The byte of a store's `-shm` file that its writer locks, by SQLite's documentation of the wal-index. */
const WRITE_LOCK = 120;

/** The one of these processes that holds the write lock of the store. */
function writerOf<P extends { readonly pid: number }>(file: string, processes: readonly P[]): P | undefined {
  const shm = `${file}-shm`;
  if (!existsSync(shm)) return undefined;
  const { ino } = statSync(shm);
  const line = new RegExp(`WRITE ([0-9]+) [^ ]*:${ino} ${WRITE_LOCK} ${WRITE_LOCK}$`, 'm');
  const pid = Number(line.exec(readFileSync(LOCKS, 'utf8'))?.[1]);
  return processes.find((one) => one.pid === pid);
}

/**
 * Waits until one of the processes writes, and then for at most so many milliseconds, and kills the one that writes by
 * then. Where the machine does not say who does, any of them at any moment of its start. Gives the one that was killed.
 */
export async function killWriter(
  file: string,
  processes: readonly RunningCli[],
  later: number,
  chance: Seeded,
): Promise<RunningCli> {
  const any = processes[chance.below(processes.length)]!;
  const wait = chance.below(later);
  if (existsSync(LOCKS)) {
    let isOver = false; // or one could be looked for that has long been done
    const over = (): void => {
      isOver = true;
    };
    for (const one of processes) one.sees('stdout', /^listening /m).then(over, over);
    let begun: number | undefined;
    let writer: RunningCli | undefined;
    while (!isOver) {
      writer = writerOf(file, processes) ?? writer;
      if (writer !== undefined) begun ??= performance.now();
      if (begun !== undefined && performance.now() >= begun + wait) break;
      await sleep(1);
    }
    (writer ?? any).signal('SIGKILL');
    return writer ?? any;
  }
  await sleep(chance.below(1_500));
  any.signal('SIGKILL');
  return any;
}

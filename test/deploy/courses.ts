// What is done to three processes behind nginx while clients save: one is killed, again and again, or they are restarted one
// after the other. On whichever store they are, what is kept is held against what was said.

import { setTimeout as sleep } from 'node:timers/promises';
import type { HistoryCounts, Kept } from '../support/history.ts';
import { seeded } from '../support/seeded.ts';
import { Load } from './load.ts';
import type { ThreeProcesses } from './three-processes.ts';

export const CLIENTS = 16;
/** Milliseconds of load at most before a process is killed or stopped; and what was under way has ended after it. */
const MOST_LOAD = 300;
/** Saves that must come through between two of them, so that every process is in use again. */
const BETWEEN = 30;

export interface Course {
  readonly three: ThreeProcesses;
  /** A citizen whom nobody has reported yet. */
  readonly borger: () => string;
  readonly seed: number;
  /** How often. */
  readonly times: number;
  /** The versions in the store since it was asked last, in their order. */
  readonly kept: () => readonly Kept[] | Promise<readonly Kept[]>;
}

/** What it came to. */
export interface Outcome {
  readonly acknowledged: number;
  /** Calls that were not answered with 200, in words. */
  readonly failures: readonly string[];
  /** Those of them that were made when whatever had been under way was over. */
  readonly failedLater: number;
  /** Those that were kept all the same. */
  readonly keptUnknown: number;
  readonly counts: HistoryCounts;
}

/** One of them is killed under load, and started again once the others have gone on. */
export const killOne = (course: Course): Promise<Outcome> =>
  run(course, async (at, load, chance) => {
    await sleep(chance.below(MOST_LOAD));
    await course.three.processes[at]!.end('SIGKILL');
    await sleep(MOST_LOAD);
    const failed = load.failures.length;
    await load.goesOn(BETWEEN);
    const failedLater = load.failures.length - failed;
    await course.three.startAgain(at);
    return failedLater;
  });

/** They are restarted under load, each as its unit does it. */
export const restartEach = (course: Course): Promise<Outcome> =>
  run(course, async (_, load, chance, time) => {
    await sleep(chance.below(MOST_LOAD));
    const failed = load.failures.length;
    await course.three.restart(time % 3);
    await load.goesOn(BETWEEN);
    return load.failures.length - failed;
  });

async function run(
  { three, borger, seed, times, kept }: Course,
  once: (at: number, load: Load, chance: ReturnType<typeof seeded>, time: number) => Promise<number>,
): Promise<Outcome> {
  const chance = seeded(seed);
  const load = await Load.start(three.target('udk'), CLIENTS, borger);
  let failedLater = 0;
  try {
    for (let time = 0; time < times; time += 1)
      failedLater += await once(chance.below(3), load, chance, time);
  } finally {
    await load.end();
  }
  const { history, failures } = load;
  const versions = await kept();
  const unknown = new Set(
    history.calls.filter(({ outcome }) => outcome === 'unknown').map(({ mark }) => mark),
  );
  return {
    acknowledged: history.count('acknowledged'),
    failures,
    failedLater,
    keptUnknown: versions.filter(({ mark }) => unknown.has(mark)).length,
    counts: history.compare(versions),
  };
}

// A service under load whose disk fails again and again, and what it said meanwhile, and what is there in the end.

import { copyFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { addressOf } from '../../src/store/open-store.ts';
import { type RunningCli, startServe } from '../support/cli.ts';
import { inWords, isWrong } from '../support/counts.ts';
import { type HistoryCounts, NOTHING } from '../support/history.ts';
import { checkInvariants } from '../support/invariants.ts';
import { member } from '../support/queue.ts';
import { type Seeded, seeded } from '../support/seeded.ts';
import { startTestService } from '../support/service.ts';
import { tempDir } from '../support/temp.ts';
import { AKASSE, Caller } from './calls.ts';
import type { FaultKind, Victim } from './faults.ts';
import { compareAll } from './intake.ts';
import { Load } from './load.ts';
import { mountSmallDisk } from './small-disk.ts';

const CLIENTS = 8;
/** Milliseconds between two calls of a client: load enough, and other tests run beside this one. */
const PAUSE = 20;
/** Milliseconds until a fault must have hit a call, and a service that is well again must say so. */
const PATIENCE = 15_000;

export interface FailingRun {
  readonly kind: FaultKind;
  readonly faults: number;
  readonly seed: number;
  readonly organisationer: string;
  /** The store to begin with. */
  readonly members: string;
}

/** What came of it. */
export interface Failed {
  readonly acknowledged: number;
  /** Calls that were answered 1011. */
  readonly refused: number;
  /** Faults that hit no call. */
  readonly spared: number;
  /** What is kept, against what was said; and what the a-kasse processed, against what it is owed. */
  readonly counts: HistoryCounts;
  readonly wrong: readonly string[];
}

/** Runs the service, its load, and the faults one after the other; kills it while it fails, restarts, and looks. */
export async function runFailing(run: FailingRun): Promise<Failed> {
  // Room for what is kept between the faults, and for a write-ahead log as long as it gets.
  const disk = run.kind.needsSmallDisk
    ? mountSmallDisk(16 + run.faults)
    : { folder: tempDir(), unmount: () => undefined };
  try {
    return await runOn(disk.folder, run);
  } finally {
    disk.unmount();
  }
}

async function runOn(folder: string, run: FailingRun): Promise<Failed> {
  const store = path.join(folder, 'pension.db');
  copyFileSync(run.members, store);
  const serve = await startServe({
    PENSION_TLS: 'off',
    PENSION_PORT: '0',
    PENSION_ORGANISATIONER: run.organisationer,
    PENSION_STORE: `sqlite:${store}`,
  });
  const load = new Load(serve.url, { clients: CLIENTS, seed: run.seed, pause: PAUSE });
  const running = load.run();
  const course = new Course(run, serve, { pid: serve.pid, folder, store }, load);
  const spared = await course.fail();
  const end = await course.beginFault();
  await course.isHit(load.failed.length);
  const unanswered = load.failed.filter((answer) => answer === undefined).length;
  if (unanswered > 0) load.wrong.push(`${unanswered} calls got no answer at all`);
  serve.signal('SIGKILL');
  load.end();
  await running;
  const { stderr } = await serve.result;
  await end();
  for (const line of stderr.split('\n'))
    if (/"level":"error".*unexpected/.test(line)) load.wrong.push(`the log does not know the cause: ${line}`);
  const counts = await lookAfter(load, store);
  return {
    acknowledged: load.answered.length,
    refused: load.failed.length,
    spared,
    counts,
    wrong: load.wrong,
  };
}

/** The faults of one run. */
class Course {
  readonly #run: FailingRun;
  readonly #serve: RunningCli & { readonly url: string };
  readonly #victim: Victim;
  readonly #load: Load;
  readonly #chance: Seeded;

  constructor(run: FailingRun, serve: RunningCli & { readonly url: string }, victim: Victim, load: Load) {
    this.#run = run;
    this.#serve = serve;
    this.#victim = victim;
    this.#load = load;
    this.#chance = seeded(run.seed);
  }

  /** Makes all of them. Gives how many hit no call. */
  async fail(): Promise<number> {
    const { kind, faults } = this.#run;
    let spared = 0;
    for (let nr = 0; nr < faults; nr += 1) if (!(await this.#failOnce())) spared += 1;
    if (spared < faults && !(await this.#logNames(kind.cause)))
      this.#load.wrong.push('the log does not name the cause');
    if (!(await until(async () => (await this.#health()).status === 200)))
      this.#load.wrong.push(`still not well: ${JSON.stringify(await this.#health())}`);
    return spared;
  }

  #logNames(cause: RegExp): Promise<boolean> {
    const line = new RegExp(`"level":"error".*(?:${cause.source})`);
    return Promise.race([
      this.#serve.sees('stderr', line).then(() => true),
      sleep(PATIENCE, false, { ref: false }),
    ]);
  }

  beginFault(): Promise<() => Promise<void>> {
    return this.#run.kind.begin(this.#victim, this.#chance);
  }

  /** Waits until more calls have failed than before, and the service says that its store fails. */
  isHit(before: number): Promise<boolean> {
    const patience = this.#run.kind.maySpare ? 500 : PATIENCE;
    return until(
      async () => this.#load.failed.length > before && (await this.#health()).status === 503,
      patience,
    );
  }

  async #failOnce(): Promise<boolean> {
    const { kind } = this.#run;
    const { failed, wrong } = this.#load;
    const before = failed.length;
    const end = await this.beginFault();
    const isHit = await this.isHit(before);
    const { cause } = await this.#health();
    if (isHit && !kind.cause.test(cause ?? '')) wrong.push(`while it failed, its health said ${cause}`);
    if (!isHit && !kind.maySpare)
      wrong.push('no call was answered 1011 while the disk failed, or /health did not tell');
    await sleep(this.#chance.below(80));
    await end();
    await this.#demandSuccess();
    for (const answer of failed.slice(before))
      if (answer !== undefined && !(answer.status === 500 && /Send it again later/.test(answer.message!)))
        wrong.push(`${answer.status}: ${answer.message}`);
    return isHit;
  }

  /** The next call after the fault succeeds. */
  async #demandSuccess(): Promise<void> {
    const caller = new Caller(this.#serve.url);
    const said = { ...NOTHING, kompensationsafgoerelsesdato: '2026-01-01' };
    const answer = await this.#load.save(caller, { borger: member(AKASSE, 30), said });
    caller.hangUp();
    if (answer === undefined)
      this.#load.wrong.push('after the fault a Save was answered 1011, or not at all');
  }

  async #health(): Promise<{ readonly status: number; readonly cause?: string }> {
    const answer = await fetch(`${this.#serve.url}/health`);
    const said = (await answer.json()) as { readonly cause?: string };
    return { ...said, status: answer.status };
  }
}

async function until(isSo: () => Promise<boolean>, patience = PATIENCE): Promise<boolean> {
  const end = performance.now() + patience;
  while (performance.now() < end) {
    if (await isSo()) return true;
    await sleep(5);
  }
  return false;
}

/** Starts on what is left: all that was acknowledged is there, nothing that was answered 1011 is, and no besked is lost. */
async function lookAfter(load: Load, store: string): Promise<HistoryCounts> {
  const { answered, unanswered, wrong } = load;
  const service = await startTestService({ PENSION_TLS: 'off', PENSION_STORE: `sqlite:${store}` });
  wrong.push(...(await checkInvariants(addressOf(store), { answered, unanswered })));
  await load.drain(service.url);
  await service.stop();
  const counts = await compareAll(store, load.history, load.akasse);
  if (isWrong(counts)) wrong.push(inWords(counts));
  return counts;
}

// Three processes of the service on one store, behind a balancer: killed and started again, each by itself or together.

import { setTimeout as sleep } from 'node:timers/promises';
import { resolveTarget, type Target } from '../../src/cli/client/target.ts';
import { Balancer } from '../support/balancer.ts';
import { Served } from '../support/served.ts';

const PROCESSES = 3;
/** A sequence that was left is rolled back as soon as may be. */
const ENV = { PENSION_SEQUENCE_IDLE_MINUTES: '1' };
/** Milliseconds between looks at the health of a process. */
const LOOK = 20;

export class Fleet {
  readonly store: string;
  readonly #world: string;
  readonly #processes: readonly Served[];
  readonly #balancer: Balancer;

  private constructor(world: string, store: string, processes: readonly Served[], balancer: Balancer) {
    this.#world = world;
    this.store = store;
    this.#processes = processes;
    this.#balancer = balancer;
  }

  /** Starts all of them at the same moment, on the store of that address. */
  static async start(world: string, store: string): Promise<Fleet> {
    const processes: Served[] = [];
    for (let nr = 0; nr < PROCESSES; nr += 1) processes.push(await Served.make(world, store, ENV));
    const balancer = await Balancer.start(processes.map((one) => Number(new URL(one.url()).port)));
    const fleet = new Fleet(world, store, processes, balancer);
    await fleet.startAgain(processes.map((_, at) => at));
    return fleet;
  }

  get size(): number {
    return this.#processes.length;
  }

  /** The whole of it, as a client of that system sees it. */
  target(as: string): Target {
    return resolveTarget({ url: `http://127.0.0.1:${this.#balancer.port}`, as, world: this.#world });
  }

  /** Kills those at once. Resolves when they have ended, with what is wrong with that. */
  async kill(those: readonly number[]): Promise<string[]> {
    const ended = await Promise.all(those.map((at) => this.#processes[at]!.end('SIGKILL')));
    return ended
      .filter(({ signal }) => signal !== 'SIGKILL')
      .map(({ code, stderr }) => `a process had ended by itself with ${code}: ${stderr.slice(-500)}`);
  }

  /** Tells those to stop, and kills them after so many milliseconds, if they are still there. */
  async killInTheMiddleOfAStop(those: readonly number[], milliseconds: number): Promise<string[]> {
    for (const at of those) this.#processes[at]!.signal('SIGTERM');
    await sleep(milliseconds);
    const ended = await Promise.all(those.map((at) => this.#processes[at]!.end('SIGKILL')));
    return ended
      .filter(({ signal, code }) => signal !== 'SIGKILL' && code !== 0)
      .map(({ code, stderr }) => `a process was stopped and ended with ${code}: ${stderr.slice(-500)}`);
  }

  /** Starts one that has ended, and kills it after so many milliseconds. */
  startInVain(at: number, milliseconds: number): Promise<void> {
    return this.#processes[at]!.startInVain(milliseconds);
  }

  /** Starts those that have ended. */
  async startAgain(those: readonly number[]): Promise<void> {
    await Promise.all(those.map((at) => this.#processes[at]!.start()));
  }

  /** How many of them have sealed the audit trail since they were started, or do within so many milliseconds. */
  async sealers(patience: number): Promise<number> {
    const have = await Promise.all(this.#processes.map((one) => one.logs(/"audit trail sealed"/, patience)));
    return have.filter((hasSealed) => hasSealed).length;
  }

  /** Whether all of them say by then that they are well. */
  async areWell(patience: number): Promise<boolean> {
    const until = performance.now() + patience;
    for (const one of this.#processes)
      while (!(await isWell(one))) {
        if (performance.now() > until) return false;
        await sleep(LOOK);
      }
    return true;
  }

  /** Stops all of them as they are stopped in order; gives what is wrong with that. */
  async stop(): Promise<string[]> {
    const ended = await Promise.all(this.#processes.map((one) => one.end('SIGTERM')));
    await this.#balancer.stop();
    return ended
      .filter(({ code }) => code !== 0)
      .map(({ code, signal, stderr }) => `a process ended with ${code ?? signal}: ${stderr.slice(-500)}`);
  }
}

const isWell = (served: Served): Promise<boolean> =>
  fetch(`${served.url()}/health`).then(
    async (answer) => {
      await answer.arrayBuffer();
      return answer.ok;
    },
    () => false,
  );

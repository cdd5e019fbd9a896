// The time in which a load is measured: what was answered in it, how fast, and what CPU was used meanwhile.

import { setTimeout as sleep } from 'node:timers/promises';
import { cpuOf, cpuWithChildrenOf } from '../machine.ts';

/** Processes whose CPU is read at both ends of the window. */
export interface Watched {
  readonly service: readonly number[];
  /** With the processes that it has started. */
  readonly database?: number;
}

/** What came of it. Times are milliseconds, CPU seconds. */
export interface Measured {
  readonly answered: number;
  readonly milliseconds: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly longest: number;
  readonly cpu: number;
  readonly databaseCpu: number;
}

/** One window. */
export class Window {
  readonly #watched: Watched;
  readonly #times: number[] = [];
  #state: 'before' | 'open' | 'after' = 'before';
  #began = { at: 0, cpu: 0, databaseCpu: 0 };
  #ended = this.#began;

  constructor(watched: Watched) {
    this.#watched = watched;
  }

  /** Something was answered. It counts when the window is open. */
  readonly answered = (milliseconds: number): void => {
    if (this.#state === 'open') this.#times.push(milliseconds);
  };

  get isOver(): boolean {
    return this.#state === 'after';
  }

  open(): void {
    this.#began = this.#reading();
    this.#state = 'open';
  }

  close(): void {
    this.#state = 'after';
    this.#ended = this.#reading();
  }

  /** Lets a load run, opens the window after the warm-up, closes it after its time, and waits for the last answers. */
  async over(load: Promise<unknown>, warmUp: number, milliseconds: number): Promise<void> {
    await Promise.race([sleep(warmUp), load]);
    this.open();
    await Promise.race([sleep(milliseconds), load]);
    this.close();
    await load;
  }

  get measured(): Measured {
    const sorted = Float64Array.from(this.#times).sort();
    const at = (part: number): number =>
      sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
    return {
      answered: sorted.length,
      milliseconds: this.#ended.at - this.#began.at,
      p50: at(0.5),
      p95: at(0.95),
      p99: at(0.99),
      longest: at(1),
      cpu: this.#ended.cpu - this.#began.cpu,
      databaseCpu: this.#ended.databaseCpu - this.#began.databaseCpu,
    };
  }

  #reading(): { at: number; cpu: number; databaseCpu: number } {
    const { service, database } = this.#watched;
    return {
      at: performance.now(),
      cpu: cpuOf(service),
      databaseCpu: database === undefined ? 0 : cpuWithChildrenOf(database),
    };
  }
}

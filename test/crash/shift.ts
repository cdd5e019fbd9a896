// A crowd at work on three processes: everybody calls through the balancer, and goes on when a call fails.

import { setTimeout as sleep } from 'node:timers/promises';
import type { Crowd } from './crowd.ts';
import type { Fleet } from './fleet.ts';
import type { Poller } from './poller.ts';
import { INTERNAL_ERROR, type Saver } from './saver.ts';
import type { Stopwatch } from './stopwatch.ts';

/** Milliseconds that a client waits when it was not served, or polls again. */
const PAUSE = 50;
/** After so many calls a client connects again: to the next process, which may have been away. */
const CALLS_A_CONNECTION = 25;

export class Shift {
  /** Calls of clients that save which were answered 1011, and those of them that were not certain. */
  failed = 0;
  uncertain = 0;
  readonly #crowd: Crowd;
  readonly #fleet: Fleet;
  readonly #watch: Stopwatch;
  #carriedOut = 0;

  constructor(crowd: Crowd, fleet: Fleet, watch: Stopwatch) {
    this.#crowd = crowd;
    this.#fleet = fleet;
    this.#watch = watch;
  }

  /** Everybody is at work while that is done, and then comes to an end of the call that is under way. */
  async during(work: () => Promise<void>): Promise<void> {
    let isOver = false;
    const goesOn = (): boolean => !isOver;
    const working = [
      ...this.#crowd.savers.map((saver) => this.#save(saver, goesOn)),
      ...[...this.#crowd.pollers].map(([akasse, poller]) => this.#poll(akasse, poller, goesOn)),
    ];
    try {
      await work();
    } finally {
      isOver = true;
      await Promise.all(working);
    }
  }

  /** Waits until a Save has been carried out; that nobody is served within so many milliseconds is a problem. */
  async demandServed(when: string, patience: number): Promise<void> {
    const before = this.#carriedOut;
    for (const until = performance.now() + patience; this.#carriedOut === before; await sleep(2))
      if (performance.now() > until) {
        this.#crowd.problems.push(`${when}: nobody was served for ${patience} ms`);
        return;
      }
  }

  async #save(saver: Saver, goesOn: () => boolean): Promise<void> {
    const target = this.#fleet.target('udk');
    for (let made = 1; goesOn(); made += 1) {
      const onEnd = this.#watch.onCall();
      const answer = await saver.one(target);
      const isFailing = typeof answer !== 'string' && answer.fejlkode === INTERNAL_ERROR;
      onEnd(isFailing);
      if (typeof answer === 'string') await sleep(PAUSE);
      else if (isFailing) {
        this.failed += 1;
        if (answer.isUncertain) this.uncertain += 1;
        await sleep(PAUSE);
      } else if (answer.made !== undefined) this.#carriedOut += 1;
      if (made % CALLS_A_CONNECTION === 0) saver.disconnect();
    }
  }

  async #poll(akasse: string, poller: Poller, goesOn: () => boolean): Promise<void> {
    const target = this.#fleet.target(akasse);
    while (goesOn()) {
      await poller.poll(target);
      await sleep(PAUSE);
    }
  }
}

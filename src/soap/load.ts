// What is under way, held against what may be: calls, bodies on their way in, answers on their way out. What would be
// too much is refused before it costs anything, and what one system does too much of is refused to it alone.

import type { ServerResponse } from 'node:http';
import { LIMITS } from '../contract/limits.ts';
import { busy, type HttpRefusal } from './guard.ts';
import { Tally } from './tally.ts';
import { Turns } from './turns.ts';

const OVERLOADED = busy('The service is busy. Try again shortly.');
const TAKES_NO_ANSWERS = busy('Take the answers to your earlier calls first; they wait on your connections.');
const TOO_MANY_CALLS = busy('You have too many calls under way. Wait for some of them to be answered.');

/** Under which all are counted who are nobody's system: a stranger can have as many certificates as it likes. */
const STRANGERS = '';

/** What is under way, for the metrics. */
export interface ServerLoad {
  readonly connections: number;
  /** Calls that the store is asked about or that wait for it. */
  readonly calls: number;
  /** Requests that were answered 503 since the start. */
  readonly refused: number;
}

/** How many bytes of bodies are being read of one system. */
export interface Reading {
  /** Takes room for so many more; false when there is none. */
  take(bytes: number): boolean;
  giveBack(bytes: number): void;
}

/** The load of one server. */
export class Load {
  readonly #calls = new Tally();
  readonly #bodies = new Tally();
  readonly #undelivered = new Tally();
  readonly #turns = new Turns(LIMITS.maxAtStore, LIMITS.patience);
  #refused = 0;

  /** Calls that are under way. */
  get calls(): number {
    return this.#calls.total;
  }

  /** Requests that were answered 503 since the start. */
  get refused(): number {
    return this.#refused;
  }

  countRefused(): void {
    this.#refused += 1;
  }

  /** Why nobody's call is taken on now; undefined when calls are. */
  refusal(): HttpRefusal | undefined {
    return this.#calls.total >= LIMITS.maxInFlight ? OVERLOADED : undefined;
  }

  /** Why a call of that system is not taken on now. */
  refusalTo(system: string): HttpRefusal | undefined {
    if (this.#undelivered.of(system) > LIMITS.maxUndelivered) return TAKES_NO_ANSWERS;
    if (this.#calls.of(system) >= LIMITS.maxInFlightEach) return TOO_MANY_CALLS;
    return this.refusal();
  }

  /** Why a caller who is nobody's system is not even told so now. */
  refusalToStranger(): HttpRefusal | undefined {
    return this.#calls.of(STRANGERS) >= LIMITS.maxInFlightStrangers ? OVERLOADED : this.refusal();
  }

  /**
   * Does the work of a call when it is the turn of that system, and counts it until it has its answer; delivery is not
   * waited for. Gives a refusal when its turn did not come in time.
   */
  async calling<T>(system: string, work: () => Promise<T>): Promise<T | HttpRefusal> {
    this.#calls.add(system, 1);
    try {
      if (!(await this.#turns.next(system))) return OVERLOADED;
      try {
        return await work();
      } finally {
        this.#turns.done();
      }
    } finally {
      this.#calls.add(system, -1);
    }
  }

  /** The same for a caller who is nobody's system. */
  callingStranger<T>(work: () => Promise<T>): Promise<T | HttpRefusal> {
    return this.calling(STRANGERS, work);
  }

  /** Counts what is read of the bodies of one system. */
  reading(system: string): Reading {
    return {
      take: (bytes) => {
        const isTooMuch =
          this.#bodies.total + bytes > LIMITS.maxReading ||
          this.#bodies.of(system) + bytes > LIMITS.maxReadingEach;
        if (!isTooMuch) this.#bodies.add(system, bytes);
        return !isTooMuch;
      },
      giveBack: (bytes) => this.#bodies.add(system, -bytes),
    };
  }

  /** Counts an answer until its client has taken it, or is gone: a system that reads nothing must not fill the memory. */
  delivering(system: string, xml: string, response: ServerResponse): void {
    if (response.destroyed) return; // the client is gone already, and will not go again
    const bytes = Buffer.byteLength(xml);
    this.#undelivered.add(system, bytes);
    response.once('close', () => this.#undelivered.add(system, -bytes));
  }
}

/** Whether a call was refused without having been carried out. */
export const isRefusal = (answered: object): answered is HttpRefusal => 'text' in answered;

/** When no more bytes of bodies can be taken. */
export const tooMuchAtOnce = busy('The service is busy reading. Send this again shortly.', {
  Connection: 'close',
});

/** On a connection that is one too many. */
export const tooManyConnections = busy('There are too many connections. Close some, or try again shortly.', {
  Connection: 'close',
});

/** To a client that sends on and on without waiting for answers. */
export const tooManyPipelined = busy(
  `More than ${LIMITS.maxPipelined} requests wait on this connection. Wait for answers before sending more.`,
  { Connection: 'close' },
);

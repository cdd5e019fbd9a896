// What is under way, held against what may be: calls, bodies on their way in, answers on their way out. What would be
// too much is refused before it costs anything, and what one system does too much of is refused to it alone.

import type { ServerResponse } from 'node:http';
import { LIMITS } from '../contract/limits.ts';
import { busy, type HttpRefusal } from './guard.ts';
import { Tally } from './tally.ts';

const OVERLOADED = busy('The service is busy. Try again shortly.');
const TAKES_NO_ANSWERS = busy('Take the answers to your earlier calls first; they wait on your connections.');
const TOO_MANY_CALLS = busy('You have too many calls under way. Wait for some of them to be answered.');

/** What is under way, for the metrics. */
export interface ServerLoad {
  readonly connections: number;
  /** Calls that the store is asked about or that wait for it. */
  readonly calls: number;
  /** Requests that were answered 503 since the start. */
  readonly refused: number;
}

/** How many bytes of bodies are being read. */
export interface Reading {
  /** Takes room for so many more; false when there is none. */
  take(bytes: number): boolean;
  giveBack(bytes: number): void;
}

/** The load of one server. */
export class Load {
  readonly #calls = new Tally();
  readonly #undelivered = new Tally();
  #bodies = 0;
  #refused = 0;

  readonly reading: Reading = {
    take: (bytes) => {
      if (this.#bodies + bytes > LIMITS.maxReading) return false;
      this.#bodies += bytes;
      return true;
    },
    giveBack: (bytes) => {
      this.#bodies -= bytes;
    },
  };

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

  /** Counts a call until it has its answer; delivery is not waited for. */
  async calling<T>(system: string, work: Promise<T>): Promise<T> {
    this.#calls.add(system, 1);
    try {
      return await work;
    } finally {
      this.#calls.add(system, -1);
    }
  }

  /** Counts an answer until its client has taken it, or is gone: a system that reads nothing must not fill the memory. */
  delivering(system: string, bytes: number, response: ServerResponse): void {
    this.#undelivered.add(system, bytes);
    response.once('close', () => this.#undelivered.add(system, -bytes));
  }
}

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

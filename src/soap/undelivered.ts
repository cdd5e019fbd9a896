// Answers that have been made and not been taken: a system that asks on without reading must not fill the memory.

import type { ServerResponse } from 'node:http';
import { LIMITS } from '../contract/limits.ts';
import { type HttpRefusal, overloaded } from './guard.ts';

/** The answers on their way, by the system that asked. */
export class Undelivered {
  readonly #bytes = new Map<string, number>();

  /** Whether so much waits for the system that it gets nothing more until it has taken some of it. */
  isTooMuch(system: string): boolean {
    return (this.#bytes.get(system) ?? 0) > LIMITS.maxUndelivered;
  }

  /** Counts an answer until its client has taken it, or is gone. */
  count(system: string, bytes: number, response: ServerResponse): void {
    this.#add(system, bytes);
    response.once('close', () => this.#add(system, -bytes));
  }

  #add(system: string, bytes: number): void {
    const now = (this.#bytes.get(system) ?? 0) + bytes;
    if (now === 0) this.#bytes.delete(system);
    else this.#bytes.set(system, now);
  }
}

/** To a system that asks on without taking what it was answered. */
export const takesNoAnswers: HttpRefusal = {
  ...overloaded,
  text: 'Take the answers to your earlier calls first; they wait on your connections.',
};

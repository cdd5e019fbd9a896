// Saves over HTTP as fast as they are answered, and what each took: for experiments that hold a service under load.

import { PENSION_SERVICE } from '../../src/contract/names.ts';
import { textOf } from './answers.ts';
import { saveEnvelope } from './envelopes.ts';
import { kompensation } from './store-fixtures.ts';

export interface AnsweredSave {
  readonly forloebId: string;
  /** When it was sent and when it was answered, as performance.now(). */
  readonly sent: number;
  readonly answered: number;
}

/** Clients that save until they are told to stop, one call after the other each. */
export class Savers {
  /** In the order of the answers. */
  readonly answered: AnsweredSave[] = [];
  readonly problems: string[] = [];
  readonly #url: string;
  readonly #borger: (nr: number) => string;
  #goesOn = true;
  #made = 0;
  readonly #clients: Promise<void>[];

  /** `borger` gives the citizen of each call. */
  constructor(url: string, clients: number, borger: (nr: number) => string) {
    this.#url = url;
    this.#borger = borger;
    this.#clients = Array.from({ length: clients }, () => this.#run());
  }

  /** Resolves when that many more have been answered. */
  async more(count: number): Promise<void> {
    const until = this.answered.length + count;
    while (this.answered.length < until && this.problems.length === 0)
      await new Promise((resolve) => setTimeout(resolve, 5));
  }

  async stop(): Promise<void> {
    this.#goesOn = false;
    await Promise.all(this.#clients);
  }

  async #run(): Promise<void> {
    while (this.#goesOn) {
      this.#made += 1;
      const body = saveEnvelope({ Personnummer: this.#borger(this.#made), ...kompensation('2026-01-01') });
      const sent = performance.now();
      try {
        const answer = await fetch(this.#url + PENSION_SERVICE.path, {
          method: 'POST',
          headers: { 'Content-Type': 'text/xml; charset=utf-8' },
          body,
        });
        const text = await answer.text();
        const forloebId = textOf(text, 'CreatedItemIdentifier');
        if (forloebId === undefined) this.problems.push(`${answer.status}: ${text}`);
        else this.answered.push({ forloebId, sent, answered: performance.now() });
      } catch (error) {
        this.problems.push(String(error));
        return;
      }
    }
  }
}

// What an a-kasse has taken in from its sequences, and all of it held against what the store owes it and what UDK was told.

import { addressOf } from '../../src/store/open-store.ts';
import { NOTHING_WRONG, sumOf } from '../support/counts.ts';
import type { History, HistoryCounts } from '../support/history.ts';
import { keptSince, owedTo, reported } from '../support/kept-versions.ts';
import { compareLedger, type Reported } from '../support/ledger.ts';
import { AKASSE, type Answer } from './calls.ts';

const DATES = [
  'TidligPensionOvergangsdato',
  'TidligPensionAfgoerelsesdato',
  'TidligPensionOphoersdato',
  'Kompensationsafgoerelsesdato',
];

/** One a-kasse. */
export class Intake {
  /** What it has processed, each besked once, in order. */
  readonly processed: Reported[] = [];
  /** Beskeder that came again though a sequence with them had been terminated. */
  again = 0;
  readonly #seen = new Set<string>();
  readonly #delivered = new Set<string>();
  #held: readonly string[] = [];

  /** Takes in the beskeder of an answer. Gives how many there were. */
  take({ body }: Answer): number {
    // By pattern: there are many, and the form of answers is held elsewhere.
    const beskeder = [...body.matchAll(/<TidligPensionRegistration>(.*?)<\/TidligPensionRegistration>/gs)];
    this.#held = beskeder.map(([, besked]) => this.#process(besked!));
    return beskeder.length;
  }

  /** The sequence was terminated: what came last will not come again. */
  delivered(): void {
    for (const identifier of this.#held) this.#delivered.add(identifier);
  }

  #process(besked: string): string {
    const at = (name: string): string | undefined =>
      new RegExp(`<(?:\\w+:)?${name}>([^<]*)<`).exec(besked)?.[1];
    const identifier = at('MessageIdentifier')!.toLowerCase();
    if (this.#delivered.has(identifier)) this.again += 1;
    if (!this.#seen.has(identifier)) {
      const forloeb = at('TidligPensionIdentifier')!.toLowerCase();
      this.processed.push(reported(at('Personnummer')!, forloeb, identifier, DATES.map(at)));
    }
    this.#seen.add(identifier);
    return identifier;
  }
}

/** Holds what a store has kept against what was said, and what its a-kasse has processed against what is owed. */
export async function compareAll(store: string, history: History, akasse: Intake): Promise<HistoryCounts> {
  const kept = await keptSince(addressOf(store), 0);
  const taken = compareLedger(owedTo(kept, AKASSE), akasse.processed);
  return sumOf([history.compare(kept), taken, { ...NOTHING_WRONG, duplicated: akasse.again }]);
}

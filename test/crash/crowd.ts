// The callers of an experiment in which what they call is killed: 16 clients that save, two a-kasser that poll, what all of
// them have said and heard, and what it comes to in the end.

import path from 'node:path';
import type { PensionClient } from '../../src/cli/client/pension-client.ts';
import type { Target } from '../../src/cli/client/target.ts';
import { NOTHING_WRONG, sumOf } from '../support/counts.ts';
import { History, type HistoryCounts } from '../support/history.ts';
import { type AskedOf, brokenInvariants, checkInvariants } from '../support/invariants.ts';
import { comeAgainTerminated, keptSince, leftIn, processedAgainstOwed } from '../support/kept-versions.ts';
import { type Seeded, seeded } from '../support/seeded.ts';
import { Poller, type PollerOptions } from './poller.ts';
import { misreadBy } from './read-back.ts';
import { AKASSER, borgereOf } from './register.ts';
import { type Common, INTERNAL_ERROR, Saver } from './saver.ts';

const SAVERS = 16;
/** Citizens that are read back at a time. */
const READ_BACK = 3;

export interface CrowdOptions extends PollerOptions {
  /** For what the a-kasser have processed. */
  readonly folder: string;
  readonly seed: number;
}

/** What it came to. */
export interface CrowdOutcome {
  /** Saves, by how they ended; of those without an answer, how many were kept. */
  readonly acknowledged: number;
  readonly refused: number;
  readonly unknown: number;
  readonly keptUnknown: number;
  /** Versions kept, against what was said; and files of the a-kasser, against what they are owed. */
  readonly counts: HistoryCounts;
  readonly beskeder: number;
  /** What was handed out more than once, and rightly so. */
  readonly repeated: number;
  /** Everything that must not be, in words. */
  readonly problems: readonly string[];
}

export class Crowd {
  readonly history = new History();
  readonly problems: string[] = [];
  readonly savers: readonly Saver[];
  readonly pollers = new Map<string, Poller>();
  /** Whom the calls are about now. */
  borgere: readonly string[] = borgereOf(0);
  readonly #folder: string;
  readonly #others: Common['others'] = { answered: [], unanswered: 0 };
  #gets = 0;
  #last = 0;

  private constructor({ folder, seed, mayFail = false }: CrowdOptions) {
    this.#folder = folder;
    const common: Common = {
      history: this.history,
      borgere: () => this.borgere,
      known: [],
      others: this.#others,
      problems: this.problems,
      mayFail,
    };
    this.savers = Array.from(
      { length: SAVERS },
      (_, nr) => new Saver(common, seeded(seed * SAVERS + nr + 1)),
    );
  }

  static async gather(options: CrowdOptions): Promise<Crowd> {
    const crowd = new Crowd(options);
    for (const akasse of AKASSER)
      crowd.pollers.set(akasse, await Poller.open(crowd.#fileOf(akasse), options));
    return crowd;
  }

  /** Holds what is new in the store against the calls from that number on, and all that there is, if `wholly`. */
  async look(store: string, round: string, before: number, wholly: boolean): Promise<void> {
    const kept = await keptSince(store, this.#last);
    this.#last = kept.at(-1)?.beskedNr ?? this.#last;
    const counts = this.history.compare(kept, before);
    const wrong = Object.entries(counts).filter(([, count]) => count > 0);
    if (wrong.length > 0) this.problems.push(`${round}: ${JSON.stringify(Object.fromEntries(wrong))}`);
    if (wholly) this.problems.push(...(await brokenInvariants(store)).map((broken) => `${round}: ${broken}`));
  }

  /** Get shows what was acknowledged last, or not answered since. */
  async readBack(reader: PensionClient, round: string, chance: Seeded): Promise<void> {
    for (let count = 0; count < READ_BACK; count += 1) {
      const borger = this.borgere[chance.below(this.borgere.length)]!;
      const read = await reader.get({ Personnummer: borger });
      this.#gets += 1;
      const misread = misreadBy(this.history, borger, read);
      if (misread !== undefined) this.problems.push(`${round}: I1: ${misread}`);
    }
  }

  /** The a-kasser empty their queues in peace, and everything is looked at. */
  async outcome(store: string, targetOf: (akasse: string) => Target): Promise<CrowdOutcome> {
    const { history, problems } = this;
    for (const [akasse, poller] of this.pollers) {
      if (!(await poller.poll(targetOf(akasse)))) problems.push(`${akasse} could not empty its queue`);
      problems.push(...poller.problems);
    }
    const left = await leftIn(store);
    if (left > 0) problems.push(`I4: ${left} beskeder or sequences are left`);
    const kept = await keptSince(store, 0);
    const counts = [history.compare(kept)];
    for (const [akasse, { handedOut }] of this.pollers) {
      const duplicated = await comeAgainTerminated(store, handedOut);
      const processed = processedAgainstOwed(this.#fileOf(akasse), kept, akasse);
      counts.push(sumOf([processed, { ...NOTHING_WRONG, duplicated }]));
    }
    problems.push(...(await checkInvariants(store, this.#asked())));
    const byMark = new Map(history.calls.map((call) => [call.mark, call]));
    const handed = [...this.pollers.values()].flatMap(({ handedOut }) =>
      handedOut.flatMap(({ beskeder }) => beskeder),
    );
    return {
      acknowledged: history.count('acknowledged'),
      refused: history.count('refused'),
      unknown: history.count('unknown'),
      keptUnknown: kept.filter(({ mark }) => byMark.get(mark)?.outcome === 'unknown').length,
      counts: sumOf(counts),
      beskeder: new Set(handed).size,
      repeated: handed.length - new Set(handed).size,
      problems,
    };
  }

  async close(): Promise<void> {
    for (const saver of this.savers) saver.disconnect();
    for (const poller of this.pollers.values()) await poller.close();
  }

  /** A call that was answered 1011 may have an entry, as one without an answer may. */
  #asked(): AskedOf {
    const pollers = [...this.pollers.values()].map(({ calls }) => calls);
    const sumOfPollers = (which: keyof Poller['calls']): number =>
      pollers.reduce((sum, calls) => sum + calls[which], 0);
    const saves = this.history.calls.filter(({ correlationId }) => correlationId !== undefined);
    const done = saves.filter(({ fejlkode }) => fejlkode !== INTERNAL_ERROR);
    return {
      answered: [
        ...done.map(({ correlationId, fejlkode }) => ({
          correlationId: correlationId!,
          ...(fejlkode && { fejlkode }),
        })),
        ...this.#others.answered,
      ],
      counted: this.#gets + sumOfPollers('answered'),
      unanswered:
        this.history.count('unknown') +
        (saves.length - done.length) +
        this.#others.unanswered +
        sumOfPollers('unanswered'),
    };
  }

  #fileOf(akasse: string): string {
    return path.join(this.#folder, `beskeder-${akasse}.jsonl`);
  }
}

// Measures one case: so many connections that ask one thing of one peer for a while.

import type { Address } from './load/connection.ts';
import type { Job, Outcome } from './load/generator.ts';
import type { Asked } from './load/messages.ts';
import { type Generator, startGenerator } from './load/start.ts';
import type { Watched } from './load/window.ts';
import { counted, digits } from './table.ts';

/** What is asked: a peer, or several processes on one store. */
export interface Subject {
  readonly name: string;
  /** What the Saves go into: no two of one store are alike. */
  readonly store: string;
  readonly watched: Watched;
  addresses(asked: Asked): readonly Address[];
}

/** Times are milliseconds; CPU is seconds for 1 000 calls. */
export interface Figures {
  readonly perSecond: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly cpu: number;
  readonly databaseCpu: number;
}

/** What is measured: for a time, or so many calls. */
export interface Case {
  readonly subject: Subject;
  readonly asked: Asked;
  readonly connections: number;
}

/** How much of it. */
export interface Extent {
  readonly milliseconds: number;
  readonly calls?: number;
  /** By default all citizens of the store. */
  readonly citizens?: { readonly first: number; readonly count: number };
}

/** Milliseconds before anything is measured: connections are made, and code becomes warm. */
const WARM_UP = 700;

/** Measures cases one after the other. */
export class Meter {
  readonly #citizens: number;
  readonly #generator: Generator<Job, Outcome> = startGenerator('generator.ts');
  readonly #sent = new Map<string, number>();

  constructor(citizens: number) {
    this.#citizens = citizens;
  }

  async measure({ subject, asked, connections }: Case, extent: Extent): Promise<Figures> {
    const { first, count } = extent.citizens ?? { first: 0, count: this.#citizens };
    const counter = `${subject.store} ${asked} ${first}`;
    const from = this.#sent.get(counter) ?? 0;
    const outcome = await this.#generator.run({
      addresses: subject.addresses(asked),
      asked,
      connections,
      milliseconds: extent.milliseconds,
      warmUp: WARM_UP,
      ...(extent.calls && { calls: extent.calls }),
      citizens: count,
      firstCitizen: first,
      from,
      watched: subject.watched,
    });
    this.#sent.set(counter, from + outcome.sent);
    if (outcome.answered === 0) throw new Error(`${subject.name} answered no ${asked} in the time`);
    return {
      perSecond: (outcome.answered / outcome.milliseconds) * 1_000,
      p50: outcome.p50,
      p95: outcome.p95,
      p99: outcome.p99,
      cpu: (outcome.cpu / outcome.answered) * 1_000,
      databaseCpu: (outcome.databaseCpu / outcome.answered) * 1_000,
    };
  }

  stop(): Promise<void> {
    return this.#generator.stop();
  }
}

/** A case in the progress. */
export const labelOf = ({ subject, asked, connections }: Case): string =>
  `${subject.name}, ${asked}, ${counted(connections, 'connection')}`;

/** Figures in the progress. */
export const inWords = ({ perSecond, p99, cpu }: Figures): string =>
  `${digits(perSecond)} a second, p99 ${digits(p99, 1)} ms, CPU ${digits(cpu, 2)} s for 1 000`;

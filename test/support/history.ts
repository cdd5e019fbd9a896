// The history of an experiment in which many clients save at once: each call as it was invoked and as it ended, held
// against what a store has kept. Two calls have an order when one was answered before the other was made.

import { setTimeout as sleep } from 'node:timers/promises';

/** The state of a forløb as a Save says it; dates, null for what is not there. */
export interface Said {
  readonly overgangsdato: string | null;
  readonly afgoerelsesdato: string | null;
  readonly ophoersdato: string | null;
  readonly kompensationsafgoerelsesdato: string | null;
}

/** With neither block: annulled, or not there at all. */
export const NOTHING: Said = {
  overgangsdato: null,
  afgoerelsesdato: null,
  ophoersdato: null,
  kompensationsafgoerelsesdato: null,
};

/** What a caller asks for. Without `forloebId` the service makes one. */
export interface Wish {
  readonly borger: string;
  readonly forloebId?: string;
  readonly said: Said;
}

/** One Save. `mark` stands in its header, and so in its version and in its audit entry. */
export interface Call extends Wish {
  readonly mark: string;
  readonly invoked: number;
  settled: number;
  /** `unknown`: sent, at least in part, and never answered; `unsent`: nobody was there to take it. */
  outcome: 'invoked' | 'acknowledged' | 'refused' | 'unknown' | 'unsent';
  correlationId?: string;
  /** The forløb that an acknowledgement names. */
  made?: string;
  fejlkode?: number;
}

/** A version as a store has it. */
export interface Kept {
  readonly mark: string;
  readonly borger: string;
  readonly forloebId: string;
  readonly correlationId: string;
  readonly said: Said;
}

/** How what is kept differs from what was said. All are 0 when nothing is wrong. */
export interface HistoryCounts {
  /** Acknowledged and not kept. */
  readonly lost: number;
  /** Kept, and refused, not sent or never said. */
  readonly unexpected: number;
  /** Kept again. */
  readonly duplicated: number;
  /** Kept before what had been answered when it was said, of the same citizen. */
  readonly reordered: number;
  /** Kept otherwise than it was said, or acknowledged. */
  readonly torn: number;
}

/** Nothing may be kept of a call that ended so. */
const IN_VAIN: readonly Call['outcome'][] = ['refused', 'unsent'];

/** The calls of all clients of a process, in the order in which they were made. */
export class History {
  readonly calls: Call[] = [];
  /** Calls that were answered, in one way or another. */
  answered = 0;
  readonly #ofForloeb = new Map<string, Call[]>();
  #clock = 0;

  /** A call is made. */
  invoke(wish: Wish): Call {
    const call: Call = {
      ...wish,
      mark: `kald ${this.calls.length + 1}`,
      invoked: this.#tick(),
      settled: Number.POSITIVE_INFINITY,
      outcome: 'invoked',
    };
    this.calls.push(call);
    if (call.forloebId !== undefined) this.#note(call.forloebId, call);
    return call;
  }

  /** It was carried out, and the answer names the forløb. */
  acknowledge(call: Call, correlationId: string, made: string): void {
    this.answered += 1;
    Object.assign(call, { outcome: 'acknowledged', settled: this.#tick(), correlationId, made });
    if (call.forloebId === undefined) this.#note(made, call);
  }

  /** It was refused with that code. */
  refuse(call: Call, correlationId: string, fejlkode: number): void {
    this.answered += 1;
    Object.assign(call, { outcome: 'refused', settled: this.#tick(), correlationId, fejlkode });
  }

  /** The answer did not come, and cannot any more: whoever should have given it is gone. */
  lose(call: Call): void {
    Object.assign(call, { outcome: 'unknown', settled: this.#tick() });
  }

  /** The answer did not come, and the call may still be carried out: whoever should have given it is there. */
  doubt(call: Call): void {
    Object.assign(call, { outcome: 'unknown' });
  }

  /** Nothing of it can have arrived. */
  withdraw(call: Call): void {
    Object.assign(call, { outcome: 'unsent', settled: this.#tick() });
  }

  /** Resolves when a call has been answered, and after so many milliseconds at most. */
  async nextAnswer(patience: number): Promise<void> {
    const before = this.answered;
    for (const until = performance.now() + patience; this.answered === before && performance.now() < until; )
      await sleep(2);
  }

  count(outcome: Call['outcome']): number {
    return this.calls.filter((call) => call.outcome === outcome).length;
  }

  /**
   * What a forløb may be seen to stand at now: what was acknowledged last, or not answered since. Empty when nothing
   * is known to be kept of it.
   */
  mayStandAt(forloebId: string): Said[] {
    const calls = (this.#ofForloeb.get(forloebId) ?? []).filter(({ outcome }) => !IN_VAIN.includes(outcome));
    const acknowledged = calls.filter(({ outcome }) => outcome === 'acknowledged');
    const lastKnown = Math.max(...acknowledged.map(({ invoked }) => invoked));
    return calls.filter(({ settled }) => settled >= lastKnown).map(({ said }) => said);
  }

  /** Every forløb of a citizen that was acknowledged, by its identifier. */
  acknowledgedOf(borger: string): Set<string> {
    const made = this.calls
      .filter((call) => call.borger === borger && call.outcome === 'acknowledged')
      .map((call) => call.made!);
    return new Set(made);
  }

  /** What was said of a citizen without an answer or an identifier: a forløb that nobody knows yet may stand at it. */
  unnamedOf(borger: string): Said[] {
    return this.calls
      .filter((call) => call.borger === borger && call.outcome === 'unknown' && call.forloebId === undefined)
      .map(({ said }) => said);
  }

  /**
   * Holds what a store has kept, in its order, against the calls from that number on. It must have nothing else since
   * then.
   */
  compare(kept: readonly Kept[], from = 0): HistoryCounts {
    const calls = new Map(this.calls.slice(from).map((call) => [call.mark, call]));
    const counts = { lost: 0, unexpected: 0, duplicated: 0, reordered: 0, torn: 0 };
    const seen = new Set<Call>();
    for (const version of kept) {
      const call = calls.get(version.mark);
      if (call === undefined || IN_VAIN.includes(call.outcome)) counts.unexpected += 1;
      else if (seen.has(call)) counts.duplicated += 1;
      else if (!isAsSaid(call, version)) counts.torn += 1;
      if (call !== undefined) seen.add(call);
    }
    for (const call of calls.values())
      if (call.outcome === 'acknowledged' && !seen.has(call)) counts.lost += 1;
    counts.reordered = countReordered(kept.flatMap(({ mark }) => calls.get(mark) ?? []));
    return counts;
  }

  /**
   * The history as it was when only those calls had been answered, by their correlation ids: of the others that were
   * acknowledged later, or refused with one of those codes, nobody knew.
   */
  asOf(answered: ReadonlySet<string>, unsure: readonly number[] = []): History {
    const then = new History();
    for (const call of this.calls) {
      const isKnown = call.correlationId !== undefined && answered.has(call.correlationId);
      const isUnsure = call.outcome === 'acknowledged' || unsure.includes(call.fejlkode ?? 0);
      then.calls.push(isKnown || !isUnsure ? call : { ...call, outcome: 'unknown' });
    }
    return then;
  }

  #note(forloebId: string, call: Call): void {
    const calls = this.#ofForloeb.get(forloebId);
    if (calls === undefined) this.#ofForloeb.set(forloebId, [call]);
    else calls.push(call);
  }

  #tick(): number {
    this.#clock += 1;
    return this.#clock;
  }
}

/** Whether both say the same. */
export const isSame = (one: Said, other: Said): boolean =>
  Object.keys(NOTHING).every((key) => one[key as keyof Said] === other[key as keyof Said]);

const isAsSaid = (call: Call, kept: Kept): boolean =>
  call.borger === kept.borger &&
  isSame(call.said, kept.said) &&
  (call.made ?? call.forloebId ?? kept.forloebId) === kept.forloebId &&
  (call.correlationId ?? kept.correlationId) === kept.correlationId;

/** Calls of a citizen behind which one is kept that had been answered before they were made. */
function countReordered(inOrder: readonly Call[]): number {
  const earliest = new Map<string, number>();
  return inOrder.toReversed().filter(({ borger, invoked, settled }) => {
    const behind = earliest.get(borger) ?? Number.POSITIVE_INFINITY;
    earliest.set(borger, Math.min(behind, settled));
    return behind < invoked;
  }).length;
}

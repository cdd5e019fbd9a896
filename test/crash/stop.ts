// A service under load, stopped with SIGTERM again and again on one store: kept-alive clients in the middle of their calls,
// clients whose requests are half sent, and some that send two at once.

import { setTimeout as sleep } from 'node:timers/promises';
import { resolveTarget, type Target } from '../../src/cli/client/target.ts';
import { type Call, History, type HistoryCounts } from '../support/history.ts';
import { brokenInvariants, checkInvariants } from '../support/invariants.ts';
import { keptSince } from '../support/kept-versions.ts';
import { type Seeded, seeded } from '../support/seeded.ts';
import type { Served, ServedTls } from '../support/served.ts';
import { HalfSender } from './half-sender.ts';
import { borgereOf, makeRegister } from './register.ts';
import { type Common, Saver } from './saver.ts';

const SAVERS = 16;
const HALF_SENDERS = 6;
/** Milliseconds of load before a stop, and at most until a half sent request is sent whole after it. */
const LEAST_LOAD = 5;
const MOST_LOAD = 300;
const MOST_WAIT = 300;
/** Milliseconds at most for the first answer, from which on the load counts. */
const PATIENCE = 5_000;
/** In one of so many stops callers come by mutual TLS; in one of so many a client never sends the rest. */
const TLS_EACH = 5;
const NEVER_EACH = 20;
/** The promise, in milliseconds. */
const SOON = 10_000;
const FULL_CHECKS = 30;

export interface StopCourse {
  readonly seed: number;
  readonly stops: number;
}

/** What it came to. */
export interface StopOutcome {
  readonly acknowledged: number;
  readonly refused: number;
  /** Sent, at least in part, when or after the service was told to stop, and not answered. */
  readonly unanswered: number;
  /** Of those, carried out all the same. */
  readonly carriedOut: number;
  /** Under way when the service was told to stop: all bytes sent, or the head and the rest soon after. */
  readonly inFlight: number;
  readonly counts: HistoryCounts;
  /** The longest stop, in milliseconds, of those in which every client sent its rest. */
  readonly slowest: number;
  readonly problems: readonly string[];
}

/** Runs the course on a service that is not up; it is down afterwards. */
export async function stopService(served: Served, course: StopCourse): Promise<StopOutcome> {
  await makeRegister(served.store, course.stops);
  const stopping = new Stopping(served, course);
  try {
    for (let stop = 0; stop < course.stops; stop += 1) await stopping.once(stop);
    return await stopping.outcome();
  } finally {
    stopping.close();
  }
}

/** A request that is half sent, or two that are sent as one. */
interface Half {
  readonly sender: HalfSender;
  readonly calls: readonly Call[];
}

class Stopping {
  readonly #served: Served;
  readonly #course: StopCourse;
  readonly #chance: Seeded;
  readonly #history = new History();
  readonly #problems: string[] = [];
  readonly #others: Common['others'] = { answered: [], unanswered: 0 };
  readonly #savers: readonly Saver[];
  #borgere = borgereOf(0);
  #inFlight = 0;
  #slowest = 0;

  constructor(served: Served, course: StopCourse) {
    this.#served = served;
    this.#course = course;
    this.#chance = seeded(course.seed);
    const common: Common = {
      history: this.#history,
      borgere: () => this.#borgere,
      known: [],
      others: this.#others,
      problems: this.#problems,
    };
    this.#savers = Array.from(
      { length: SAVERS },
      (_, nr) => new Saver(common, seeded(course.seed * SAVERS + nr + 1)),
    );
  }

  /** Load, a stop in the middle of it, and a look at what is there. */
  async once(stop: number): Promise<void> {
    const tls = stop % TLS_EACH === TLS_EACH - 1 ? 'on' : 'off';
    const never = stop % NEVER_EACH === NEVER_EACH - 1;
    const target = this.#target(tls);
    this.#borgere = borgereOf(stop);
    await this.#served.start(tls);
    let isOver = false;
    const saving = this.#savers.map((saver) => saver.run(target, () => !isOver));
    const halves = await Promise.all(Array.from({ length: HALF_SENDERS }, () => this.#half(target)));
    const twice = await this.#twice(target);
    await this.#history.nextAnswer(PATIENCE);
    await sleep(LEAST_LOAD + this.#chance.below(MOST_LOAD - LEAST_LOAD));

    void twice.sender.send(1);
    const began = performance.now();
    const ended = this.#served.end('SIGTERM');
    const inFlight = this.#savers.flatMap(({ sent }) => sent ?? []);
    const sending = halves.map((half, at) => (never && at === 0 ? undefined : this.#sendRest(half)));
    const { code, signal, stderr } = await ended;
    const took = performance.now() - began;
    isOver = true;
    await Promise.all([...saving, ...sending, ...[...halves, twice].map((half) => this.#settle(half))]);

    const mustBeAnswered = [...inFlight, ...halves.slice(never ? 1 : 0).flatMap(({ calls }) => calls)];
    this.#inFlight += mustBeAnswered.length;
    const unheard = mustBeAnswered.filter(({ outcome }) => outcome === 'unknown').length;
    if (unheard > 0) this.#problems.push(`stop ${stop}: ${unheard} requests in flight were not answered`);
    if (code !== 0) this.#problems.push(`stop ${stop}: ended with ${code ?? signal}: ${stderr.slice(-500)}`);
    if (took > SOON) this.#problems.push(`stop ${stop}: it took ${Math.round(took)} ms`);
    if (!never) this.#slowest = Math.max(this.#slowest, took);
    if (stop % Math.ceil(this.#course.stops / FULL_CHECKS) === 0)
      this.#problems.push(
        ...(await brokenInvariants(this.#served.store)).map((broken) => `stop ${stop}: ${broken}`),
      );
  }

  async outcome(): Promise<StopOutcome> {
    const { store } = this.#served;
    const kept = await keptSince(store, 0);
    const unanswered = new Set(
      this.#history.calls.filter(({ outcome }) => outcome === 'unknown').map(({ mark }) => mark),
    );
    const answered = this.#history.calls.filter(({ correlationId }) => correlationId !== undefined);
    const asked = {
      answered: [
        ...answered.map(({ correlationId, fejlkode }) => ({
          correlationId: correlationId!,
          ...(fejlkode && { fejlkode }),
        })),
        ...this.#others.answered,
      ],
      unanswered: this.#others.unanswered,
    };
    this.#problems.push(...(await checkInvariants(store, asked)));
    return {
      acknowledged: this.#history.count('acknowledged'),
      refused: this.#history.count('refused'),
      unanswered: unanswered.size,
      carriedOut: kept.filter(({ mark }) => unanswered.has(mark)).length,
      inFlight: this.#inFlight,
      counts: this.#history.compare(kept),
      slowest: this.#slowest,
      problems: this.#problems,
    };
  }

  close(): void {
    for (const saver of this.#savers) saver.disconnect();
  }

  /** Sends a part of a Save, at least its head. */
  async #half(target: Target): Promise<Half> {
    const half = await this.#open(target, 1);
    await half.sender.send(this.#chance.chance(0.3) ? 0 : 0.99 * (this.#chance.below(100) / 100));
    return half;
  }

  #twice(target: Target): Promise<Half> {
    return this.#open(target, 2);
  }

  /** Connects for so many Saves. */
  async #open(target: Target, count: number): Promise<Half> {
    const saver = this.#savers[0]!;
    const calls = Array.from({ length: count }, () => this.#history.invoke(saver.wishes.of('new')));
    const bodies = calls.map((call) => saver.envelopeOf(target, call));
    return { sender: await HalfSender.open(target, ...bodies), calls };
  }

  async #sendRest({ sender }: Half): Promise<void> {
    await sleep(this.#chance.below(MOST_WAIT));
    await sender.send(1);
  }

  async #settle({ sender, calls }: Half): Promise<void> {
    const answers = await sender.answers();
    calls.forEach((call, at) => void this.#savers[0]!.settle(call, answers[at] ?? 'no answer'));
  }

  #target(tls: ServedTls): Target {
    return resolveTarget({ url: this.#served.url(tls), as: 'udk', world: this.#served.world });
  }
}

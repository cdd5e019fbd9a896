// A service under load, killed with SIGKILL again and again on one store: 16 clients save, two a-kasser poll, and after
// each restart what is kept is held against what was said.

import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PensionClient } from '../../src/cli/client/pension-client.ts';
import { makePensionClient } from '../../src/cli/client/pension-client.ts';
import { resolveTarget, type Target } from '../../src/cli/client/target.ts';
import { NOTHING_WRONG, sumOf } from '../support/counts.ts';
import { History, type HistoryCounts } from '../support/history.ts';
import { brokenInvariants, checkInvariants } from '../support/invariants.ts';
import { comeAgainTerminated, keptSince, leftIn, processedAgainstOwed } from '../support/kept-versions.ts';
import { type Seeded, seeded } from '../support/seeded.ts';
import type { Served, ServedTls } from '../support/served.ts';
import { Poller } from './poller.ts';
import { misreadBy } from './read-back.ts';
import { AKASSER, borgereOf, makeRegister } from './register.ts';
import { type Common, Saver } from './saver.ts';

const SAVERS = 16;
/** Milliseconds of load before a kill. */
const LEAST_LOAD = 5;
const MOST_LOAD = 400;
/** Mostly the load counts from the first answer on, in milliseconds at most: a process that has just started is slow. */
const WARM = 0.8;
const PATIENCE = 2_000;
/** Some are killed in the middle of a stop, when the trail is sealed, and some before they listen as well. */
const STOPPING = 0.1;
const STARTING = 0.1;
/** Citizens that are read back after a restart. */
const READ_BACK = 3;
/** In one of so many rounds callers come by mutual TLS. */
const TLS_EACH = 10;
/** In long runs everything is looked at so often, and what is new in each round. */
const FULL_CHECKS = 30;

export interface ServiceCourse {
  readonly folder: string;
  readonly seed: number;
  readonly kills: number;
}

/** What it came to. */
export interface ServiceOutcome {
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

/** Runs the course on a service that is not up; it is down afterwards. */
export async function killService(served: Served, course: ServiceCourse): Promise<ServiceOutcome> {
  await makeRegister(served.store, course.kills);
  const kills = await Killing.make(served, course);
  try {
    for (let round = 0; round < course.kills; round += 1) await kills.round(round);
    return await kills.end();
  } finally {
    await kills.close();
  }
}

class Killing {
  readonly #served: Served;
  readonly #course: ServiceCourse;
  readonly #chance: Seeded;
  readonly #history = new History();
  readonly #problems: string[] = [];
  readonly #common: Common;
  readonly #savers: readonly Saver[];
  readonly #pollers = new Map<string, Poller>();
  readonly #readers = new Map<ServedTls, PensionClient>();
  readonly #others: Common['others'] = { answered: [], unanswered: 0 };
  #borgere = borgereOf(0);
  #gets = 0;
  #last = 0;

  private constructor(served: Served, course: ServiceCourse) {
    this.#served = served;
    this.#course = course;
    this.#chance = seeded(course.seed);
    this.#common = {
      history: this.#history,
      borgere: () => this.#borgere,
      known: [],
      others: this.#others,
      problems: this.#problems,
    };
    this.#savers = Array.from(
      { length: SAVERS },
      (_, nr) => new Saver(this.#common, seeded(course.seed * SAVERS + nr + 1)),
    );
  }

  static async make(served: Served, course: ServiceCourse): Promise<Killing> {
    const kills = new Killing(served, course);
    for (const akasse of AKASSER) kills.#pollers.set(akasse, await Poller.open(kills.#fileOf(akasse)));
    for (const tls of ['off', 'on'] as const)
      kills.#readers.set(tls, await makePensionClient(kills.#target('udk', tls), 'crash'));
    return kills;
  }

  /** Load, a kill in the middle of it, a restart, and a look at what is there. */
  async round(round: number): Promise<void> {
    const tls = round % TLS_EACH === TLS_EACH - 1 ? 'on' : 'off';
    this.#borgere = borgereOf(round);
    if (round === 0) await this.#served.start(tls);
    const before = this.#history.calls.length;
    let isUp = true;
    const working = [
      ...this.#savers.map((saver) => saver.run(this.#target('udk', tls), () => isUp)),
      ...[...this.#pollers].map(([akasse, poller]) => poller.run(this.#target(akasse, tls), () => isUp)),
    ];
    if (this.#chance.chance(WARM)) await this.#history.nextAnswer(PATIENCE);
    await sleep(LEAST_LOAD + this.#chance.below(MOST_LOAD - LEAST_LOAD + 1));
    const stops = this.#chance.chance(STOPPING);
    if (stops) {
      this.#served.signal('SIGTERM');
      await sleep(this.#chance.below(MOST_LOAD));
    }
    const killed = this.#served.end('SIGKILL');
    isUp = false;
    const { code, signal, stderr } = await killed;
    await Promise.all(working);
    if (signal !== 'SIGKILL' && !(stops && code === 0))
      this.#problems.push(`round ${round}: the service had ended by itself: ${stderr.slice(-500)}`);

    const next = (round + 1) % TLS_EACH === TLS_EACH - 1 ? 'on' : 'off';
    if (this.#chance.chance(STARTING)) await this.#served.startInVain(this.#chance.below(MOST_LOAD), next);
    const started = this.#served.start(next);
    this.#look(round, before); // while it starts, for time: it finds what the kill has left
    await started;
    await this.#readBack(round, next);
  }

  /** The a-kasser empty their queues in peace, and everything is looked at. */
  async end(): Promise<ServiceOutcome> {
    const { store } = this.#served;
    const tls = this.#course.kills % TLS_EACH === TLS_EACH - 1 ? 'on' : 'off';
    for (const [akasse, poller] of this.#pollers) {
      if (!(await poller.poll(this.#target(akasse, tls))))
        this.#problems.push(`${akasse} could not empty its queue`);
      this.#problems.push(...poller.problems);
    }
    const left = leftIn(store);
    if (left > 0) this.#problems.push(`I4: ${left} beskeder or sequences are left`);
    const kept = keptSince(store, 0);
    const processed = [...this.#pollers].flatMap(([akasse, { handedOut }]) => [
      processedAgainstOwed(this.#fileOf(akasse), kept, akasse),
      { ...NOTHING_WRONG, duplicated: comeAgainTerminated(store, handedOut) },
    ]);
    const counts = sumOf([this.#history.compare(kept), ...processed]);
    this.#problems.push(...(await checkInvariants(store, this.#asked())));
    const byMark = new Map(this.#history.calls.map((call) => [call.mark, call]));
    const handed = [...this.#pollers.values()].flatMap(({ handedOut }) =>
      handedOut.flatMap(({ beskeder }) => beskeder),
    );
    return {
      acknowledged: this.#history.count('acknowledged'),
      refused: this.#history.count('refused'),
      unknown: this.#history.count('unknown'),
      keptUnknown: kept.filter(({ mark }) => byMark.get(mark)?.outcome === 'unknown').length,
      counts,
      beskeder: new Set(handed).size,
      repeated: handed.length - new Set(handed).size,
      problems: this.#problems,
    };
  }

  async close(): Promise<void> {
    for (const saver of this.#savers) saver.disconnect();
    for (const reader of this.#readers.values()) reader.close();
    for (const poller of this.#pollers.values()) await poller.close();
  }

  /** What is new against what was said in the round; in some rounds all that there is. */
  #look(round: number, before: number): void {
    const { store } = this.#served;
    const kept = keptSince(store, this.#last);
    this.#last = kept.at(-1)?.beskedNr ?? this.#last;
    const counts = this.#history.compare(kept, before);
    const wrong = Object.entries(counts).filter(([, count]) => count > 0);
    if (wrong.length > 0) this.#problems.push(`round ${round}: ${JSON.stringify(Object.fromEntries(wrong))}`);
    if (round % Math.ceil(this.#course.kills / FULL_CHECKS) > 0) return;
    this.#problems.push(...brokenInvariants(store).map((broken) => `round ${round}: ${broken}`));
  }

  /** Get shows what was acknowledged last, or not answered since. */
  async #readBack(round: number, tls: ServedTls): Promise<void> {
    for (let count = 0; count < READ_BACK; count += 1) {
      const borger = this.#borgere[this.#chance.below(this.#borgere.length)]!;
      const read = await this.#readers.get(tls)!.get({ Personnummer: borger });
      this.#gets += 1;
      const misread = misreadBy(this.#history, borger, read);
      if (misread !== undefined) this.#problems.push(`round ${round}: I1: ${misread}`);
    }
  }

  #asked() {
    const pollers = [...this.#pollers.values()].map(({ calls }) => calls);
    const saves = this.#history.calls.filter(({ correlationId }) => correlationId !== undefined);
    return {
      answered: [
        ...saves.map(({ correlationId, fejlkode }) => ({
          correlationId: correlationId!,
          ...(fejlkode && { fejlkode }),
        })),
        ...this.#others.answered,
      ],
      counted: this.#gets + pollers.reduce((sum, { answered }) => sum + answered, 0),
      unanswered:
        this.#history.count('unknown') +
        this.#others.unanswered +
        pollers.reduce((sum, { unanswered }) => sum + unanswered, 0),
    };
  }

  #target(as: string, tls: ServedTls): Target {
    return resolveTarget({ url: this.#served.url(tls), as, world: this.#served.world });
  }

  #fileOf(akasse: string): string {
    return path.join(this.#course.folder, `beskeder-${akasse}.jsonl`);
  }
}

// A service under load, killed with SIGKILL again and again on one store: 16 clients save, two a-kasser poll, and after
// each restart what is kept is held against what was said.

import { setTimeout as sleep } from 'node:timers/promises';
import type { PensionClient } from '../../src/cli/client/pension-client.ts';
import { makePensionClient } from '../../src/cli/client/pension-client.ts';
import { resolveTarget, type Target } from '../../src/cli/client/target.ts';
import { type Seeded, seeded } from '../support/seeded.ts';
import type { Served, ServedTls } from '../support/served.ts';
import { Crowd, type CrowdOutcome } from './crowd.ts';
import { borgereOf, makeRegister } from './register.ts';

/** Milliseconds of load before a kill. */
const LEAST_LOAD = 5;
const MOST_LOAD = 400;
/** Mostly the load counts from the first answer on, in milliseconds at most: a process that has just started is slow. */
const WARM = 0.8;
const PATIENCE = 2_000;
/** Some are killed in the middle of a stop, when the trail is sealed, and some before they listen as well. */
const STOPPING = 0.1;
const STARTING = 0.1;
/** In one of so many rounds callers come by mutual TLS. */
const TLS_EACH = 10;
/** In long runs everything is looked at so often, and what is new in each round. */
const FULL_CHECKS = 30;

export interface ServiceCourse {
  readonly folder: string;
  readonly seed: number;
  readonly kills: number;
}

/** Runs the course on a service that is not up; it is down afterwards. */
export async function killService(served: Served, course: ServiceCourse): Promise<CrowdOutcome> {
  await makeRegister(served.store, course.kills);
  const kills = await Killing.make(served, course);
  try {
    for (let round = 0; round < course.kills; round += 1) await kills.round(round);
    return await kills.end();
  } finally {
    await kills.close();
  }
}

/** How callers come in that round. */
const tlsOf = (round: number): ServedTls => (round % TLS_EACH === TLS_EACH - 1 ? 'on' : 'off');

class Killing {
  readonly #served: Served;
  readonly #course: ServiceCourse;
  readonly #chance: Seeded;
  readonly #crowd: Crowd;
  readonly #readers = new Map<ServedTls, PensionClient>();

  private constructor(served: Served, course: ServiceCourse, crowd: Crowd) {
    this.#served = served;
    this.#course = course;
    this.#chance = seeded(course.seed);
    this.#crowd = crowd;
  }

  static async make(served: Served, course: ServiceCourse): Promise<Killing> {
    const kills = new Killing(served, course, await Crowd.gather(course));
    for (const tls of ['off', 'on'] as const)
      kills.#readers.set(tls, await makePensionClient(kills.#target('udk', tls), 'crash'));
    return kills;
  }

  /** Load, a kill in the middle of it, a restart, and a look at what is there. */
  async round(round: number): Promise<void> {
    const { history, savers, pollers, problems } = this.#crowd;
    const tls = tlsOf(round);
    this.#crowd.borgere = borgereOf(round);
    if (round === 0) await this.#served.start(tls);
    const before = history.calls.length;
    let isUp = true;
    const working = [
      ...savers.map((saver) => saver.run(this.#target('udk', tls), () => isUp)),
      ...[...pollers].map(([akasse, poller]) => poller.run(this.#target(akasse, tls), () => isUp)),
    ];
    if (this.#chance.chance(WARM)) await history.nextAnswer(PATIENCE);
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
      problems.push(`round ${round}: the service had ended by itself: ${stderr.slice(-500)}`);

    const next = tlsOf(round + 1);
    if (this.#chance.chance(STARTING)) await this.#served.startInVain(this.#chance.below(MOST_LOAD), next);
    const started = this.#served.start(next);
    // While it starts, for time: it finds what the kill has left.
    const wholly = round % Math.ceil(this.#course.kills / FULL_CHECKS) === 0;
    await this.#crowd.look(this.#served.store, `round ${round}`, before, wholly);
    await started;
    await this.#crowd.readBack(this.#readers.get(next)!, `round ${round}`, this.#chance);
  }

  /** Everybody comes to an end in peace. */
  end(): Promise<CrowdOutcome> {
    const tls = tlsOf(this.#course.kills);
    return this.#crowd.outcome(this.#served.store, (akasse) => this.#target(akasse, tls));
  }

  async close(): Promise<void> {
    for (const reader of this.#readers.values()) reader.close();
    await this.#crowd.close();
  }

  #target(as: string, tls: ServedTls): Target {
    return resolveTarget({ url: this.#served.url(tls), as, world: this.#served.world });
  }
}

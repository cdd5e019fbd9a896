// Three processes on one PostgreSQL under load behind a balancer: processes are killed with SIGKILL, one or more at a time,
// and the database is stopped immediately, again and again; and what is kept is held against what was said.

import { setTimeout as sleep } from 'node:timers/promises';
import { onServer } from '../../build/postgres/databases.ts';
import type { PrivatePostgres } from '../../build/postgres/server.ts';
import { makePensionClient } from '../../src/cli/client/pension-client.ts';
import { openRows, verifyStore } from '../../src/store/open-store.ts';
import { type Seeded, seeded } from '../support/seeded.ts';
import { Crowd, type CrowdOutcome } from './crowd.ts';
import type { Fleet } from './fleet.ts';
import { leaveIdle } from './idle.ts';
import { type Blow, makePlan } from './plan.ts';
import { borgereOf } from './register.ts';
import { Shift } from './shift.ts';
import { Stopwatch } from './stopwatch.ts';

/** Milliseconds of load before a blow, mostly from the first Save on that is carried out. */
const LEAST_LOAD = 5;
const MOST_LOAD = 400;
const WARM = 0.8;
/** Milliseconds at most until somebody is served again, whatever has happened. */
const PATIENCE = 10_000;
/** Milliseconds for which the database is away. */
const LEAST_AWAY = 100;
const MOST_AWAY = 2_000;
/** Some processes are killed in the middle of a stop, and some before they listen as well. */
const STOPPING = 0.1;
const STARTING = 0.1;
/** Blows between two looks at the store, for which the load rests; in long runs so many looks. */
const LEAST_LAP = 3;
const LAPS = 25;
/** In one of so many laps nothing is killed for so many milliseconds: each process comes to seal the trail meanwhile. */
const CALM_EACH = 5;
const CALM = 6_000;

/** In runs of so many kills an a-kasse leaves a sequence idle as well, which takes two minutes. */
const LONG = 50;

export interface PostgresCourse {
  readonly folder: string;
  readonly seed: number;
  /** How many processes are killed, and how often the database is stopped. */
  readonly kills: number;
  readonly stops: number;
}

/** What it came to. */
export interface PostgresOutcome extends CrowdOutcome {
  /** Calls of clients that save which were answered 1011, and those of them that were not certain. */
  readonly failed: number;
  readonly uncertain: number;
  /** Calls of anybody that were answered 1011 while the database was well. */
  readonly failedForNoReason: number;
  /** Of each stop of the database: milliseconds from when it was there again until a Save was carried out. */
  readonly recovered: readonly number[];
  readonly slowest: number;
  readonly slowestWithoutDatabase: number;
}

/** How many rounds of citizens the course needs. */
export const roundsOf = ({ kills, stops }: Pick<PostgresCourse, 'kills' | 'stops'>): number => kills + stops;

/** Runs the course on processes that are up, on a store with a register; they are up afterwards. */
export async function killFleet(
  fleet: Fleet,
  database: PrivatePostgres,
  course: PostgresCourse,
): Promise<PostgresOutcome> {
  const killing = await FleetKilling.make(fleet, database, course);
  try {
    return await killing.run();
  } finally {
    await killing.close();
  }
}

class FleetKilling {
  readonly #fleet: Fleet;
  readonly #database: PrivatePostgres;
  readonly #course: PostgresCourse;
  readonly #chance: Seeded;
  readonly #watch: Stopwatch;
  readonly #crowd: Crowd;
  readonly #shift: Shift;
  readonly #recovered: number[] = [];

  private constructor(
    fleet: Fleet,
    database: PrivatePostgres,
    course: PostgresCourse,
    watch: Stopwatch,
    crowd: Crowd,
  ) {
    this.#fleet = fleet;
    this.#database = database;
    this.#course = course;
    this.#chance = seeded(course.seed);
    this.#watch = watch;
    this.#crowd = crowd;
    this.#shift = new Shift(crowd, fleet, watch);
  }

  static async make(fleet: Fleet, database: PrivatePostgres, course: PostgresCourse): Promise<FleetKilling> {
    const watch = new Stopwatch();
    const crowd = await Crowd.gather({ ...course, mayFail: true, onCall: watch.onCall });
    return new FleetKilling(fleet, database, course, watch, crowd);
  }

  async run(): Promise<PostgresOutcome> {
    const { kills, stops } = this.#course;
    const plan = makePlan(this.#chance, this.#fleet.size, kills, stops);
    const each = Math.max(LEAST_LAP, Math.ceil(plan.length / LAPS));
    for (let lap = 0; lap * each < plan.length; lap += 1) {
      const before = this.#crowd.history.calls.length;
      await this.#shift.during(async () => {
        for (const [at, blow] of plan.slice(lap * each, (lap + 1) * each).entries())
          await this.#strike(blow, lap * each + at);
        if (lap % CALM_EACH === 0) await this.#calm(lap);
      });
      await this.#look(`lap ${lap}`, before);
    }
    if (kills >= LONG) this.#crowd.problems.push(...(await leaveIdle(this.#crowd, this.#fleet)));
    const outcome = await this.#crowd.outcome(this.#fleet.store, (akasse) => this.#fleet.target(akasse));
    return {
      ...outcome,
      problems: [...outcome.problems, ...(await violations(this.#fleet.store))],
      failedForNoReason: this.#watch.failedForNoReason,
      failed: this.#shift.failed,
      uncertain: this.#shift.uncertain,
      recovered: this.#recovered,
      slowest: this.#watch.slowest,
      slowestWithoutDatabase: this.#watch.slowestWithoutDatabase,
    };
  }

  close(): Promise<void> {
    return this.#crowd.close();
  }

  /** Processes that are left alone seal the trail; one that comes right behind another may find nothing to seal. */
  async #calm(lap: number): Promise<void> {
    const [sealers] = await Promise.all([this.#fleet.sealers(PATIENCE), sleep(CALM)]);
    if (sealers < this.#fleet.size - 1)
      this.#crowd.problems.push(`lap ${lap}: ${sealers} processes have sealed the trail`);
  }

  async #strike(blow: Blow, nr: number): Promise<void> {
    this.#crowd.borgere = borgereOf(nr);
    if (this.#chance.chance(WARM)) await this.#shift.demandServed(`blow ${nr}: before it`, PATIENCE);
    await sleep(LEAST_LOAD + this.#chance.below(MOST_LOAD - LEAST_LOAD + 1));
    if (blow.isDatabase) await this.#watch.whileUnwell(() => this.#stopDatabase(blow, nr));
    else await this.#watch.whileKilling(() => this.#killSome(blow, nr));
  }

  /** Those that are left go on; those that were killed are started again. */
  async #killSome({ those }: Blow, nr: number): Promise<void> {
    const { problems } = this.#crowd;
    const inAStop = this.#chance.chance(STOPPING);
    const ended = inAStop
      ? await this.#fleet.killInTheMiddleOfAStop(those, this.#chance.below(MOST_LOAD))
      : await this.#fleet.kill(those);
    problems.push(...ended.map((problem) => `blow ${nr}: ${problem}`));
    if (those.length < this.#fleet.size)
      await this.#shift.demandServed(`blow ${nr}: by those that were left`, PATIENCE);
    if (this.#chance.chance(STARTING))
      await this.#fleet.startInVain(those[0]!, this.#chance.below(MOST_LOAD));
    await this.#fleet.startAgain(those);
  }

  /** Those that are not killed are well again by themselves when the database is. */
  async #stopDatabase({ those }: Blow, nr: number): Promise<void> {
    const { problems } = this.#crowd;
    const away = LEAST_AWAY + this.#chance.below(MOST_AWAY - LEAST_AWAY + 1);
    const whileAway = async (): Promise<void> => {
      await this.#watch.whileDown(async () => {
        await this.#database.stopImmediately();
        problems.push(...(await this.#fleet.kill(those)).map((problem) => `blow ${nr}: ${problem}`));
        await sleep(away);
        await this.#database.start();
      });
      const back = performance.now();
      if (those.length < this.#fleet.size)
        await this.#shift.demandServed(`blow ${nr}: after the database`, PATIENCE);
      this.#recovered.push(performance.now() - back);
      await this.#fleet.startAgain(those);
    };
    await (those.length > 0 ? this.#watch.whileKilling(whileAway) : whileAway());
    if (!(await this.#fleet.areWell(PATIENCE)))
      problems.push(`blow ${nr}: a process is not well though the database is there again`);
  }

  /** Holds everything against what was said, when nothing is under way any more. */
  async #look(lap: string, before: number): Promise<void> {
    const { history } = this.#crowd;
    await this.#quiet();
    for (const call of history.calls.slice(before)) if (call.outcome === 'unknown') history.lose(call);
    await this.#crowd.look(this.#fleet.store, lap, before, true);
    const reader = await makePensionClient(this.#fleet.target('udk'), 'crash');
    await this.#crowd.readBack(reader, lap, this.#chance);
    reader.close();
  }

  /** A process that was killed has left statements to the database, which goes on with them. */
  async #quiet(): Promise<void> {
    const underWay = `SELECT 1 FROM pg_stat_activity
      WHERE datname = current_database() AND state <> 'idle' AND pid <> pg_backend_pid()`;
    await onServer(this.#fleet.store, async (client) => {
      while ((await client.query(underWay)).rowCount !== 0) await sleep(5);
    });
  }
}

/** What `pension store verify` finds, as a second opinion. */
async function violations(store: string): Promise<string[]> {
  const rows = await openRows(store);
  try {
    const found: string[] = [];
    for await (const { id, violations: of } of verifyStore(rows))
      found.push(...of.map((one) => `${id}: ${one}`));
    return found;
  } finally {
    await rows.close();
  }
}

// R2 of the promises: of three processes on one PostgreSQL some are killed with SIGKILL at random moments under load, and the
// database is stopped immediately, over and over. What was acknowledged is there, what was not is there whole or not at
// all, and whoever was not killed goes on by itself.
//
// PENSION_TEST_KILLS says how many processes are killed, PENSION_TEST_DBKILLS how often the database, PENSION_TEST_SEED how.

import { expect } from 'chai';
import { newDatabase } from '../../build/postgres/databases.ts';
import { inWords, NOTHING_WRONG } from '../support/counts.ts';
import { needsPrivateServer, privateServer } from '../support/postgres.ts';
import { demoWorld } from '../support/service.ts';
import { tempDir } from '../support/temp.ts';
import { Fleet } from './fleet.ts';
import { killFleet, roundsOf } from './postgres.ts';
import { makeRegister } from './register.ts';

const KILLS = Number(process.env.PENSION_TEST_KILLS || 5);
const STOPS = Number(process.env.PENSION_TEST_DBKILLS || 1);
const SEED = Number(process.env.PENSION_TEST_SEED || Date.now() % 1_000_000);
/** Milliseconds within which a call is answered: the promise is five seconds, and this machine has its moments. */
const ANSWERED = 6_000;

describe('Three processes on PostgreSQL, killed under load', function () {
  this.timeout((KILLS + STOPS) * 20_000 + 120_000);
  before(function () {
    needsPrivateServer(this, 'R2');
  });

  it(`${KILLS} kills, and ${STOPS} of the database: nothing acknowledged is lost, nothing is there by half`, async function () {
    const database = await privateServer(this, 'R2');
    const store = await newDatabase(database.url);
    const course = { folder: tempDir(), seed: SEED, kills: KILLS, stops: STOPS };
    const replay = `replay it with: make test-pg-crash SEED=${SEED} KILLS=${KILLS} DBKILLS=${STOPS}`;
    await makeRegister(store, roundsOf(course));
    const fleet = await Fleet.start(await demoWorld(), store);
    const done = await killFleet(fleet, database, course).catch((error: unknown) => {
      throw new Error(replay, { cause: error });
    });
    expect([...done.problems, ...(await fleet.stop())], replay).to.deep.equal([]);
    expect(done.counts, replay).to.deep.equal(NOTHING_WRONG);
    expect(done.failedForNoReason, `${replay}: answered 1011 though all was well`).to.equal(0);
    expect(done.slowest, `${replay}: a call hung`).to.be.at.most(ANSWERED);
    // Without these the experiment has tried nothing.
    const blows = KILLS + STOPS;
    expect(done.acknowledged, `${replay}: too few Saves`).to.be.at.least(blows * 5);
    expect(done.refused, `${replay}: nothing was refused`).to.be.at.least(1);
    expect(done.unknown, `${replay}: no kill met a call`).to.be.at.least(blows / 2);
    expect(done.failed, `${replay}: no stop of the database met a call`).to.be.at.least(STOPS);
    expect(done.beskeder, `${replay}: too few beskeder were fetched`).to.be.at.least(blows);
    const seconds = (milliseconds: number): string => `${(milliseconds / 1_000).toFixed(1)} s`;
    console.log(
      `      R2: ${KILLS} kills of processes and ${STOPS} of the database, ${done.acknowledged} Saves acknowledged, ` +
        `${done.refused} refused, ${done.unknown} unknown (${done.keptUnknown} of them kept), ${done.failed} answered 1011 ` +
        `(${done.uncertain} not certain), the slowest answer ${seconds(done.slowest)}, without the database ` +
        `${seconds(done.slowestWithoutDatabase)}, served again at most ${seconds(Math.max(0, ...done.recovered))} after it; ` +
        `${done.beskeder} beskeder processed, ${done.repeated} of them again; ${inWords(done.counts)}, seed ${SEED}`,
    );
  });
});

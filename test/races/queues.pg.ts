// R8 of the promises for queues: programs of two a-kasser that have merged open, fetch and end sequences on three
// services at the same time, while Saves and imports go on. One sequence is open at a time, the others are named it, and
// every besked is fetched for good once and in order.
//
// PENSION_TEST_ROUNDS says how much is saved meanwhile, PENSION_TEST_SEED who does what.

import { expect } from 'chai';
import { seeded } from '../support/seeded.ts';
import { named, ON_POSTGRES, SEED } from './course.ts';
import { judgeQueues } from './queue-judge.ts';
import { raceForQueues, rollingMerger } from './queue-race.ts';
import { databaseStore } from './race-store.ts';
import { Services } from './services.ts';

const SAVES = ON_POSTGRES.rounds * 5;

describe('programs that fetch from one queue through three services on one database', function () {
  this.timeout(180_000 + SAVES * 100);
  this.slow(60_000 + SAVES * 50);

  it('have one sequence at a time, and fetch each besked for good once and in order', async () => {
    const store = await databaseStore();
    const services = new Services(store);
    const urls = await services.start(3, await rollingMerger());
    const race = raceForQueues(store.address, { urls, own: services.own }, SAVES, seeded(SEED));
    const { log, saves, released, wrong } = await named('the race', race, ON_POSTGRES);
    await named(
      'in the end',
      services.stop({ answered: [], counted: saves + log.calls, unanswered: 0 }),
      ON_POSTGRES,
    );
    const judged = await judgeQueues(store.address, log);
    expect([...wrong, ...log.wrong, ...judged.wrong], ON_POSTGRES.replay).to.deep.equal([]);
    if (SAVES >= 100) expect(Math.min(released, log.inTheWay), 'nothing was in the way').to.be.above(0);
    console.log(
      `      R8 on PostgreSQL: ${log.calls} calls for two queues on 3 services beside ${saves} Saves, and imports that released ${released} beskeder and left ${judged.overtaken} behind; ` +
        `${judged.sequences} sequences, ${judged.rolledBack} rolled back, ${log.inTheWay} CreateSequences named the open one, ` +
        `${log.late} calls came late; ${judged.delivered} beskeder fetched for good once and in order, seed ${SEED}`,
    );
  });
});

// R1 of the promises: the service is killed with SIGKILL at random moments under load, over and over, on one store. What
// was acknowledged is there, what was not is there whole or not at all, and each a-kasse gets all that it is owed.
//
// PENSION_TEST_KILLS says how often, PENSION_TEST_SEED how.

import path from 'node:path';
import { expect } from 'chai';
import { addressOf } from '../../src/store/open-store.ts';
import { inWords, NOTHING_WRONG } from '../support/counts.ts';
import { Served } from '../support/served.ts';
import { demoWorld } from '../support/service.ts';
import { tempDir } from '../support/temp.ts';
import { killService } from './service.ts';

const KILLS = Number(process.env.PENSION_TEST_KILLS ?? 20);
const SEED = Number(process.env.PENSION_TEST_SEED || Date.now() % 1_000_000);

describe('A service that is killed under load', function () {
  this.timeout(KILLS * 10_000 + 60_000);

  it(`${KILLS} times: nothing acknowledged is lost, nothing is there by half`, async () => {
    const served = await Served.make(await demoWorld(), addressOf(path.join(tempDir(), 'pension.db')));
    const replay = `replay it with: make test-crash SEED=${SEED} KILLS=${KILLS}`;
    const done = await killService(served, { folder: tempDir(), seed: SEED, kills: KILLS }).catch(
      (error: unknown) => {
        throw new Error(replay, { cause: error });
      },
    );
    await served.end('SIGTERM');
    expect(done.problems, replay).to.deep.equal([]);
    expect(done.counts, replay).to.deep.equal(NOTHING_WRONG);
    // Without these the experiment has tried nothing.
    expect(done.acknowledged, `${replay}: too few Saves`).to.be.at.least(KILLS / 2);
    expect(done.refused, `${replay}: nothing was refused`).to.be.at.least(1);
    expect(done.unknown, `${replay}: no kill met a call`).to.be.at.least(KILLS / 2);
    expect(done.beskeder, `${replay}: too few beskeder were fetched`).to.be.at.least(KILLS / 2);
    console.log(
      `      R1: ${KILLS} kills, ${done.acknowledged} Saves acknowledged, ${done.refused} refused, ${done.unknown} unknown ` +
        `(${done.keptUnknown} of them kept), ${done.beskeder} beskeder processed, ${done.repeated} of them again; ` +
        `${inWords(done.counts)}, seed ${SEED}`,
    );
  });
});

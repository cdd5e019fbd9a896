// R11 of the promises: the service is told to stop under load, over and over. Every request that is under way is answered,
// what is not answered is not carried out, and the process ends soon, with code 0.
//
// PENSION_TEST_STOPS says how often, PENSION_TEST_SEED how.

import { once } from 'node:events';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { expect } from 'chai';
import { LIMITS } from '../../src/contract/limits.ts';
import { PENSION_SERVICE } from '../../src/contract/names.ts';
import { addressOf } from '../../src/store/open-store.ts';
import { inWords, NOTHING_WRONG } from '../support/counts.ts';
import { getEnvelope } from '../support/envelopes.ts';
import { KEEP_ALIVE, requestOf } from '../support/http-request.ts';
import { member } from '../support/queue.ts';
import { Served } from '../support/served.ts';
import { demoWorld, startTestService } from '../support/service.ts';
import { tempDir } from '../support/temp.ts';
import type { Burst } from './burst.ts';
import { stopService } from './stop.ts';

const STOPS = Number(process.env.PENSION_TEST_STOPS ?? 5);
const SEED = Number(process.env.PENSION_TEST_SEED || Date.now() % 1_000_000);

describe('A service that is stopped under load', function () {
  this.timeout(STOPS * 15_000 + 60_000);

  it(`${STOPS} times: every request under way is answered, and it ends within ten seconds with code 0`, async () => {
    const served = await Served.make(await demoWorld(), addressOf(path.join(tempDir(), 'pension.db')));
    const replay = `replay it with: make test-crash SEED=${SEED} STOPS=${STOPS}`;
    const done = await stopService(served, { seed: SEED, stops: STOPS }).catch((error: unknown) => {
      throw new Error(replay, { cause: error });
    });
    expect(done.problems, replay).to.deep.equal([]);
    expect(done.carriedOut, `${replay}: carried out and not answered`).to.equal(0);
    expect(done.counts, replay).to.deep.equal(NOTHING_WRONG);
    // Without these the experiment has tried nothing.
    expect(done.acknowledged, `${replay}: too few Saves`).to.be.at.least(STOPS * 10);
    expect(done.inFlight, `${replay}: nothing was under way`).to.be.at.least(STOPS * 6);
    console.log(
      `      R11: ${STOPS} stops, ${done.acknowledged} Saves acknowledged, ${done.inFlight} requests under way and all answered, ` +
        `${done.unanswered} came too late and were not carried out; ${inWords(done.counts)}, the slowest stop ${(done.slowest / 1000).toFixed(1)} s, seed ${SEED}`,
    );
  });

  it('answers what was sent while it had no time to look, however many connections that came on', async () => {
    const service = await startTestService({ PENSION_TLS: 'off' });
    const request = requestOf(PENSION_SERVICE.path, getEnvelope(member('11', 1)), KEEP_ALIVE);
    const flags = new Int32Array(new SharedArrayBuffer(8));
    const burst: Burst = {
      port: Number(new URL(service.url).port),
      requests: Array.from({ length: 20 }, () => request.toString()),
      flags,
    };
    const thread = new Worker(new URL('./burst.ts', import.meta.url), { workerData: burst });
    await once(thread, 'message');
    const stopped = service.stop();
    Atomics.store(flags, 0, 1);
    expect(Atomics.wait(flags, 1, 0, 20_000), 'all was sent').not.to.equal('timed-out');
    // All of the grace goes by as well, without a look at what has come.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2 * LIMITS.stopGrace);
    const [statuses] = (await once(thread, 'message')) as [string[]];
    await stopped;
    await thread.terminate();
    expect(statuses).to.deep.equal(burst.requests.map(() => '200'));
  });
});

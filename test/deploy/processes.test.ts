// R1 and R11 through nginx: of three processes one is killed under load, or restarted, or all of them in turn. What was
// answered is kept once, and where processes are stopped as their units stop them, no call fails at all.
//
// PENSION_TEST_KILLS says how often one is killed, PENSION_TEST_STOPS how often one is restarted, PENSION_TEST_SEED which
// and when.

import { expect } from 'chai';
import { inWords, NOTHING_WRONG } from '../support/counts.ts';
import { keptSince } from '../support/kept-versions.ts';
import { leaveOut } from '../support/left-out.ts';
import { newStore } from '../support/new-store.ts';
import { demoWorld } from '../support/service.ts';
import { CLIENTS, type Course, killOne, restartEach } from './courses.ts';
import { citizens } from './load.ts';
import { nginxHere } from './nginx.ts';
import { ThreeProcesses } from './three-processes.ts';

const KILLS = Number(process.env.PENSION_TEST_KILLS ?? 1);
const STOPS = Number(process.env.PENSION_TEST_STOPS ?? 2);
const SEED = Number(process.env.PENSION_TEST_SEED || Date.now() % 1_000_000);
/** Of so many kills some meet a call; of fewer perhaps none. */
const MANY = 10;

describe('Three processes behind nginx', function () {
  this.timeout((KILLS + STOPS) * 15_000 + 60_000);
  const replay = `replay it with: make test-deploy SEED=${SEED} KILLS=${KILLS} STOPS=${STOPS}`;
  let three: ThreeProcesses;
  let course: Omit<Course, 'times'>;
  before(async function () {
    if (nginxHere === undefined) leaveOut(this, 'R11', 'there is no nginx; `make test-deploy` fetches it');
    const store = await newStore();
    three = await ThreeProcesses.start(await demoWorld(), store);
    let last = 0;
    const kept = async () => {
      const versions = await keptSince(store, last);
      last = versions.at(-1)?.beskedNr ?? last;
      return versions;
    };
    course = { three, borger: citizens(), seed: SEED, kept };
  });
  after(() => three?.close());

  it(`one is killed, ${KILLS} times: the others go on, and nothing answered is lost or doubled`, async () => {
    const done = await killOne({ ...course, times: KILLS });
    const { failures, counts } = done;
    expect(counts, replay).to.deep.equal(NOTHING_WRONG);
    expect(done.failedLater, `${replay}: a call failed while two processes were there`).to.equal(0);
    const others = failures.filter((failure) => failure !== 'HTTP 502');
    expect(others, replay).to.deep.equal([]);
    expect(failures.length, `${replay}: more failed than were under way`).to.be.at.most(KILLS * CLIENTS);
    if (KILLS >= MANY) expect(failures.length, `${replay}: no kill met a call`).to.be.above(0);
    console.log(
      `      R1: ${KILLS} kills of one of three processes behind nginx, ${done.acknowledged} Saves acknowledged, ` +
        `${failures.length} answered 502 (${done.keptUnknown} of them kept); ${inWords(counts)}, seed ${SEED}`,
    );
  });

  it(`they are restarted one after the other, ${STOPS} times: no call fails`, async () => {
    const { failures, counts, acknowledged } = await restartEach({ ...course, times: STOPS });
    expect(failures, replay).to.deep.equal([]);
    expect(counts, replay).to.deep.equal(NOTHING_WRONG);
    for (const at of [0, 1, 2])
      expect(three.nginx.log('access.log'), `process ${at}`).to.include(
        `"127.0.0.1:${three.port(at)}" "200"`,
      );
    console.log(
      `      R11: ${STOPS} restarts behind nginx, ${acknowledged} Saves acknowledged, no call failed; ` +
        `${inWords(counts)}, seed ${SEED}`,
    );
  });
});

// R3 of the promises: a scripted run is killed before every single write, one run for each, and nothing that was answered
// is lost, nothing is there by half, and the script goes on to its end.
//
// With PENSION_TEST_EVERY=1 at every write; otherwise at PENSION_TEST_WRITES of them that PENSION_TEST_SEED chooses.

import path from 'node:path';
import { expect } from 'chai';
import { inWords, sumOf } from '../support/counts.ts';
import type { HistoryCounts } from '../support/history.ts';
import { leaveOut } from '../support/left-out.ts';
import { seeded } from '../support/seeded.ts';
import { demoWorld } from '../support/service.ts';
import {
  type Beginning,
  type Moment,
  runKilledAt,
  type Scene,
  storeWithMembers,
  WRITES,
} from './every-write.ts';
import { findStrace } from './strace.ts';

const EVERY = process.env.PENSION_TEST_EVERY === '1';
const SAMPLE = Number(process.env.PENSION_TEST_WRITES || 6);
const SEED = Number(process.env.PENSION_TEST_SEED || Date.now() % 1_000_000);
const BEGINNINGS: readonly Beginning[] = ['no store', 'a store with members'];
/** Runs at once. */
const AT_ONCE = 2;

type Place = readonly [Beginning, Moment];

describe('a service that is killed at a write', function () {
  this.timeout(EVERY ? 3_600_000 : 60_000 + SAMPLE * 5_000);
  let scene: Scene;

  before(async function () {
    const strace = findStrace();
    if ('missing' in strace) return leaveOut(this, 'R3', strace.missing);
    const organisationer = path.join(await demoWorld(), 'organisationer.json');
    scene = { strace: strace.command, organisationer, members: await storeWithMembers() };
  });

  it(`${EVERY ? 'every one' : `${SAMPLE} of them`}: keeps what it answered, and the rest whole or not at all`, async () => {
    const began = performance.now();
    const places: Place[] = [];
    for (const beginning of BEGINNINGS) {
      const { made, wrong } = await runKilledAt(scene, beginning);
      expect(wrong, `undisturbed, on ${beginning}`).to.deep.equal([]);
      for (const call of WRITES)
        for (let k = 1; k <= (made.get(call) ?? 0); k += 1) places.push([beginning, { call, k }]);
    }
    const chance = seeded(SEED);
    const chosen = EVERY
      ? [...places]
      : Array.from({ length: SAMPLE }, () => places[chance.below(places.length)]!);
    const wrong: string[] = [];
    const counts: HistoryCounts[] = [];
    let killed = 0;
    const worker = async (): Promise<void> => {
      for (let place = chosen.pop(); place !== undefined; place = chosen.pop()) {
        const [beginning, moment] = place;
        const done = await runKilledAt(scene, beginning, moment);
        if (done.wasKilled) killed += 1;
        counts.push(done.counts);
        for (const one of done.wrong) wrong.push(`on ${beginning}, ${moment.call} ${moment.k}: ${one}`);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    const replay = `replay it with: make test-disk ${EVERY ? '' : `SEED=${SEED} WRITES=${SAMPLE}`}`;
    expect(wrong, replay).to.deep.equal([]);
    expect(killed, `${replay}: too few runs were killed`).to.be.at.least(
      Math.floor((EVERY ? places.length : SAMPLE) * 0.9),
    );
    console.log(
      `      R3: ${killed} kills at ${places.length} writes of two runs, ${Math.round((performance.now() - began) / 1000)} s; ` +
        `${inWords(sumOf(counts))}, by half 0, seed ${EVERY ? 'none' : SEED}`,
    );
  });
});

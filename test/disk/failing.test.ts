// R5 of the promises: while the disk fails, nothing is acknowledged that is not kept, calls get 1011 and /health says why;
// when it is well again so is the service, by itself.
//
// PENSION_TEST_FAULTS says how many faults there are of each kind, PENSION_TEST_SEED when and how long.

import path from 'node:path';
import { expect } from 'chai';
import { inWords, sumOf } from '../support/counts.ts';
import type { HistoryCounts } from '../support/history.ts';
import { leaveOut } from '../support/left-out.ts';
import { demoWorld } from '../support/service.ts';
import { storeWithMembers } from './every-write.ts';
import { type Failed, type FailingRun, runFailing } from './failing.ts';
import { FAULT_KINDS, type FaultKind } from './faults.ts';

const FAULTS = Number(process.env.PENSION_TEST_FAULTS ?? 5);
const SEED = Number(process.env.PENSION_TEST_SEED || Date.now() % 1_000_000);
/** Kinds at once. */
const AT_ONCE = 4;
const REPLAY = `replay it with: make test-disk SEED=${SEED} FAULTS=${FAULTS}`;

describe('a service whose disk fails under load', function () {
  this.timeout(60_000 + FAULTS * 5_000);
  const told: string[] = [];
  const counts: HistoryCounts[] = [];

  const outcomes = new Map<FaultKind, Promise<Failed | string>>();

  /** What came of the kind; or why it could not be tried. */
  const tried = async (kind: FaultKind, scene: Pick<FailingRun, 'organisationer' | 'members'>) => {
    const missing = await kind.whyNot();
    if (missing !== undefined) return missing;
    return runFailing({ ...scene, kind, faults: FAULTS, seed: SEED + FAULT_KINDS.indexOf(kind) });
  };

  before(async () => {
    const organisationer = path.join(await demoWorld(), 'organisationer.json');
    const scene = { organisationer, members: await storeWithMembers() };
    // Most of the time of each is waiting, so some of them run at once.
    const lanes = Array.from({ length: AT_ONCE }, () => Promise.resolve<unknown>(undefined));
    for (const [nr, kind] of FAULT_KINDS.entries()) {
      const outcome = lanes[nr % AT_ONCE]!.then(() => tried(kind, scene));
      outcomes.set(kind, outcome);
      lanes[nr % AT_ONCE] = outcome.catch(() => undefined);
    }
  });
  after(() => {
    if (told.length > 0) console.log(`      R5: ${told.join('; ')}; ${inWords(sumOf(counts))}, seed ${SEED}`);
  });

  for (const kind of FAULT_KINDS)
    it(`${kind.name}, ${FAULTS} times: 1011 meanwhile, well again by itself, and nothing acknowledged is lost`, async function () {
      const done = await outcomes.get(kind)!;
      if (typeof done === 'string') return leaveOut(this, `R5, ${kind.name}`, done);
      expect(done.wrong.slice(0, 20), REPLAY).to.deep.equal([]);
      expect(done.acknowledged, REPLAY).to.be.above(0);
      expect(done.spared, `${REPLAY}: faults that hit no call`).to.be.below(FAULTS);
      counts.push(done.counts);
      told.push(
        `${kind.name} ${FAULTS - done.spared}, ${done.acknowledged} kept and ${done.refused} times 1011`,
      );
    });
});

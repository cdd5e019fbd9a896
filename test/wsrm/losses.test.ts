// Each request or answer of a transfer may be lost, cut, doubled or delayed: the a-kasse has every besked once, in order,
// and nothing stays behind. A seed that fails prints itself and the command that replays it.
//
// PENSION_TEST_SEEDS says how many seeds are run, PENSION_TEST_SEED with which one to begin.

import { expect } from 'chai';
import { startQueueService } from '../support/queue.ts';
import type { TestService } from '../support/service.ts';
import { tempDir } from '../support/temp.ts';
import { brokenSequences, closeLane, type Lane, openLane, runSeed, type SeedOutcome } from './losses.ts';

const SEEDS = Number(process.env.PENSION_TEST_SEEDS ?? 250);
const FIRST = Number(process.env.PENSION_TEST_SEED ?? 1);
const AKASSER = ['11', '22', '67'];

describe('a network that loses, doubles and delays', function () {
  this.timeout(SEEDS * 2_000 + 30_000);
  let service: TestService;
  let lanes: Lane[];

  before(async () => {
    service = await startQueueService({ PENSION_TLS: 'off' });
    const folder = tempDir();
    lanes = await Promise.all(AKASSER.map((akasse) => openLane(service, akasse, folder)));
  });
  after(async () => {
    for (const lane of lanes) await closeLane(lane);
    await service.stop();
  });

  it(`takes nothing from an a-kasse and gives it nothing twice: ${SEEDS} seeds from ${FIRST} on`, async () => {
    const failures: string[] = [];
    const sum = { seeds: 0, faults: 0, owed: 0 };
    const left = Array.from({ length: SEEDS }, (_, at) => FIRST + at).values();
    const work = async (lane: Lane): Promise<void> => {
      for (const seed of left) {
        const { faults, owed, ...counts } = await runSeed(lane, seed).catch(
          (error: unknown): Partial<SeedOutcome> & { error: string } => ({ error: String(error) }),
        );
        sum.seeds += 1;
        sum.faults += faults ?? 0;
        sum.owed += owed ?? 0;
        if (Object.values(counts).some((count) => count !== 0)) failures.push(describeFailure(seed, counts));
      }
    };
    await Promise.all(lanes.map(work));
    expect(failures, failures.join('\n')).to.deep.equal([]);
    expect(await brokenSequences(service), 'sequences whose rows are wrong').to.equal(0);
    if (SEEDS >= 10) expect(sum.faults, 'faults there were').to.be.greaterThan(SEEDS);
    console.log(
      `      R6: ${sum.seeds} seeds from ${FIRST} on, ${sum.faults} faults, ${sum.owed} beskeder; lost 0, unexpected 0, duplicated 0, reordered 0`,
    );
  });
});

const describeFailure = (seed: number, counts: object): string =>
  `seed ${seed}: ${JSON.stringify(counts)}; replay it with: make test-wsrm SEED=${seed} SEEDS=1`;

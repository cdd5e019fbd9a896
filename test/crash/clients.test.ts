// R12 of the promises: `udk send` and `akasse poll` are killed at random moments, over and over, and in the end the batch
// is complete with no second forløb, and the a-kasse's file has every besked once, in order.
//
// PENSION_TEST_KILLS says how often they are killed together, PENSION_TEST_SEED how.

import { expect } from 'chai';
import { inWords, NOTHING_WRONG, sumOf } from '../support/counts.ts';
import { startQueueService } from '../support/queue.ts';
import type { TestService } from '../support/service.ts';
import { tempDir } from '../support/temp.ts';
import { killClients } from './clients.ts';

const KILLS = Number(process.env.PENSION_TEST_KILLS ?? 10);
const SEED = Number(process.env.PENSION_TEST_SEED || Date.now() % 1_000_000);

describe('UDK and an a-kasse, killed at random', function () {
  this.timeout(KILLS * 5_000 + 60_000);
  let service: TestService;
  before(async () => {
    service = await startQueueService({ PENSION_TLS: 'off' });
  });
  after(() => service.stop());

  it(`${KILLS} times: no second forløb, no besked lost or doubled`, async () => {
    const sender = Math.ceil(KILLS / 2);
    const done = await killClients(service, {
      folder: tempDir(),
      seed: SEED,
      kills: { sender, poller: KILLS - sender },
    });
    const replay = `replay it with: make test-crash SEED=${SEED} KILLS=${KILLS}`;
    expect(done.problems, replay).to.deep.equal([]);
    for (const [client, killed] of Object.entries(done.killed))
      expect(killed, `${replay}: too few of the ${client} were killed before their end`).to.be.at.least(
        KILLS * 0.3,
      );

    expect(done.receipts.length, replay).to.equal(done.lines.length);
    const lastMark = new Map<string, string>();
    const own = new Set<string>();
    done.receipts.forEach(({ outcome, id }, at) => {
      const line = done.lines[at]!;
      expect(outcome, `${replay}: ${line.reference}`).to.equal('saved');
      if (line.id === '') expect(own.has(id), `${replay}: two lines share a forløb`).to.equal(false);
      else expect(id, replay).to.equal(line.id);
      own.add(id);
      lastMark.set(id, line.mark);
    });
    expect(done.forloeb, `${replay}: forløb`).to.equal(lastMark.size);
    const standing = new Map(done.kept.map(({ id, mark }) => [id, mark]));
    expect(standing, `${replay}: each stands at its last line`).to.deep.equal(lastMark);

    const counts = sumOf([done.counts]);
    expect(counts, `${replay}: the file of the a-kasse`).to.deep.equal(NOTHING_WRONG);
    console.log(
      `      R12: ${done.killed.sender} senders and ${done.killed.poller} pollers killed, ${done.lines.length} lines, ${done.kept.length} beskeder; second forløb 0, ${inWords(counts)}, seed ${SEED}`,
    );
  });
});

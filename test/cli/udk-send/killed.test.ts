// `udk send` killed at any moment and run again: the batch completes, and no line has made two forløb.

import { existsSync } from 'node:fs';
import { expect } from 'chai';
import { type FaultyServer, startFaultyServer } from '../../support/faulty-server.ts';
import { random } from '../../support/seeded.ts';
import { startTestService, type TestService } from '../../support/service.ts';
import { batchFolder, borger, forloebOf, GUID, newForloebBatch } from './batches.ts';

const KILLS = 10;
const LINES = 150;

describe('udk send, killed', () => {
  let service: TestService;
  let server: FaultyServer;
  before(async () => {
    service = await startTestService();
  });
  after(() => service.stop());
  afterEach(() => server.stop());

  it(`${KILLS} times at random moments, completes the batch with one forløb for each line`, async () => {
    const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
    const draw = random(seed);
    const folder = batchFolder(service.world, newForloebBatch(LINES));
    let killAt = 0;
    let kill = (): void => undefined;
    server = await startFaultyServer(service, async ({ number }) => {
      await new Promise((resolve) => setTimeout(resolve, draw() * 4));
      if (number === killAt) kill();
      return draw() < 0.05 ? 'answer lost' : 'answered';
    });
    let killed = 0;
    for (let round = 0; round < KILLS; round += 1) {
      const sending = folder.start(server.url, '--connections', '4');
      // Most rounds end at some request, two of them at some moment of the start.
      killAt = round % 5 === 4 ? 0 : server.requests.length + 1 + Math.floor(draw() * 20);
      kill = () => void setTimeout(() => sending.signal('SIGKILL'), draw() * 6);
      if (killAt === 0) setTimeout(() => sending.signal('SIGKILL'), 150 + draw() * 300);
      if ((await sending.result).signal === 'SIGKILL') killed += 1;
    }
    kill = () => undefined;
    const replay = `SEED=${seed}`;
    const { code, stderr } = await folder.start(server.url).result;
    expect(code, `${replay} ${stderr}`).to.equal(0);
    expect(killed, `${replay}: the runs were killed before their end`).to.be.at.least(KILLS - 2);

    const receipts = folder.read();
    expect(
      receipts.map(({ reference }) => reference),
      replay,
    ).to.deep.equal(Array.from({ length: LINES }, (_, at) => `ref-${at}`));
    for (const receipt of receipts) {
      expect(receipt.outcome, replay).to.equal('saved');
      expect(receipt.tidligPensionIdentifier, replay).to.match(GUID);
    }
    const borgere = Array.from({ length: LINES }, (_, at) => borger(at));
    expect(await forloebOf(service, borgere), replay).to.deep.equal(
      receipts.map((receipt) => [receipt.tidligPensionIdentifier]),
    );
    expect(existsSync(`${folder.receipts}.lock`)).to.equal(false);
  });
});

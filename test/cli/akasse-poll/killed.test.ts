// `akasse poll` killed at any moment and run again: each besked is in the file once, in the order of the queue.

import { existsSync } from 'node:fs';
import { expect } from 'chai';
import { random } from '../../support/seeded.ts';
import { startWsrmServer, WsrmQueue } from '../../support/wsrm-server.ts';
import { identifiers, pollFolder, registrations } from './beskeder.ts';

const KILLS = 10;
const BESKEDER = 300;
const IN_A_SEQUENCE = 7;

describe('akasse poll, killed', () => {
  it(`${KILLS} times at random moments, leaves each besked in the file once`, async function () {
    this.timeout(120_000);
    const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
    const draw = random(seed);
    const replay = `SEED=${seed}`;
    const folder = pollFolder();
    const queue = new WsrmQueue(registrations(BESKEDER), IN_A_SEQUENCE);
    let killAt = 0;
    let kill = (): void => undefined;
    const server = await startWsrmServer(queue, async ({ number }) => {
      await new Promise((resolve) => setTimeout(resolve, draw() * 3));
      if (number !== killAt) return draw() < 0.05 ? 'answer lost' : 'answered';
      kill();
      // Whoever is killed at a Terminate that was lost has in the file what comes again.
      return draw() < 0.8 ? 'request lost' : 'answered';
    });
    let killed = 0;
    for (let round = 0; round < KILLS; round += 1) {
      const polling = folder.start(server.url);
      // Most rounds end at some call, two of them at some moment of the start.
      killAt = round % 5 === 4 ? 0 : server.calls.length + 1 + Math.floor(draw() * 10);
      kill = () => void setTimeout(() => polling.signal('SIGKILL'), draw() * 5);
      if (killAt === 0) setTimeout(() => polling.signal('SIGKILL'), 150 + draw() * 300);
      if ((await polling.result).signal === 'SIGKILL') killed += 1;
    }
    kill = () => undefined;
    const { code, stderr } = await folder.start(server.url).result;
    await server.stop();
    expect(code, `${replay} ${stderr}`).to.equal(0);
    expect(killed, `${replay}: the runs were killed before their end`).to.be.at.least(KILLS - 2);
    expect(queue.waiting, replay).to.deep.equal([]);
    expect(
      folder.read().map(({ messageIdentifier }) => messageIdentifier),
      replay,
    ).to.deep.equal(identifiers(BESKEDER));
    expect(existsSync(`${folder.file}.lock`)).to.equal(false);
  });
});

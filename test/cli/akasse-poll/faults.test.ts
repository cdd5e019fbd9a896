// The queue through the worst of networks, by chance: each call or its answer lost, cut, doubled or late. Whatever the
// seed, each besked is in the file once, in the order of the queue, and nothing is left waiting.

import { expect } from 'chai';
import { type Besked, openBeskedFile } from '../../../src/cli/akasse-poll/library.ts';
import { faultAnswer } from '../../support/faulty-server.ts';
import { random } from '../../support/seeded.ts';
import { startWsrmServer, type WsrmFate, WsrmQueue } from '../../support/wsrm-server.ts';
import { AT_ONCE, identifiers, pollFolder, pollOnce, registrations } from './beskeder.ts';

const JOURNEYS = 150;
const BAD: readonly WsrmFate[] = [
  'request lost',
  'answer lost',
  'answer cut',
  'doubled',
  'delayed',
  faultAnswer(1011, 'Try again later.'),
  { status: 503, headers: { 'Retry-After': '1' }, body: 'busy' },
  (answer) => answer.replace(/<MessageCount>([0-9]+)/, '<MessageCount>1$1'),
  (answer) => answer.replace(/-0000-4000-/, '-0001-4000-'),
];
/** So often the command is run again. */
const MOST_RUNS = 500;

describe('akasse poll through faults', () => {
  it(`ends with each besked once, on each of ${JOURNEYS} journeys`, async function () {
    this.timeout(120_000);
    const first = Number(process.env.SEED ?? Date.now() % 1_000_000);
    let repeats = 0;
    for (let journey = 0; journey < (process.env.SEED ? 1 : JOURNEYS); journey += 1) {
      const seed = first + journey;
      const draw = random(seed);
      const count = 1 + Math.floor(draw() * 12);
      const badness = draw() * 0.7;
      const delays = { ...AT_ONCE, retries: AT_ONCE.retries.slice(0, Math.floor(draw() * 4)) };
      const queue = new WsrmQueue(registrations(count), 1 + Math.floor(draw() * 5));
      const server = await startWsrmServer(queue, () =>
        draw() < badness ? BAD[Math.floor(draw() * BAD.length)]! : 'answered',
      );
      const folder = pollFolder();
      let ending = 'none';
      for (let run = 0; run < MOST_RUNS && ending !== 'emptied'; run += 1) {
        const file = await openBeskedFile(folder.file);
        const keep = (beskeder: readonly Besked[]): Promise<void> => file.keep(beskeder);
        const { result } = await pollOnce(server.url, { keep, delays });
        repeats += file.counts.alreadyThere;
        ending = result.ending.kind;
        await file.close();
      }
      await server.stop();
      const replay = `SEED=${seed}`;
      expect(ending, replay).to.equal('emptied');
      expect(queue.waiting, replay).to.deep.equal([]);
      expect(
        folder.read().map(({ messageIdentifier }) => messageIdentifier),
        replay,
      ).to.deep.equal(identifiers(count));
    }
    if (!process.env.SEED) expect(repeats, 'some came more than once').to.be.above(0);
  });
});

// More than the service can do: who is taken on is answered, everybody else is told at once when to come again, and one
// system that asks for everything does not take it all from the others.
//
// PENSION_TEST_OVERLOAD says how many clients of one system ask on and on.

import Database from 'better-sqlite3';
import { expect } from 'chai';
import { clientIdentity } from '../../src/cli/world/world.ts';
import { type RunningCli, startServe, worldEnv } from '../support/cli.ts';
import { type LoopResult, makeClients } from '../support/closed-loop.ts';
import { getEnvelope } from '../support/envelopes.ts';
import { demoWorld } from '../support/service.ts';

const GREEDY = Number(process.env.PENSION_TEST_OVERLOAD ?? 250);
const MODEST = 16;
const STAR = { type: 51, code: '87654321' };
const MEASURED = GREEDY > 250 ? 8_000 : 2_500;
const WARM_UP = 500;
/** Milliseconds for their handshakes, and for which another program then keeps the store to itself. */
const HANDSHAKES = 1_500;
const HELD = 1_000;
/** The same in the middle of the measurement; it shows in the slowest of the others. */
const HELD_AMID = 300;

describe('a service that is asked for more than it can do', function () {
  this.timeout(120_000);
  let service: RunningCli & { readonly url: string };
  let world: string;
  let other: Database.Database;
  before(async () => {
    world = await demoWorld();
    const env = worldEnv(world);
    service = await startServe({ ...env, PENSION_LOG_LEVEL: 'warn' });
    other = new Database(env.PENSION_STORE!.replace('sqlite:', ''));
  });
  after(async () => {
    service.signal('SIGTERM');
    await service.result;
    other.close();
  });

  const sleep = (milliseconds: number): Promise<void> =>
    new Promise((resolve) => setTimeout(resolve, milliseconds));
  /**
   * For a while nobody is answered, until all have asked: how many wait for a service that is only busy depends on
   * whether it or they have more of the machine.
   */
  const heldUp = async (milliseconds: number): Promise<void> => {
    other.exec('BEGIN IMMEDIATE');
    await sleep(milliseconds);
    other.exec('ROLLBACK');
  };
  /** What the modest are answered meanwhile. */
  const amidTooMuch = async (modest: ReturnType<typeof modestClients>): Promise<LoopResult> => {
    await sleep(HANDSHAKES);
    await heldUp(HELD);
    const measuring = modest.run(MEASURED);
    await sleep(MEASURED / 2);
    await heldUp(HELD_AMID);
    return measuring;
  };

  const modestClients = () =>
    makeClients(service.url, clientIdentity(world, 'udk'), {
      count: MODEST,
      body: getEnvelope('2902610009'),
    });

  it(`by ${GREEDY} clients of one system: refuses what is too much with 503 at once, and serves the others`, async () => {
    const modest = modestClients();
    const greedy = makeClients(service.url, clientIdentity(world, 'star'), {
      count: GREEDY,
      body: getEnvelope('2902610009', STAR),
    });
    await modest.run(WARM_UP);
    const alone = (await modest.run(MEASURED)).byStatus[200]!;
    const flood = greedy.start();
    const others = await amidTooMuch(modest);
    const { byStatus, without } = await flood.stop();
    modest.close();
    greedy.close();

    expect(Object.keys(byStatus), 'what the greedy were answered').to.deep.equal(['200', '503']);
    expect(without, '503 without Retry-After').to.equal(0);
    expect(Object.keys(others.byStatus), 'what the others were answered').to.deep.equal(['200']);
    const [taken, refused, other] = [byStatus[200]!, byStatus[503]!, others.byStatus[200]!];
    expect(refused.median, 'a refusal is quicker than an answer').to.be.below(taken.median);
    console.log(
      `      overload: ${GREEDY} greedy clients ${taken.count} answered (median ${taken.median.toFixed(0)} ms), ${refused.count} refused ` +
        `(median ${refused.median.toFixed(0)} ms); ${MODEST} others alone ${alone.median.toFixed(0)} ms, p99 ${alone.p99.toFixed(0)}, ` +
        `meanwhile ${other.median.toFixed(0)} ms, p99 ${other.p99.toFixed(0)}; all answered`,
    );
  });

  it(`by ${GREEDY} clients that are nobody's system: tells them so or refuses them, and serves the others`, async () => {
    const modest = modestClients();
    const strangers = makeClients(service.url, clientIdentity(world, 'ukendt'), {
      count: GREEDY,
      body: getEnvelope('2902610009'),
    });
    await modest.run(WARM_UP);
    const flood = strangers.start();
    const others = await amidTooMuch(modest);
    const { byStatus, without } = await flood.stop();
    modest.close();
    strangers.close();
    expect(Object.keys(byStatus), '1012, or too much').to.deep.equal(['500', '503']);
    expect(without, '503 without Retry-After').to.equal(0);
    expect(Object.keys(others.byStatus), 'what the others were answered').to.deep.equal(['200']);
  });
});

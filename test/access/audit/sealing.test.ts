// Sealing while a service runs: again and again, never two at a time, on through errors, until it is stopped.

import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { keepSealed } from '../../../src/access/audit/sealing.ts';

/** A trail whose seals take a while; the rounds in `failing` fail. */
function slowTrail(milliseconds: number, failing: readonly number[] = []) {
  const seen = { begun: 0, ended: 0, atOnce: 0, most: 0 };
  return {
    seen,
    async seal(): Promise<undefined> {
      seen.begun += 1;
      const round = seen.begun;
      seen.atOnce += 1;
      seen.most = Math.max(seen.most, seen.atOnce);
      await sleep(milliseconds);
      seen.atOnce -= 1;
      seen.ended += 1;
      if (failing.includes(round)) throw new Error(`round ${round}`);
    },
  };
}

/** Resolves when it holds. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await sleep(2);
}

describe('keeping a trail sealed', () => {
  const ignore = (): undefined => undefined;
  const noErrors = (error: unknown): void => {
    throw error;
  };

  it('seals again and again, one time after the other however long it takes', async () => {
    const trail = slowTrail(20);
    const stop = keepSealed(trail, { onSeal: ignore, onError: noErrors }, 2);
    await until(() => trail.seen.ended >= 4);
    await stop();
    expect(trail.seen.most).to.equal(1);
  });

  it('tells what went wrong and goes on', async () => {
    const trail = slowTrail(1, [1, 3]);
    const errors: string[] = [];
    const stop = keepSealed(
      trail,
      { onSeal: ignore, onError: (error) => errors.push((error as Error).message) },
      2,
    );
    await until(() => trail.seen.ended >= 5);
    await stop();
    expect(errors).to.deep.equal(['round 1', 'round 3']);
  });

  it('stops when it is told to, and waits for what is under way', async () => {
    const trail = slowTrail(30);
    const stop = keepSealed(trail, { onSeal: ignore, onError: noErrors }, 2);
    await until(() => trail.seen.begun === 1);
    await stop();
    expect(trail.seen).to.include({ begun: 1, ended: 1 });
    await sleep(20);
    expect(trail.seen.begun, 'no more of them').to.equal(1);
  });

  it('stops at once when nothing is under way', async () => {
    const trail = slowTrail(0);
    await keepSealed(trail, { onSeal: ignore, onError: noErrors })();
    expect(trail.seen.begun).to.equal(0);
  });
});

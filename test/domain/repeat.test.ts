// Work that is done again and again: one time after the other, after failures too, and not once more when stopped.

import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { repeat } from '../../src/domain/repeat.ts';

const SOON = 2;
const noError = (error: unknown): void => {
  throw error;
};

/** Work whose end the test decides. */
function heldWork() {
  const ends: (() => void)[] = [];
  let most = 0;
  let now = 0;
  return {
    ends,
    most: () => most,
    work: async (): Promise<void> => {
      now += 1;
      most = Math.max(most, now);
      await new Promise<void>((resolve) => ends.push(resolve));
      now -= 1;
    },
  };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(1);
}

describe('work that is repeated', () => {
  it('is not done at once, but after the interval, and then again and again', async () => {
    let times = 0;
    const stop = repeat(async () => (times += 1), SOON, noError);
    expect(times).to.equal(0);
    await until(() => times >= 3);
    await stop();
  });

  it('is never done twice at once, however long it takes', async () => {
    const { ends, work, most } = heldWork();
    const stop = repeat(work, SOON, noError);
    await until(() => ends.length === 1);
    await sleep(10 * SOON);
    expect(ends).to.have.length(1);
    ends[0]!();
    await until(() => ends.length === 2);
    const stopped = stop();
    ends[1]!();
    await stopped;
    expect(most()).to.equal(1);
  });

  it('is done again after it has failed, and each failure is told', async () => {
    const errors: unknown[] = [];
    let times = 0;
    const work = async (): Promise<void> => {
      times += 1;
      throw new Error(`number ${times}`);
    };
    const stop = repeat(work, SOON, (error) => errors.push(error));
    await until(() => times >= 3);
    await stop();
    expect(errors.slice(0, 3).map((error) => (error as Error).message)).to.deep.equal([
      'number 1',
      'number 2',
      'number 3',
    ]);
  });

  it('is over when its stopping resolves: what is under way has ended, and nothing begins', async () => {
    const { ends, work } = heldWork();
    const stop = repeat(work, SOON, noError);
    await until(() => ends.length === 1);
    let stopped = false;
    const stopping = stop().then(() => (stopped = true));
    await sleep(10 * SOON);
    expect([stopped, ends.length]).to.deep.equal([false, 1]);
    ends[0]!();
    await stopping;
    await sleep(10 * SOON);
    expect(ends).to.have.length(1);
  });

  it('can be stopped before it began, and twice', async () => {
    let times = 0;
    const stop = repeat(async () => (times += 1), SOON, noError);
    await stop();
    await stop();
    await sleep(10 * SOON);
    expect(times).to.equal(0);
  });
});

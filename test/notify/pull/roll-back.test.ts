// Rolling idle sequences back while a service runs: it looks from time to time, tells what it did, and tries again.

import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { keepRolledBack, ROLL_BACK_INTERVAL } from '../../../src/notify/pull/roll-back.ts';

/** A listener that remembers, and a store that gives one answer after the other, and then nothing. */
function watched(answers: (readonly string[] | Error)[]) {
  const rolledBack: string[] = [];
  const errors: string[] = [];
  const asked: number[] = [];
  const sequences = {
    async rollBackIdle(idleMinutes: number): Promise<readonly string[]> {
      asked.push(idleMinutes);
      const answer = answers.shift() ?? [];
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
  const listener = {
    onRolledBack: (identifier: string): unknown => rolledBack.push(identifier),
    onError: (error: unknown): unknown => errors.push((error as Error).message),
  };
  return { sequences, listener, rolledBack, errors, asked };
}

const asks = async (asked: readonly unknown[], times: number): Promise<void> => {
  while (asked.length < times) await sleep(1);
};

describe('idle sequences', () => {
  it('are looked for by the minutes that are set, and each that was rolled back is told', async () => {
    const { sequences, listener, rolledBack, errors, asked } = watched([['a', 'b'], [], ['c']]);
    const stop = keepRolledBack(sequences, 7, listener, 1);
    await asks(asked, 4);
    await stop();
    expect(rolledBack).to.deep.equal(['a', 'b', 'c']);
    expect(errors).to.deep.equal([]);
    expect(new Set(asked)).to.have.all.keys([7]);
  });

  it('are looked for again after a failure, which is told', async () => {
    const { sequences, listener, rolledBack, errors, asked } = watched([new Error('busy'), ['a']]);
    const stop = keepRolledBack(sequences, 60, listener, 1);
    await asks(asked, 3);
    await stop();
    expect({ rolledBack, errors }).to.deep.equal({ rolledBack: ['a'], errors: ['busy'] });
  });

  it('are not looked for after it was stopped', async () => {
    const { sequences, listener, asked } = watched([]);
    const stop = keepRolledBack(sequences, 60, listener, 1);
    await asks(asked, 1);
    await stop();
    const { length } = asked;
    await sleep(20);
    expect(asked).to.have.length(length);
  });

  it('are looked for at least once a minute', () => {
    expect(ROLL_BACK_INTERVAL).to.be.within(1_000, 60_000);
  });
});

// A store that fails is tried until it is well, and those who watch are told of the beginning and of the end.

import { expect } from 'chai';
import { keepWell, type StoreFailure } from '../../src/store/health.ts';

describe('the watch over a store', () => {
  it('tells once that it fails, tries it, and tells once that it is well again', async () => {
    const told: string[] = [];
    let failure: StoreFailure | undefined;
    let tries = 0;
    const stop = keepWell(
      {
        failure: () => failure,
        tryAgain: async () => {
          tries += 1;
          if (tries === 3) failure = undefined;
        },
      },
      {
        onFailing: ({ cause }) => told.push(`failing: ${cause}`),
        onWell: ({ cause }) => told.push(`well: ${cause}`),
        whileWell: () => void told.push('well'),
      },
      2,
    );
    const until = async (done: () => boolean): Promise<void> => {
      while (!done()) await new Promise((resolve) => setTimeout(resolve, 2));
    };
    await until(() => told.length > 2);
    expect(tries, 'a store that is well is left alone').to.equal(0);
    failure = { cause: 'full', since: new Date() };
    await until(() => told.at(-2)?.startsWith('well: ') ?? false);
    await stop();
    expect(told.filter((text, at) => text !== told[at - 1])).to.deep.equal([
      'well',
      'failing: full',
      'well: full',
      'well',
    ]);
    expect(tries).to.equal(3);
  });
});

// The watch over the queues: an alarm once for a queue that is late, and a word when it is well again.

import { expect } from 'chai';
import type { AkasseKode } from '../../src/domain/medlemskab.ts';
import { keepWatch } from '../../src/notify/watch.ts';
import type { QueueLength } from '../../src/store/outbox.ts';

const NOW = new Date('2026-11-22T12:00:00.000Z');
const queue = (akasse: string, minutes: number): QueueLength => ({
  akasse: akasse as AkasseKode,
  waiting: 3,
  oldest: new Date(NOW.getTime() - minutes * 60_000).toISOString(),
});

describe('the watch over the queues', () => {
  /** Looks once for each state, and tells what was said. */
  async function watch(...states: (QueueLength[] | Error)[]): Promise<string[]> {
    const said: string[] = [];
    const left = [...states];
    const allSeen = Promise.withResolvers<void>();
    const stop = keepWatch(
      {
        lengths: async () => {
          const next = left.shift() ?? [];
          if (left.length === 0) allSeen.resolve();
          if (next instanceof Error) throw next;
          return next;
        },
      },
      { lateMinutes: 60, now: () => NOW },
      {
        onLook: (queues) => void said.push(`look ${queues.length}`),
        onLate: ({ akasse, waiting }) => void said.push(`late ${akasse} ${waiting}`),
        onWell: (akasse) => void said.push(`well ${akasse}`),
        onError: (error) => void said.push(String(error)),
      },
      2,
    );
    await allSeen.promise;
    await stop();
    return said;
  }

  it('says that a queue is late once it is so by the minute, and only once', async () => {
    expect(await watch([queue('22', 59)], [queue('22', 60)], [queue('22', 61)])).to.deep.equal([
      'look 1',
      'look 1',
      'late 22 3',
      'look 1',
    ]);
  });

  it('says that it is well again when it is fetched, and late again after that', async () => {
    expect(
      await watch([queue('11', 1), queue('22', 70)], [queue('22', 5)], [], [queue('22', 80)]),
    ).to.deep.equal(['look 2', 'late 22 3', 'look 1', 'well 22', 'look 0', 'look 1', 'late 22 3']);
  });

  it('goes on after a look that failed', async () => {
    expect(await watch(new Error('busy'), [queue('22', 90)])).to.deep.equal([
      'Error: busy',
      'look 1',
      'late 22 3',
    ]);
  });
});

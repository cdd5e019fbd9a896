// Rules on what the queue refuses: each refusal is a fault that the client can read.

import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { member } from '../support/queue.ts';
import { emptied, ended, fetched, isRefused, opened, type Queue } from './queue-calls.ts';

export function queueFaultRules(queue: Queue): void {
  /** A sequence with one besked in it. */
  const openSequence = async (): Promise<string> => {
    await queue.savers.saved({ personnummer: member('22', 4), kompensation: '2026-01-13' });
    return (await opened(queue)).sequence;
  };

  beforeEach('nothing waits', () => emptied(queue));

  it('refuses a second sequence while one is open with 1014, and names that one', async () => {
    const sequence = await openSequence();
    await isRefused(queue, (client) => client.create(), { names: [sequence] });
  });

  it('refuses a terminated sequence with 1014 for Get and for Close', async () => {
    const sequence = await openSequence();
    await ended(queue, 'terminate', sequence);
    await isRefused(queue, (client) => client.fetch(sequence), { names: [sequence] });
    await isRefused(queue, (client) => client.close(sequence), { names: [sequence] });
  });

  it('refuses a closed sequence with 1014 for Get and for Terminate: nothing was removed', async () => {
    const sequence = await openSequence();
    await ended(queue, 'close', sequence);
    await isRefused(queue, (client) => client.fetch(sequence), { names: [sequence] });
    await isRefused(queue, (client) => client.terminate(sequence), { names: [sequence] });
  });

  it('refuses a Get without the header SequenceRequest with 1014, and names it', async () => {
    const sequence = await openSequence();
    const without = 'SequenceRequest';
    await isRefused(queue, (client) => client.fetch(sequence, { without }), { names: [without] });
  });

  it('refuses the sequence of another a-kasse with 1014, as one that never was', async () => {
    const sequence = await openSequence();
    for (const identifier of [sequence, randomUUID()]) {
      const as = 'akasse-67';
      await isRefused(queue, (client) => client.fetch(identifier), { as, names: [identifier] });
      await isRefused(queue, (client) => client.terminate(identifier), { as, names: [identifier] });
      await isRefused(queue, (client) => client.close(identifier), { as, names: [identifier] });
    }
    expect(await fetched(queue, sequence)).to.have.length(1);
  });

  it('refuses UDK and STAR, which have no queue, with 1013', async () => {
    for (const as of ['udk', 'star'] as const) {
      await isRefused(queue, (client) => client.create(), { as, code: 1013 });
      await isRefused(queue, (client) => client.fetch(randomUUID()), { as, code: 1013 });
    }
  });
}

// The rules of the services, told once and held for every client that we did not write.

import { Fixture } from './fixture.ts';
import { Parties, type StartClient } from './parties.ts';
import type { Differences, Queue } from './queue-calls.ts';
import { callerRules } from './rules-callers.ts';
import { overlapRules } from './rules-overlap.ts';
import { queueRules } from './rules-queue.ts';
import { queueFaultRules } from './rules-queue-faults.ts';
import { savingRules } from './rules-saving.ts';

/** A service that lives as long as the surrounding describe block. */
export function useFixture(): () => Fixture {
  let fixture: Fixture | undefined;
  before(async () => {
    fixture = await Fixture.start();
  });
  after(() => fixture?.stop());
  return () => fixture!;
}

/** Declares every rule as a test through the client that `start` starts; `more` adds rules of this client's own. */
export function holdsEveryRule(
  fixture: () => Fixture,
  start: StartClient,
  more: (parties: Parties) => void = () => undefined,
): void {
  describe('holds every rule', () => {
    const parties = new Parties(fixture, start);
    savingRules(parties);
    overlapRules(parties);
    callerRules(parties);
    more(parties);
    it('and not one of the clients has written a warning', () => parties.stop());
    after(() => parties.kill());
  });
}

/**
 * Declares every rule of the queue as a test. `start` starts the client that saves, `startQueue` the one of the two
 * services of the queue; `differences` is what this client does otherwise.
 */
export function emptiesTheQueue(
  fixture: () => Fixture,
  start: StartClient,
  startQueue: StartClient,
  differences: Differences = {},
): void {
  describe('empties the queue', () => {
    const queue: Queue = {
      fixture,
      savers: new Parties(fixture, start),
      readers: new Parties(fixture, startQueue),
      differences,
    };
    queueRules(queue);
    queueFaultRules(queue);
    it('and not one of the clients has written a warning', async () => {
      await queue.savers.stop();
      await queue.readers.stop();
    });
    after(() => {
      queue.savers.kill();
      queue.readers.kill();
    });
  });
}

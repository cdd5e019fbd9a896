// The rules of PensionService, told once and held for every client that we did not write.

import { Fixture } from './fixture.ts';
import { Parties, type StartClient } from './parties.ts';
import { callerRules } from './rules-callers.ts';
import { overlapRules } from './rules-overlap.ts';
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

// R9 of the promises: several clients save the same new GUID at the same instant, and some send the very same message
// again. The first is a Create, the others are Updates, a version and a besked each; of two citizens one gets the GUID.
//
// PENSION_TEST_ROUNDS says how many rounds, PENSION_TEST_SEED what they are about.

import { ON_SQLITE } from './course.ts';
import { raceForGuids } from './guid-race.ts';
import { fileStore } from './race-store.ts';

const { rounds } = ON_SQLITE;

describe('one new GUID, saved by several clients at the same instant', function () {
  this.timeout(60_000 + rounds * 2_000);
  this.slow(60_000 + rounds * 1_000);

  it('is a Create and then Updates, one for each message; of two citizens one gets it', () =>
    raceForGuids(fileStore(), 1, rounds));

  it('is that on two services with one store too, when a message goes to one and again to the other', () =>
    raceForGuids(fileStore(), 2, Math.ceil(rounds / 10)));
});

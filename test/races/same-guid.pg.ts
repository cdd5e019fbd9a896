// R9 of the promises on PostgreSQL: several clients of three services save the same new GUID at the same instant, some for
// another citizen, and some send the very same message again, to another service.
//
// PENSION_TEST_ROUNDS says how many rounds, PENSION_TEST_SEED what they are about.

import { ON_POSTGRES } from './course.ts';
import { raceForGuids } from './guid-race.ts';
import { databaseStore } from './race-store.ts';

const { rounds } = ON_POSTGRES;

describe('one new GUID, saved through three services on one database at the same instant', function () {
  this.timeout(180_000 + rounds * 2_000);
  this.slow(60_000 + rounds * 1_000);

  it('is a Create and then Updates, one for each message; of two citizens one gets it', async () =>
    raceForGuids(await databaseStore(), 3, rounds));
});

// R8 of the promises on PostgreSQL: 64 clients of three services report overlapping periods of one citizen at the same
// instant. Each clash has one winner, the others get 9434, and no two transactions ever wait for each other.
//
// PENSION_TEST_ROUNDS says how many rounds, PENSION_TEST_SEED what they are about.

import { ON_POSTGRES } from './course.ts';
import { raceOverlaps } from './overlap-race.ts';
import { databaseStore } from './race-store.ts';

const { rounds } = ON_POSTGRES;

describe('clients that report overlapping periods of a citizen to three services on one database', function () {
  this.timeout(180_000 + rounds * 2_000);
  this.slow(60_000 + rounds * 1_000);

  it('have one winner for each clash, the others get 9434', async () =>
    raceOverlaps(await databaseStore(), 3, rounds));
});

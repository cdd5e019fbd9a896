// R8 of the promises: 64 clients report overlapping periods of one citizen at the same instant. Each clash has one winner,
// the others get 9434, all are answered, and the store holds exactly what was accepted.
//
// PENSION_TEST_ROUNDS says how many rounds, PENSION_TEST_SEED what they are about.

import { ON_SQLITE } from './course.ts';
import { raceOverlaps } from './overlap-race.ts';
import { fileStore } from './race-store.ts';

const { rounds } = ON_SQLITE;

describe('clients that report overlapping periods of a citizen at the same instant', function () {
  this.timeout(60_000 + rounds * 2_000);
  this.slow(60_000 + rounds * 1_000);

  it('of one service: one is accepted for each clash, the others get 9434', () =>
    raceOverlaps(fileStore(), 1, rounds));

  it('of two services on one store: the same', () => raceOverlaps(fileStore(), 2, Math.ceil(rounds / 10)));
});

// R10 of the promises on PostgreSQL: many services start at the same moment on a database that is empty, or in which only
// the first steps of the schema have been taken. Each step is taken once, all of them serve, nothing is lost, also when
// the one that takes the steps is killed; a store of a newer program is refused by all.
//
// PENSION_TEST_STARTS says how many starts, PENSION_TEST_SEED when one is killed.

import { expect } from 'chai';
import { onServer } from '../../build/postgres/databases.ts';
import { systemPorts } from '../../src/domain/ports.ts';
import { openStore } from '../../src/store/open-store.ts';
import { nyBorger } from '../support/domain-model.ts';
import { tempDatabase } from '../support/postgres.ts';
import { type Seeded, seeded } from '../support/seeded.ts';
import { kompensation, saveCommand } from '../support/store-fixtures.ts';
import { named, ON_POSTGRES, SEED } from './course.ts';
import { killMigrator } from './kill-migrator.ts';
import { contentsOf, lostOf, makeOldDatabase, STEPS, stepsOf } from './old-database.ts';
import { databaseStore } from './race-store.ts';
import { allIsWell } from './services.ts';
import { areRefused, startTogether, useIt } from './started.ts';

const { starts: STARTS, replay } = ON_POSTGRES;
/**
 * Services that start together: more where there are many starts to see; two cores start no more within the times of a
 * call. Among fewer the one that brings up the store is seen before it is done.
 */
const servicesOf = (kills: boolean): number => (STARTS < 10 ? 4 : kills ? 6 : 20);
/** Stores that are opened in one process, which costs less: what is at the same moment for a database is only its own. */
const OPENERS = 20;

/** A start: on a store at that step, 0 for none, and whether the one that brings it up is killed. */
const KINDS = [
  { step: 0, kills: true },
  { step: 3, kills: false },
  { step: 0, kills: false },
  { step: 3, kills: true },
  { step: 4, kills: false },
  { step: 1, kills: true },
  { step: 2, kills: false },
  { step: 4, kills: true },
  { step: 1, kills: false },
  { step: 2, kills: true },
] as const;

/** One start. Gives what it was. */
async function startOnce(nr: number, chance: Seeded) {
  const { step, kills } = KINDS[nr % KINDS.length]!;
  const url = await tempDatabase();
  const old = step === 0 ? [] : await makeOldDatabase(url, step, 20);
  const was = await contentsOf(url);
  const started = await startTogether(Array(servicesOf(kills)).fill(url));
  const killed = kills ? await killMigrator(url, started, chance) : undefined;
  const isMidway = killed !== undefined && (await stepsOf(url)).length < STEPS.length;
  const others = started.filter((one) => one !== killed);
  // Those that are still starting leave two cores no time to answer calls in.
  await Promise.all(others.map((one) => one.sees('stdout', /^listening /m)));
  const saved = await Promise.all(others.map((one, at) => useIt(one, at, old[at % old.length])));
  if (killed !== undefined) expect(await killed.result).to.include({ signal: 'SIGKILL' });
  for (const { signal } of others) signal('SIGTERM');
  const store = await databaseStore(url);
  await allIsWell(store, others);

  expect(await stepsOf(url), 'the steps').to.deep.equal(STEPS);
  const look = await store.look();
  expect((await look.at(saved)).versions, 'what was saved').to.have.length(others.length);
  await look.close();
  expect(await lostOf(was, url), 'lost').to.deep.equal([]);
  return { services: started.length, isEmpty: step === 0, isKilled: kills, isMidway };
}

describe('services that start at the same moment on one database', function () {
  this.timeout(180_000 + STARTS * 60_000);
  this.slow(60_000 + STARTS * 20_000);

  it(`take each step of the schema once, all serve, and nothing is lost (${STARTS} starts)`, async () => {
    const chance = seeded(SEED);
    const all: Awaited<ReturnType<typeof startOnce>>[] = [];
    for (let nr = 0; nr < STARTS; nr += 1) {
      const kind = JSON.stringify(KINDS[nr % KINDS.length]);
      all.push(await named(`start ${nr} ${kind}`, startOnce(nr, chance), ON_POSTGRES));
    }
    const count = (is: (one: (typeof all)[number]) => boolean): number => all.filter(is).length;
    const services = all.reduce((sum, one) => sum + one.services, 0);
    const midway = count((one) => one.isMidway);
    // A kill hits between two steps by chance; in so many starts it must have.
    if (STARTS >= 10) expect(midway, `${replay}: killed between the steps`).to.be.above(0);
    console.log(
      `      R10 on PostgreSQL: ${STARTS} starts of ${services} services, ` +
        `${count((one) => one.isEmpty)} on an empty database, ${count((one) => !one.isEmpty)} on an old store; ` +
        `${count((one) => one.isKilled)} killed, ${midway} of them between the steps; each step once, lost 0, seed ${SEED}`,
    );
  });

  it('do so too when they come to it in the very same millisecond', async () => {
    const opened = STEPS.map((_, step) => step);
    for (const step of opened) {
      const url = await tempDatabase();
      if (step > 0) await makeOldDatabase(url, step, 4);
      const was = await contentsOf(url);
      const open = async (): Promise<void> => {
        const store = await openStore(url, systemPorts, { connections: 1 });
        const saved = await store.save(
          saveCommand({ Personnummer: nyBorger(), ...kompensation('2026-01-01') }),
        );
        expect(saved.ok, 'a Save').to.equal(true);
        await store.close();
      };
      await Promise.all(Array.from({ length: OPENERS }, open));
      expect(await stepsOf(url), `the steps, from ${step}`).to.deep.equal(STEPS);
      expect(await lostOf(was, url), `lost, from ${step}`).to.deep.equal([]);
      expect(await (await databaseStore(url)).check(), `invariants, from ${step}`).to.deep.equal([]);
    }
    console.log(
      `      R10 on PostgreSQL: ${opened.length} databases opened ${OPENERS} times in the same millisecond, lost 0`,
    );
  });

  it('are all refused by one of a newer program, which stays as it was', async () => {
    const url = await tempDatabase();
    await makeOldDatabase(url, STEPS.length, 10);
    const future = `INSERT INTO pension.migration VALUES (${STEPS.length + 1}, '0099-from-the-future', '')`;
    await onServer(url, (client) => client.query(future));
    const was = await contentsOf(url);
    await areRefused(await startTogether(Array(4).fill(url)), [
      /newer than this program: it holds migration 0099-from-the-future/,
      new RegExp(`${STEPS.at(-1)}[^]*Start a newer version`),
    ]);
    expect(await contentsOf(url)).to.deep.equal(was);
  });
});

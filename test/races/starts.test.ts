// R10 of the promises: several services start at the same moment on one store that is empty, or as an older program left
// it. Each step of the schema is taken once, all of them serve, nothing is lost, also when the one that takes the steps
// is killed; a store of a newer program is refused by all.
//
// PENSION_TEST_STARTS says how many starts, PENSION_TEST_SEED how many services each has and when one is killed.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { expect } from 'chai';
import { runAtOnce } from '../store/sqlite/processes.ts';
import { type Seeded, seeded } from '../support/seeded.ts';
import { tempDir } from '../support/temp.ts';
import { named, ON_SQLITE, SEED } from './course.ts';
import { killWriter } from './kill-migrating.ts';
import { contentsOf, lostOf, makeOldStore, STEPS, stepsOf } from './old-store.ts';
import { fileStore } from './race-store.ts';
import { allIsWell } from './services.ts';
import { areRefused, startTogether, useIt } from './started.ts';

/** Forløb of an old store: enough that bringing up its trail takes a while. */
const FORLOEB = 1_500;
/** Milliseconds after the first write within which one is killed: while a trail gets its digests, and otherwise. */
const [LONG, SHORT] = [200, 30];

const { starts: STARTS, replay } = ON_SQLITE;

/** A start: on a store at that step, 0 for none, and whether the one that brings it up is killed. */
const KINDS = [
  { step: 0, kills: false },
  { step: 2, kills: true },
  { step: 3, kills: false },
  { step: 0, kills: true },
  { step: 1, kills: false },
  { step: 4, kills: true },
  { step: 2, kills: false },
  { step: 1, kills: true },
  { step: 4, kills: false },
  { step: 3, kills: true },
] as const;

/** One start. Gives what it was. */
async function startOnce(nr: number, chance: Seeded) {
  const { step, kills } = KINDS[nr % KINDS.length]!;
  const file = path.join(tempDir(), 'pension.db');
  const old = step === 0 ? [] : makeOldStore(file, step, FORLOEB);
  const was = step === 0 ? undefined : contentsOf(file);
  const started = await startTogether(Array(4 + chance.below(3)).fill(fileStore(file).address));
  const later = step === 1 || step === 2 ? LONG : SHORT;
  const killed = kills ? await killWriter(file, started, later, chance) : undefined;
  const isMidway = killed !== undefined && stepsOf(file).length < STEPS.length;
  const others = started.filter((one) => one !== killed);
  const saved = await Promise.all(others.map((one, at) => useIt(one, at, old[chance.below(old.length)])));
  if (killed !== undefined) expect(await killed.result).to.include({ signal: 'SIGKILL' });
  for (const { signal } of others) signal('SIGTERM');
  await allIsWell(fileStore(file), others);

  expect(stepsOf(file), 'the steps').to.deep.equal(STEPS);
  const look = await fileStore(file).look();
  expect((await look.at(saved)).versions, 'what was saved').to.have.length(others.length);
  await look.close();
  expect(was === undefined ? [] : lostOf(was, file), 'lost').to.deep.equal([]);
  return { isEmpty: step === 0, services: started.length, isKilled: kills, isMidway };
}

describe('services that start at the same moment on one store', function () {
  this.timeout(60_000 + STARTS * 30_000);
  this.slow(60_000 + STARTS * 10_000);

  it(`take each step of the schema once, all serve, and nothing is lost (${STARTS} starts)`, async () => {
    const chance = seeded(SEED);
    const all: Awaited<ReturnType<typeof startOnce>>[] = [];
    for (let nr = 0; nr < STARTS; nr += 1) {
      const kind = JSON.stringify(KINDS[nr % KINDS.length]);
      all.push(await named(`start ${nr} ${kind}`, startOnce(nr, chance), ON_SQLITE));
    }
    const count = (is: (one: (typeof all)[number]) => boolean): number => all.filter(is).length;
    const midway = count((one) => one.isMidway);
    // A kill hits between two steps by chance; in so many starts it must have.
    if (STARTS >= 10) expect(midway, `${replay}: killed between the steps`).to.be.above(0);
    const services = all.reduce((sum, one) => sum + one.services, 0);
    console.log(
      `      R10: ${STARTS} starts of ${services} services, ${count((one) => one.isEmpty)} on an empty store, ` +
        `${count((one) => !one.isEmpty)} on an old one; ${count((one) => one.isKilled)} killed, ` +
        `${midway} of them between the steps; each step once, lost 0, seed ${SEED}`,
    );
  });

  it('do so too when they come to it in the very same millisecond', async () => {
    const olds = Array.from({ length: STARTS }, (_, nr) => [0, 1 + (nr % (STEPS.length - 1))]).flat();
    const files = olds.map((step) => {
      const file = path.join(tempDir(), 'pension.db');
      const old = step === 0 ? undefined : makeOldStore(file, step, 20) && contentsOf(file);
      return { file, old };
    });
    const processes = 4;
    const outcomes = await runAtOnce(
      processes,
      files.map(({ file }) => file),
      1,
    );
    expect(outcomes).to.deep.equal(Array(processes * files.length).fill('done'));
    for (const { file, old } of files) {
      expect(stepsOf(file), 'the steps').to.deep.equal(STEPS);
      expect(old === undefined ? [] : lostOf(old, file), 'lost').to.deep.equal([]);
      expect(await fileStore(file).check(), 'invariants').to.deep.equal([]);
    }
    console.log(
      `      R10: ${files.length} stores opened by ${processes} processes in the same millisecond, lost 0`,
    );
  });

  it('are all refused by one of a newer program, which stays as it was', async () => {
    const file = path.join(tempDir(), 'pension.db');
    makeOldStore(file, STEPS.length, 10);
    const db = new Database(file);
    db.prepare('INSERT INTO migration VALUES (?, ?, ?)').run(STEPS.length + 1, '0099-from-the-future', '');
    db.close();
    const hash = (): string => createHash('sha256').update(readFileSync(file)).digest('hex');
    const [before, contents] = [hash(), contentsOf(file)];
    await areRefused(await startTogether(Array(4).fill(fileStore(file).address)), [
      /newer than this program: it holds migration 0099-from-the-future/,
      new RegExp(`${STEPS.at(-1)}[^]*Start a newer version`),
    ]);
    expect(hash(), 'its bytes').to.equal(before);
    expect(contentsOf(file)).to.deep.equal(contents);
  });
});

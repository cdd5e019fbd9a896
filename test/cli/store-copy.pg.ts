// `pension store copy` as an operator runs it: what it says and how it ends; killed with SIGKILL at random moments and run
// again it finishes, and until then nobody takes what is there for a store.
//
// PENSION_TEST_KILLS says how often it is killed, a hundred times at most; PENSION_TEST_SEED when.

import path from 'node:path';
import { expect } from 'chai';
import { makeWorld } from '../../src/cli/world/world.ts';
import { systemPorts } from '../../src/domain/ports.ts';
import { addressOf, inspectStore, openAudit, openRows, verifyStore } from '../../src/store/open-store.ts';
import { openConnection } from '../../src/store/sqlite/connection.ts';
import { openSqliteStore } from '../../src/store/sqlite/index.ts';
import { save } from '../../src/store/sqlite/save.ts';
import { prepareStatements } from '../../src/store/sqlite/statements.ts';
import { copyStoppedAt } from '../store/copied.ts';
import { pension, startPension, worldEnv } from '../support/cli.ts';
import { tempDatabase } from '../support/postgres.ts';
import { member } from '../support/queue.ts';
import { seeded } from '../support/seeded.ts';
import { overgang, saveCommand } from '../support/store-fixtures.ts';
import { tempDir } from '../support/temp.ts';

const KILLS = Math.min(100, Number(process.env.PENSION_TEST_KILLS || 2));
const SEED = Number(process.env.PENSION_TEST_SEED || Date.now() % 1_000_000);
/** Forløb of a store with more than a page of everything, and how many a citizen has. */
const MANY = 2_100;
const EACH = 50;

/** Makes a store with that many forløb; gives its address. */
async function makeStore(forloeb: number): Promise<string> {
  const file = path.join(tempDir(), 'pension.db');
  await openSqliteStore(file, systemPorts).close();
  const db = openConnection(file);
  const statements = prepareStatements(db, systemPorts);
  db.transaction(() => {
    for (let nr = 0; nr < forloeb; nr += 1) {
      const start = `${2001 + (nr % EACH)}-01-01`;
      const message = { Personnummer: member('22', Math.floor(nr / EACH)), ...overgang(start, start) };
      save(statements, saveCommand(message), systemPorts.now());
    }
  })();
  db.close();
  return addressOf(file);
}

const newFile = (): string => addressOf(path.join(tempDir(), 'copy.db'));

async function problemsOf(address: string): Promise<string[]> {
  const rows = await openRows(address);
  const problems: string[] = [];
  for await (const { id, violations } of verifyStore(rows))
    problems.push(...violations.map((violation) => `${id} ${violation}`));
  await rows.close();
  return problems;
}

async function trailOf(address: string) {
  const audit = await openAudit(address);
  const entries = await audit.entries({ after: 0, limit: 100_000 });
  await audit.close();
  return entries;
}

/** Copies to the end, and looks at what was made; gives how many milliseconds it took. */
async function finish(from: string, to: string, replay: string): Promise<number> {
  const began = performance.now();
  const { code, stderr } = await pension(['store', 'copy', from, to]);
  const took = performance.now() - began;
  expect(code, `${replay}: ${stderr}`).to.equal(0);
  const [was, is] = [await trailOf(from), await trailOf(to)];
  expect(is.slice(0, was.length), replay).to.deep.equal(was);
  expect(is.length, replay).to.equal(was.length + 1);
  expect(await problemsOf(to), replay).to.deep.equal([]);
  return took;
}

/** What a kill has left: nothing that holds anything, an unfinished copy, or a whole store. */
async function stateOf(to: string, replay: string): Promise<'none' | 'unfinished' | 'finished'> {
  const condition = await inspectStore(to);
  if (condition.state === 'unusable') {
    // A file that is made, and not ours yet.
    if (/not a store of this program/.test(condition.reason)) return 'none';
    expect(condition.reason, replay).to.match(/unfinished copy of a store/);
    return 'unfinished';
  }
  if (condition.state !== 'current' || condition.newestEntry === undefined) return 'none';
  expect(await problemsOf(to), replay).to.deep.equal([]);
  return 'finished';
}

describe('pension store copy', function () {
  this.timeout(KILLS * 15_000 + 120_000);
  let source: string;
  before(async () => {
    source = await makeStore(MANY);
  });

  it('says what it copied, without a password; the same command again does nothing', async () => {
    const [small, database] = [await makeStore(3), await tempDatabase()];
    const password = new URL(database).password;
    const first = await pension(['store', 'copy', small, database]);
    expect(first.code, first.stderr).to.equal(0);
    expect(first.stdout).to.match(
      /^postgres:\/\/pension@\S+ is a copy of sqlite:\S+\nschema +\S+\nholds +3 forløb, /,
    );
    expect(first.stdout).to.match(/\nverified +\d+ rows compared, 9 checks OK\n$/);
    const again = await pension(['store', 'copy', small, database, '--json']);
    const said = JSON.parse(again.stdout) as { rows: unknown; lastSeal: string };
    expect(said).to.include({ found: 'finished', from: small, entries: 4 });
    expect(said.rows).to.include({ forloeb: 3, forloeb_version: 3, besked: 3, sequence: 0, audit_entry: 4 });
    expect(said.lastSeal).to.match(/^\d+:[0-9a-f]{64}$/);
    expect(first.stdout).to.include(`last seal   ${said.lastSeal}\n`);
    const taken = await pension(['store', 'copy', source, database]);
    expect([taken.code, taken.stdout]).to.deep.equal([1, '']);
    expect(taken.stderr).to.match(
      /^pension: TO is a store already, and nothing is written over one\. Name a place/,
    );
    for (const { stdout, stderr } of [first, again, taken]) expect(stdout + stderr).to.not.include(password);
  });

  it('refuses what is no address, and does not repeat it', async () => {
    const { code, stderr } = await pension(['store', 'copy', source, 'postgres://me:secret@host']);
    expect(code).to.equal(2);
    expect(stderr).to.equal(
      'pension: TO must be sqlite:PATH or postgres://USER@HOST/DATABASE, for instance sqlite:var/pension.db.\n',
    );
  });

  it('killed at random moments and run again, it finishes; what is unfinished is no store', async () => {
    const chance = seeded(SEED);
    const replay = `replay it with: PENSION_TEST_SEED=${SEED} PENSION_TEST_KILLS=${KILLS} npx mocha --no-config --exit test/cli/store-copy.pg.ts`;
    const found = { none: 0, unfinished: 0, finished: 0 };
    const first = await tempDatabase();
    let longest = await finish(source, first, replay);
    let [kills, copies] = [0, 1];
    while (kills < KILLS) {
      const [from, to] = copies % 2 === 1 ? [source, await tempDatabase()] : [first, newFile()];
      for (let more = 1 + chance.below(2); more > 0 && kills < KILLS; more -= 1) {
        const running = startPension(['store', 'copy', from, to]);
        // What it does first of all is to start.
        const timer = setTimeout(() => running.signal('SIGKILL'), longest * (0.3 + chance.below(70) / 100));
        const { code, signal, stderr } = await running.result;
        clearTimeout(timer);
        if (signal === null) {
          expect(code, `${replay}: ${stderr}`).to.equal(0);
          break;
        }
        kills += 1;
        found[await stateOf(to, replay)] += 1;
      }
      longest = Math.max(500, (longest + (await finish(from, to, replay))) / 2);
      copies += 1;
    }
    if (KILLS >= 20) expect(found.unfinished, replay).to.be.greaterThan(KILLS / 5);
    console.log(
      `      copy: ${kills} kills of pension store copy in ${copies} copies, ${found.unfinished} found unfinished, ${found.none} not begun, ${found.finished} finished; every one finished by the same command, lost 0, seed ${SEED}`,
    );
  });

  it('is unfinished for the others: serve does not start on it, and doctor says so', async () => {
    const to = newFile();
    await copyStoppedAt(source, to, 3);
    const world = path.join(tempDir(), 'world');
    await makeWorld(world, { now: new Date() });
    const env = { ...worldEnv(world), PENSION_STORE: to, PENSION_TLS: 'off' };
    const [serve, doctor] = [await pension(['serve'], { env }), await pension(['doctor'], { env })];
    expect([serve.code, doctor.code]).to.deep.equal([1, 1]);
    expect(serve.stderr).to.match(
      /is the unfinished copy of a store\. Run the same pension store copy again/,
    );
    expect(doctor.stdout).to.match(/FAIL +store .*unfinished copy of a store/);
  });
});

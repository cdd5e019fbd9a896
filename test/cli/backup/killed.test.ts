// `pension backup` and `pension restore` killed with SIGKILL at random changes of the folder they work in: a backup is
// there whole or not at all, and in the place of the store is the old one or the new one, whole, without a log that is
// not its own.
//
// PENSION_TEST_KILLS says how often they are killed together, PENSION_TEST_SEED when.

import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, watch } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { expect } from 'chai';
import { addressOf } from '../../../src/store/open-store.ts';
import { openConnection } from '../../../src/store/sqlite/connection.ts';
import { openSqliteRows } from '../../../src/store/sqlite/verify-rows.ts';
import { verifyStore } from '../../../src/store/verify-store.ts';
import { pension, startPension } from '../../support/cli.ts';
import { member } from '../../support/queue.ts';
import { type Seeded, seeded } from '../../support/seeded.ts';
import { tempDir } from '../../support/temp.ts';
import { Filled } from '../outbox/filled.ts';

const KILLS = Number(process.env.PENSION_TEST_KILLS ?? 6);
/** Of each of the two commands. */
const TRIES = Math.ceil(KILLS / 2);
const SEED = Number(process.env.PENSION_TEST_SEED || Date.now() % 1_000_000);
const NU = new Date(Date.now() - 1_800_000);
/** The last changes, where names change: every second kill is there, and after. */
const LAST = 12;

/** When to kill: so many milliseconds after that many changes of the folder, or after the name has come or changed. */
interface Moment {
  readonly changes: number;
  readonly whenNamed: string | undefined;
  readonly milliseconds: number;
}

/**
 * Runs a command, until the folder has changed that often and some milliseconds more if it is to be killed. Gives how
 * often the folder changed, and whether it was killed.
 */
async function run(
  folder: string,
  args: readonly string[],
  address: string,
  kill?: Moment,
): Promise<{ readonly changes: number; readonly wasKilled: boolean }> {
  let changes = 0;
  const running = startPension(args, { env: { PENSION_STORE: address } });
  const watching = watch(folder, (_, name) => {
    changes += 1;
    const isNow = kill?.whenNamed === undefined ? changes === kill?.changes : name === kill.whenNamed;
    if (isNow && kill !== undefined) setTimeout(() => running.signal('SIGKILL'), kill.milliseconds);
  });
  const { code, signal, stderr } = await running.result;
  watching.close();
  if (signal === null) expect(code, stderr).to.equal(0);
  return { changes, wasKilled: signal === 'SIGKILL' };
}

/**
 * Moments of a run that changes a folder about that often when nobody kills it; the first is never too late, and every
 * fifth is when the name is given, where there is one to be given.
 */
const moments = (changes: number, name: string | undefined, chance: Seeded): Moment[] =>
  Array.from({ length: TRIES }, (_, at) => ({
    whenNamed: at % 5 === 4 ? name : undefined,
    changes:
      at % 2 === 0
        ? 1 + chance.below(at === 0 ? Math.ceil(changes / 2) : changes)
        : Math.max(1, changes - (3 * LAST) / 4) + chance.below(LAST),
    milliseconds: chance.below(3),
  }));

/** Without enough kills, before and after the step that counts, this has shown nothing. */
function demandHits(
  killed: number,
  found: { readonly old: number; readonly new: number },
  replay: string,
): void {
  expect(killed, `${replay}: too few were killed in time`).to.be.at.least(0.3 * TRIES);
  if (TRIES < 20) return;
  expect(found.old, `${replay}: no kill came early enough`).to.be.greaterThan(0);
  expect(found.new, `${replay}: no kill came late enough`).to.be.greaterThan(0);
}

async function problemsOf(file: string): Promise<string[]> {
  const rows = openSqliteRows(file);
  try {
    const problems: string[] = [];
    for await (const { id, violations } of verifyStore(rows))
      problems.push(...violations.map((violation) => `${id} ${violation}`));
    return problems;
  } finally {
    await rows.close();
  }
}

describe('backup and restore, killed at random', function () {
  this.timeout(KILLS * 10_000 + 60_000);
  const replay = `replay it with: make test-backup SEED=${SEED} KILLS=${KILLS}`;
  const chance = seeded(SEED);
  const source = new Filled();
  before(async () => {
    await source.register(NU, '22', 1, 2);
    const id = await source.save(NU, member('22', 1));
    for (let more = 0; more < 20; more += 1) await source.save(NU, member('22', 1), id);
  });

  it(`a backup is whole or not there`, async () => {
    const folder = tempDir();
    const file = path.join(folder, 'backup.db');
    const args = ['backup', file];
    const { changes } = await run(folder, args, source.address);
    let killed = 0;
    const found = { old: 0, new: 0 };
    for (const moment of moments(changes, 'backup.db', chance)) {
      rmSync(file, { force: true });
      const { wasKilled } = await run(folder, args, source.address, moment);
      if (wasKilled) killed += 1;
      const names = readdirSync(folder).filter((name) => !/^backup\.db\.(partial|lock)/.test(name));
      if (existsSync(file)) {
        found.new += 1;
        expect(names, replay).to.deep.equal(['backup.db']);
        expect(await problemsOf(file), replay).to.deep.equal([]);
      } else {
        found.old += 1;
        expect(names, replay).to.deep.equal([]);
      }
    }
    expect(await problemsOf(source.file), replay).to.deep.equal([]);
    const last = await pension(['backup', file, '--replace'], { env: { PENSION_STORE: source.address } });
    expect(last.code, `${replay}: ${last.stderr}`).to.equal(0);
    expect(readdirSync(folder), replay).to.deep.equal(['backup.db']);
    demandHits(killed, found, replay);
    console.log(
      `      backup: of ${TRIES} backups ${killed} killed, ${found.new} whole and ${found.old} not there; 0 halves, seed ${SEED}`,
    );
  });

  it('the old store or the new one is in the place', async () => {
    const backup = path.join(tempDir(), 'backup.db');
    const made = await pension(['backup', backup], { env: { PENSION_STORE: source.address } });
    expect(made.code, made.stderr).to.equal(0);
    const old = await oldStore();
    const found = { old: 0, new: 0 };
    let killed = 0;
    const args = ['restore', backup, '--replace'];
    const put = (): { folder: string; place: string } => {
      const folder = path.join(tempDir(), 'place');
      mkdirSync(folder);
      const place = path.join(folder, 'pension.db');
      for (const end of ['', '-wal']) copyFileSync(old + end, place + end);
      return { folder, place };
    };
    const untouched = put();
    const { changes } = await run(untouched.folder, args, addressOf(untouched.place));
    for (const moment of moments(changes, undefined, chance)) {
      const { folder, place } = put();
      const { wasKilled } = await run(folder, args, addressOf(place), moment);
      if (wasKilled) killed += 1;
      const names = readdirSync(folder);
      const which = versionsIn(path.join(folder, 'looked-at'), place) === OLD_VERSIONS ? 'old' : 'new';
      found[which] += 1;
      // As a service does: who may only read cannot undo the step of SQLite's that a kill may have come into.
      openConnection(place).close();
      expect(await problemsOf(place), replay).to.deep.equal([]);
      const asides = names.filter((name) => name.includes('.before-'));
      if (which === 'new') {
        expect(names, replay).not.to.include('pension.db-wal');
        expect(asides, replay).to.have.length(1);
        expect(versionsIn(path.join(folder, 'looked-at'), path.join(folder, asides[0]!)), replay).to.equal(
          OLD_VERSIONS,
        );
      }
      const last = await pension(['restore', backup, '--replace'], {
        env: { PENSION_STORE: addressOf(place) },
      });
      expect(last.code, `${replay}: ${last.stderr}`).to.equal(0);
      expect(await problemsOf(place), replay).to.deep.equal([]);
    }
    demandHits(killed, found, replay);
    console.log(
      `      backup: of ${TRIES} restores ${killed} killed, the new store in place ${found.new} times and the old one ${found.old}; 0 halves, seed ${SEED}`,
    );
  });
});

/** Versions of the store that is to be replaced; the last of them are in its log alone. */
const OLD_VERSIONS = 3;

/** A store as a kill has left it: part of it is in its log. */
async function oldStore(): Promise<string> {
  const filled = new Filled();
  const id = await filled.save(NU, member('22', 1));
  const holding = new Database(filled.file); // keeps the log from being put into the file
  holding.pragma('wal_autocheckpoint = 0');
  holding.exec('BEGIN');
  holding.pragma('schema_version');
  await filled.save(NU, member('22', 1), id);
  await filled.save(NU, member('22', 1), id);
  const old = path.join(tempDir(), 'old.db');
  for (const end of ['', '-wal']) copyFileSync(filled.file + end, old + end);
  holding.close();
  return old;
}

/** How many versions a store holds, seen in a copy so that nothing is changed by the look. */
function versionsIn(looked: string, file: string): number {
  rmSync(looked, { recursive: true, force: true });
  mkdirSync(looked);
  const copy = path.join(looked, 'copy.db');
  for (const end of ['', '-wal', '-journal'])
    if (existsSync(file + end)) copyFileSync(file + end, copy + end);
  const db = new Database(copy);
  try {
    return db.prepare<[], number>('SELECT count(*) FROM forloeb_version').pluck().get()!;
  } finally {
    db.close();
    rmSync(looked, { recursive: true });
  }
}

// R4 of the promises: no answer leaves before what it tells of has been flushed to disk, in the log of the system calls and
// on a disk that has lost all else; and a service that does otherwise is found out here.
//
// PENSION_TEST_ANSWERS says how many answers are looked at, PENSION_TEST_SEED which calls are made and when the power is
// cut.

import { copyFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { pension } from '../support/cli.ts';
import { inWords, sumOf } from '../support/counts.ts';
import type { HistoryCounts } from '../support/history.ts';
import { leaveOut } from '../support/left-out.ts';
import { demoWorld } from '../support/service.ts';
import { tempDir } from '../support/temp.ts';
import { storeWithMembers } from './every-write.ts';
import { type Flushed, type FlushRun, runFlushed } from './flush.ts';
import { findStrace } from './strace.ts';

const ANSWERS = Number(process.env.PENSION_TEST_ANSWERS ?? 200);
const SEED = Number(process.env.PENSION_TEST_SEED || Date.now() % 1_000_000);
/** Answers of one run of the service. */
const A_RUN = 500;
const CUTS_A_RUN = 16;
const REPLAY = `replay it with: make test-disk SEED=${SEED} ANSWERS=${ANSWERS}`;

/** Replaces what the store asks of SQLite: `as` for FULL, and what is answered when it is read back. */
const careless = (as: string, says: string): string =>
  `--import=data:text/javascript,${encodeURIComponent(`
    import Database from '${import.meta.resolve('better-sqlite3')}';
    const { pragma } = Database.prototype;
    Database.prototype.pragma = function (text, ...rest) {
      if (text === 'synchronous') return ${says};
      return pragma.call(this, text.replace('synchronous = FULL', 'synchronous = ${as}'), ...rest);
    };`)}`;

describe('an answer leaves when what it tells of is on disk', function () {
  this.timeout(60_000 + ANSWERS * 200);
  let strace: readonly string[];
  let organisationer: string;
  let members: string;

  const run = async (
    what: Pick<FlushRun, 'clients' | 'answers' | 'seed' | 'inject'>,
    env: Readonly<Record<string, string>> = {},
  ): Promise<Flushed> => {
    const root = tempDir();
    const store = path.join(root, 'pension.db');
    copyFileSync(members, store);
    return runFlushed({
      ...what,
      strace,
      root,
      store,
      cuts: CUTS_A_RUN,
      env: { PENSION_ORGANISATIONER: organisationer, ...env },
    });
  };

  before(async function () {
    const found = findStrace();
    if ('missing' in found) return leaveOut(this, 'R4', found.missing);
    strace = found.command;
    organisationer = path.join(await demoWorld(), 'organisationer.json');
    members = await storeWithMembers();
  });

  it(`${ANSWERS} answers to one client and to 16, and the power cut at any moment`, async () => {
    const total = { answers: 0, flushes: 0, cuts: 0 };
    const counts: HistoryCounts[] = [];
    for (let nr = 0; total.answers < ANSWERS; nr += 1) {
      const answers = Math.min(A_RUN, Math.ceil(ANSWERS / 2));
      const found = await run({ clients: nr % 2 === 0 ? 1 : 16, answers, seed: SEED + nr });
      expect(found.early, REPLAY).to.deep.equal([]);
      expect(found.lost, REPLAY).to.deep.equal([]);
      counts.push(found.counts);
      for (const key of ['answers', 'flushes', 'cuts'] as const) total[key] += found[key];
    }
    console.log(
      `      R4: ${total.answers} answers, each after its flush (${total.flushes} flushes); ` +
        `power cut ${total.cuts} times, ${inWords(sumOf(counts))}, seed ${SEED}`,
    );
  });

  it('so it is from the first answer on, when the store and its folder were not there', async () => {
    const root = tempDir();
    const found = await runFlushed({
      strace,
      root,
      store: path.join(root, 'new', 'folder', 'pension.db'),
      clients: 1,
      answers: 3,
      cuts: 6,
      seed: SEED,
      env: { PENSION_ORGANISATIONER: organisationer },
    });
    expect(found.early, REPLAY).to.deep.equal([]);
    expect(found.lost, REPLAY).to.deep.equal([]);
  });

  it('flushes that fail now and then leave no hole under what is answered later', async () => {
    const answers = Math.min(A_RUN, Math.ceil(ANSWERS / 2));
    for (let nr = 0; nr * A_RUN * 4 < ANSWERS; nr += 1) {
      const inject = `fsync,fdatasync:error=EIO:when=30..${30 + answers}+${5 + ((SEED + nr) % 5)}`;
      const found = await run({ clients: 4, answers, seed: SEED + nr, inject });
      expect(found.early, REPLAY).to.deep.equal([]);
      expect(found.lost, REPLAY).to.deep.equal([]);
      expect(found.refused, REPLAY).to.be.above(answers / 50);
    }
  });

  for (const as of ['NORMAL', 'OFF'])
    it(`a service that asks for synchronous=${as} and is told FULL is found out`, async () => {
      const found = await run({ clients: 2, answers: 20, seed: SEED }, { NODE_OPTIONS: careless(as, '2') });
      expect(found.early).to.have.length.above(15);
      expect(found.lost).to.have.length.above(0);
      expect(found.counts.lost, 'Saves').to.be.above(0);
    });
});

describe('a store that cannot be made durable', () => {
  it('is refused at start', async () => {
    const { code, stderr } = await pension(['serve'], {
      env: {
        PENSION_TLS: 'off',
        PENSION_PORT: '0',
        PENSION_ORGANISATIONER: path.join(await demoWorld(), 'organisationer.json'),
        PENSION_STORE: `sqlite:${path.join(tempDir(), 'pension.db')}`,
        NODE_OPTIONS: careless('NORMAL', '1'),
      },
    });
    expect(code).to.equal(1);
    expect(stderr).to.match(/is not durable \(journal_mode=wal, synchronous=1/);
  });
});

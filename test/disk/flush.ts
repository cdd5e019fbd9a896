// Runs a service under strace, with load, and proves from the log that nothing was answered before it was on disk.
//
// The argument: a call that is answered has left an entry in the audit trail that names its correlation id, in the same
// transaction as all else it did. When the first byte of the answer with that X-Correlation-Id is handed to the socket,
// every byte of a transaction that has the entry in its pages, up to the frame that commits it, must have been followed by
// a flush of the write-ahead log that began after the write had returned, and has itself returned with success. It is the
// call's own transaction, or one after it that wrote the same page again; a transaction that failed is in no page of a
// later one. And in fact: a disk that has lost everything else (disk.ts) is opened, and all that was answered is there.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { systemPorts } from '../../src/domain/ports.ts';
import { addressOf, openStore } from '../../src/store/open-store.ts';
import { startPension } from '../support/cli.ts';
import { inWords, isWrong, NOTHING_WRONG, sumOf } from '../support/counts.ts';
import type { History, HistoryCounts } from '../support/history.ts';
import { checkInvariants } from '../support/invariants.ts';
import { keptSince } from '../support/kept-versions.ts';
import { type Seeded, seeded } from '../support/seeded.ts';
import { tempDir } from '../support/temp.ts';
import { type Change, DISK_CALLS, Disk } from './disk.ts';
import { Load } from './load.ts';
import { readLog, stringsOf, type Traced, through } from './strace.ts';

export interface FlushRun {
  readonly strace: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** The folder that is certainly there, and the file of the store in or below it. */
  readonly root: string;
  readonly store: string;
  readonly clients: number;
  readonly answers: number;
  /** System calls that fail, as strace is told of them. */
  readonly inject?: string;
  /** How often the power is cut, at moments that the seed chooses. */
  readonly cuts: number;
  readonly seed: number;
}

/** What was found. */
export interface Flushed {
  /** Answers that were held against the log. */
  readonly answers: number;
  /** Calls that were answered 1011. */
  readonly refused: number;
  readonly flushes: number;
  readonly cuts: number;
  /** Answers that left before their transaction was on disk, or that have none. */
  readonly early: readonly string[];
  /** What a power cut has taken, in words, and counted. */
  readonly lost: readonly string[];
  readonly counts: HistoryCounts;
}

/** Frames of one transaction in the write-ahead log. */
interface Transaction {
  readonly changes: Change[];
  isCommitted: boolean;
}

const isOnDisk = ({ isCommitted, changes }: Transaction): boolean =>
  isCommitted && changes.every(({ state }) => state === 'kept');

const CALLS = `${DISK_CALLS},sendto,sendmsg`;
const ANSWER = /^HTTP\/1\.1 [\s\S]*?^X-Correlation-Id: (\S+)/m;
const FRAME_HEADER = 24;
/** What is answered so may be kept all the same, when the power is cut before the disk is well. */
const STORE_FAILED = 1011;
/** Transactions that are looked through for the one of an answer, from the newest on. */
const RECENT = 60;

/** Runs the service and reads its log. */
export async function runFlushed(run: FlushRun): Promise<Flushed> {
  const before = existing(run.root);
  const log = path.join(tempDir(), 'strace.log');
  const serve = startPension(['serve'], {
    env: { ...run.env, PENSION_TLS: 'off', PENSION_PORT: '0', PENSION_STORE: `sqlite:${run.store}` },
    through: through(run.strace, [
      ...['-qq', '-y', '-xx', '-s', '70000', '-o', log, '-e', `trace=${CALLS}`],
      // Quicker, and no calls fail with it.
      ...(run.inject === undefined ? ['--seccomp-bpf'] : ['-e', `inject=${run.inject}`]),
    ]),
  });
  const [, url] = await serve.sees('stdout', /^listening (\S+)\n/m);
  const load = new Load(url!, run);
  await load.run(run.answers);
  serve.signal('SIGTERM');
  const { code, stderr } = await serve.result;
  if (code !== 0 || load.wrong.length > 0 || load.failed.length > 0 !== (run.inject !== undefined))
    throw new Error(
      `the run itself failed: ${[...load.wrong, `exit code ${code}`, stderr.slice(-500)].join('; ')}`,
    );
  const reading = new Reading(run, before, load);
  await reading.read(log);
  rmSync(log);
  return reading.flushed();
}

/** Files that are there before the run, by their name below the root. */
function existing(root: string): Map<string, Buffer> {
  const file = path.join(root, 'pension.db');
  try {
    return new Map([['pension.db', readFileSync(file)]]);
  } catch {
    return new Map();
  }
}

/** One pass through the log. */
class Reading {
  readonly #run: FlushRun;
  readonly #disk: Disk;
  readonly #chance: Seeded;
  /** Calls that were acknowledged or refused by a rule, with the code. */
  readonly #fejlkoder: ReadonlyMap<string, number | undefined>;
  readonly #refused: number;
  #transactions: Transaction[] = [];
  readonly #answered: string[] = [];
  readonly #early: string[] = [];
  readonly #lost: string[] = [];
  readonly #history: History;
  #counts = NOTHING_WRONG;
  #flushes = 0;
  #cuts = 0;

  constructor(run: FlushRun, before: ReadonlyMap<string, Buffer>, { answered, failed, history }: Load) {
    this.#run = run;
    this.#history = history;
    this.#fejlkoder = new Map(answered.map(({ correlationId, fejlkode }) => [correlationId, fejlkode]));
    this.#refused = failed.length;
    this.#chance = seeded(run.seed);
    this.#disk = new Disk(run.root, (name, change) => {
      if (name.endsWith('-wal')) this.#written(change);
    });
    for (const [name, content] of before) this.#disk.add(name, content);
  }

  async read(log: string): Promise<void> {
    let answers = 0;
    for await (const call of readLog(log)) {
      const id = idOfAnswer(call);
      if (id !== undefined && this.#fejlkoder.has(id)) {
        this.#judge(id);
        answers += 1;
        // At once, and once more with some of what is not certain; and somewhere on the way to the next answer, below.
        if (this.#chance.chance(this.#run.cuts / 2 / this.#run.answers)) await this.#cut();
      }
      this.#disk.take(call);
      if (call.phase === 'ends' && /^f(data)?sync$/.test(call.name) && call.result === 0) this.#flushes += 1;
      if (answers > 0 && this.#chance.chance(this.#run.cuts / 2 / this.#run.answers / CALLS_AN_ANSWER))
        await this.#cut(this.#chance);
    }
    await this.#cut();
  }

  flushed(): Flushed {
    return {
      answers: this.#answered.length,
      refused: this.#refused,
      flushes: this.#flushes,
      cuts: this.#cuts,
      early: this.#early,
      lost: this.#lost,
      counts: this.#counts,
    };
  }

  #written(change: Change): void {
    let last = this.#transactions.at(-1);
    // A header of the log whose flush failed is written again, with what comes after it.
    if (last === undefined || last.isCommitted || last.changes.some(({ state }) => state === 'lost')) {
      // A frame's page follows its header, so the page of the frame that commits still belongs to it.
      if (last !== undefined && last.changes.at(-1)!.bytes?.length === FRAME_HEADER) {
        last.changes.push(change);
        return;
      }
      last = { changes: [], isCommitted: false };
      this.#transactions.push(last);
      if (this.#transactions.length > RECENT) this.#transactions = this.#transactions.slice(-RECENT / 2);
    }
    last.changes.push(change);
    // The header of a frame that commits says how long the database is then.
    if (change.bytes?.length === FRAME_HEADER && change.bytes.readUInt32BE(4) !== 0) last.isCommitted = true;
  }

  #judge(id: string): void {
    this.#answered.push(id);
    // Those after it may have written the same page again, with its entry on it.
    const holding = this.#transactions.filter(({ changes }) =>
      changes.some(({ bytes }) => bytes?.includes(id)),
    );
    if (holding.length === 0) this.#early.push(`${id} was answered, and nothing was written for it`);
    else if (!holding.some(isOnDisk))
      this.#early.push(`${id} was answered before its transaction was on disk`);
  }

  /** Cuts the power, starts on what is left, and looks for all that was answered. */
  async #cut(chance?: Seeded): Promise<void> {
    this.#cuts += 1;
    const folder = tempDir();
    for (const [name, content] of this.#disk.afterPowerCut(chance)) {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, name), content);
    }
    const store = path.join(folder, path.relative(this.#run.root, this.#run.store));
    const answered = this.#answered.map((correlationId) => {
      const fejlkode = this.#fejlkoder.get(correlationId);
      return { correlationId, ...(fejlkode !== undefined && { fejlkode }) };
    });
    try {
      await (await openStore(`sqlite:${store}`, systemPorts)).close();
      const broken = await checkInvariants(addressOf(store), {
        answered,
        unanswered: this.#run.clients + 1 + this.#refused,
      });
      const then = this.#history.asOf(new Set(this.#answered), [STORE_FAILED]);
      const counts = then.compare(await keptSince(addressOf(store), 0));
      if (isWrong(counts)) broken.push(inWords(counts));
      this.#counts = sumOf([this.#counts, counts]);
      this.#lost.push(...broken.map((one) => `cut ${this.#cuts}: ${one}`));
    } catch (error) {
      this.#lost.push(`cut ${this.#cuts}: ${String(error)}`);
    }
    rmSync(folder, { recursive: true });
  }
}

/** System calls for one answer, more or less. */
const CALLS_AN_ANSWER = 40;

function idOfAnswer({ phase, name, args }: Traced): string | undefined {
  if (phase !== 'begins' || !/^(write|writev|sendto|sendmsg)$/.test(name)) return undefined;
  return ANSWER.exec(Buffer.concat(stringsOf(args)).toString('latin1'))?.[1];
}

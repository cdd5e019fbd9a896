// `make bench-batch`: a batch from UDK to an a-kasse, with the commands that both use: how long it takes, and how long
// after the last Save the last besked is kept. Fails when a line is not saved, or a besked is missing or came twice.

import { existsSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LINE_BEGIN } from '../src/cli/akasse-poll/besked.ts';
import { forloebIn, savedIn, writeBatch, writeRegister } from './batch/files.ts';
import { follow } from './batch/follow.ts';
import { Peers } from './compare.ts';
import { machineInWords } from './machine.ts';
import { numberOption } from './options.ts';
import { serviceSettings, startService } from './peers/peer.ts';
import { end, type RunningCommand, startPension, within } from './processes.ts';
import { medianOf } from './rounds.ts';
import { digits, print, printHeading, printTable, say } from './table.ts';
import { targetLine } from './targets.ts';
import { makeWorkplace } from './workplace.ts';

const ROUNDS = numberOption('ROUNDS', 3);
const BATCH = numberOption('BATCH', 10_000);
const CITIZENS = numberOption('CITIZENS', 4_000);
/** Connections of `udk send`; its own default. */
const CONNECTIONS = numberOption('CONNECTIONS', 8);
const AKASSE = '11';
/** Seconds between the polls of the a-kasse, the fewest that there can be. */
const WATCH = 1;
/** Seconds, between the last Save and the last besked. */
const LONGEST_WAIT = 5;
/** Milliseconds that a batch may take before it is given up. */
const PATIENCE = 60_000 + BATCH * 50;

/** Seconds. */
interface Figures {
  readonly command: number;
  readonly saving: number;
  readonly toLast: number;
  readonly total: number;
}

const folder = makeWorkplace();

async function measureRound(round: number): Promise<Figures> {
  const world = path.join(folder, `world-${round}`);
  const file = (name: string): string => path.join(world, name);
  await startPension(['init', world]).output;
  const options = { world, tls: true };
  const store = `sqlite:${file('pension.db')}`;
  await using peers = new Peers();
  const peer = await peers.add(startService(store, options));
  writeRegister(file('register.csv'), CITIZENS, AKASSE);
  writeBatch(file('batch.csv'), BATCH, CITIZENS);
  await startPension(['import', 'medlemskaber', file('register.csv')], serviceSettings(store, options))
    .output;

  const target = ['--world', world, '--url', `https://127.0.0.1:${peer.port}`];
  const paths = {
    batch: file('batch.csv'),
    receipts: file('receipts.csv'),
    beskeder: file('beskeder.jsonl'),
  };
  const poll = startPension([
    ...['akasse', 'poll', '--as', AKASSE, '--out', paths.beskeder, '--watch', String(WATCH), '--json'],
    ...target,
  ]);
  try {
    await within(PATIENCE, 'the start of the poll', polling(poll, paths.beskeder));
    const figures = await send(paths, target, poll);
    await end(poll.child);
    check(paths, await poll.output);
    return figures;
  } finally {
    await end(poll.child);
  }
}

/** Until the poll has made its file. */
async function polling(poll: RunningCommand, beskeder: string): Promise<void> {
  while (!existsSync(beskeder)) await Promise.race([sleep(20), failing(poll)]);
}

/** Rejects when a command ends, which is not to end by itself. */
const failing = ({ output }: RunningCommand): Promise<never> =>
  output.then(() => Promise.reject(new Error('the poll ended by itself')));

interface Paths {
  readonly batch: string;
  readonly receipts: string;
  readonly beskeder: string;
}

async function send(paths: Paths, target: readonly string[], poll: RunningCommand): Promise<Figures> {
  const began = performance.now();
  const command = startPension([
    ...['udk', 'send', paths.batch, '--receipts', paths.receipts, '--connections', String(CONNECTIONS)],
    ...target,
  ]);
  let isOver = false;
  const saved = follow(paths.receipts, ',saved,', BATCH, () => isOver);
  const fetched = follow(paths.beskeder, LINE_BEGIN, BATCH, () => isOver);
  try {
    await within(PATIENCE, 'the batch', command.output);
    const ended = performance.now();
    const last = await within(PATIENCE, 'the fetching', Promise.race([fetched, failing(poll)]));
    isOver = true;
    const save = await saved;
    return {
      command: (ended - began) / 1_000,
      saving: (save.latest - save.first) / 1_000,
      toLast: (last.latest - save.latest) / 1_000,
      total: (last.latest - began) / 1_000,
    };
  } finally {
    isOver = true;
    await end(command.child);
    await Promise.allSettled([saved, fetched]);
  }
}

/** Holds the beskeder against what was saved. Throws where they are not one for each. */
function check({ receipts, beskeder }: Paths, summary: string): void {
  const saved = new Set(savedIn(receipts));
  const come = forloebIn(beskeder);
  const strange = come.filter((forloeb) => !saved.has(forloeb)).length;
  const { added } = JSON.parse(summary) as { added: number };
  if (
    saved.size !== BATCH ||
    come.length !== BATCH ||
    new Set(come).size !== BATCH ||
    strange > 0 ||
    added !== BATCH
  )
    throw new Error(
      `${BATCH} lines, ${saved.size} saved, ${come.length} beskeder of ${new Set(come).size} forløb, ${strange} of them strange, ${added} added`,
    );
}

async function run(): Promise<void> {
  const all: Figures[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const figures = await measureRound(round);
    all.push(figures);
    say(
      `round ${round + 1} of ${ROUNDS}: ${digits(figures.total, 1)} s, the last besked ${digits(figures.toLast, 2)} s after the last Save`,
    );
  }
  const median = (pick: (figures: Figures) => number): number => medianOf(all.map(pick));
  const toLast = median((figures) => figures.toLast);
  const method = `${BATCH} indberetninger of ${CITIZENS} members of one a-kasse over ${CONNECTIONS} connections with client certificates, a poll every ${WATCH} s, ${ROUNDS} rounds, medians`;
  printHeading('make bench-batch', machineInWords(), method);
  printTable(
    ['<what', 'median', 'longest'],
    [
      row(
        '`udk send`, from its start to its end, s',
        all.map(({ command }) => command),
      ),
      row(
        'from the first Save to the last, s',
        all.map(({ saving }) => saving),
      ),
      row(
        'from the start of `udk send` to the last besked, s',
        all.map(({ total }) => total),
      ),
      row(
        'from the last Save to the last besked, s',
        all.map((figures) => figures.toLast),
      ),
    ],
  );
  print(
    `Saves a second: ${digits(BATCH / median(({ saving }) => saving))}. Each besked came, and each once.`,
  );
  print();
  const what = 'from the last Save to the last besked, s';
  print(targetLine({ what, wanted: LONGEST_WAIT, least: false, reached: toLast }));
}

const row = (what: string, seconds: readonly number[]): string[] => [
  what,
  digits(medianOf(seconds), 2),
  digits(Math.max(...seconds), 2),
];

try {
  await run();
} catch (error) {
  say(`bench-batch: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}

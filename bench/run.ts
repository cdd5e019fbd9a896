// `make bench`: the service beside the baseline, without TLS, with client certificates, on slow disks, and on
// PostgreSQL. Prints its progress on stderr and Markdown on stdout; fails only when a call is answered wrongly.

import path from 'node:path';
import { makeWorld } from '../src/cli/world/world.ts';
import { type Compared, type Comparison, compare, comparePostgres, type Held, type Run } from './compare.ts';
import { machineInWords } from './machine.ts';
import { type Figures, Meter } from './meter.ts';
import { numberOption, numbersOption } from './options.ts';
import { isPostgresHere } from './peers/postgres.ts';
import { medianOf, ratioOf } from './rounds.ts';
import { slowDisk } from './slow-disk.ts';
import { digits, print, printHeading, printTable, say } from './table.ts';
import { DELAYS, nameOf, SETTINGS, targetLines, USUAL_CONNECTIONS } from './targets.ts';
import { makeWorkplace } from './workplace.ts';

const ROUNDS = numberOption('ROUNDS', 3);
const SECONDS = numberOption('SECONDS', 4);
const CONNECTIONS = numbersOption('CONNECTIONS', [1, 8, 32, 64]);
const CITIZENS = numberOption('CITIZENS', 100_000);
const PROCESSES = [1, 2, 3];

const folder = makeWorkplace();
const world = path.join(folder, 'world');
await makeWorld(world, { now: new Date() });
const run: Run = {
  meter: new Meter(CITIZENS),
  rounds: ROUNDS,
  milliseconds: SECONDS * 1_000,
  citizens: CITIZENS,
  folder,
  world,
};

const compared: Compared[] = [];
const held: Held[] = [];
const notes: string[] = [];
const keep = (comparison: Comparison): void => {
  compared.push(...comparison.compared);
  held.push(...comparison.held);
};

async function onSlowDisk(milliseconds: number, connections: readonly number[]): Promise<void> {
  const name = SETTINGS.delayed(milliseconds);
  const disk = slowDisk(milliseconds);
  if ('missing' in disk) notes.push(`Not measured, ${name}: ${disk.missing}.`);
  else keep(await compare(run, { name, tls: false, through: disk.command, connections }));
}

async function onPostgres(): Promise<void> {
  if (!isPostgresHere()) {
    notes.push('No PostgreSQL: there is none here, and none could be fetched.');
    return;
  }
  const comparison = await comparePostgres(run, PROCESSES, USUAL_CONNECTIONS);
  keep(comparison);
  notes.push(
    `PostgreSQL ${comparison.major} is on the same machine, without TLS; behind the plus sign is the CPU of the database.`,
  );
}

/** What both have, as `service / baseline`. */
const both = (one: Compared, pick: (figures: Figures) => number, count = 0): string =>
  [one.service, one.baseline].map((each) => digits(medianOf(each.map(pick)), count)).join(' / ');

const ratio = ({ service, baseline }: Compared, pick: (figures: Figures) => number): string =>
  digits(ratioOf(service.map(pick), baseline.map(pick)), 2);

function cpu({ service, baseline }: Compared): string {
  const [own, other] = [service, baseline].map((each) =>
    digits(medianOf(each.map((figures) => figures.cpu)), 2),
  );
  const database = medianOf(service.map(({ databaseCpu }) => databaseCpu));
  return `${own}${database > 0 ? ` + ${digits(database, 2)}` : ''} / ${other}`;
}

function printResult(): void {
  const extent = `${CITIZENS} citizens, ${ROUNDS} interleaved rounds of ${SECONDS} s, medians`;
  printHeading('make bench', machineInWords(), `${extent}, each as service / baseline`);
  printTable(
    [
      '<setting',
      '<call',
      'connections',
      'calls a second',
      'ratio',
      'p50, ms',
      'p95, ms',
      'p99, ms',
      'ratio of p99',
      'CPU for 1 000 calls, s',
    ],
    compared.map((one) => [
      one.setting,
      nameOf(one.asked),
      String(one.connections),
      both(one, ({ perSecond }) => perSecond),
      ratio(one, ({ perSecond }) => perSecond),
      both(one, ({ p50 }) => p50, 1),
      both(one, ({ p95 }) => p95, 1),
      both(one, ({ p99 }) => p99, 1),
      ratio(one, ({ p99 }) => p99),
      cpu(one),
    ]),
  );
  printTable(
    ['<setting', '<process', 'memory after it all, MB', 'at its most, MB'],
    held.map(({ setting, what, memory }) => [setting, what, digits(memory.now), digits(memory.most)]),
  );
  for (const note of notes) print(note);
  print();
  for (const line of targetLines(compared, held)) print(line);
}

try {
  keep(await compare(run, { name: SETTINGS.plain, tls: false, connections: CONNECTIONS }));
  keep(await compare(run, { name: SETTINGS.tls, tls: true, connections: [USUAL_CONNECTIONS] }));
  await onSlowDisk(DELAYS.some, CONNECTIONS);
  await onSlowDisk(DELAYS.slow, [USUAL_CONNECTIONS]);
  await onPostgres();
  printResult();
} catch (error) {
  say(`bench: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
} finally {
  await run.meter.stop();
}

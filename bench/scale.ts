// `make bench-scale`: what a Save and a Get cost against stores of 1 000, 100 000 and 1 000 000 citizens. Only the
// store grows, not what one citizen has: whoever is asked of has one forløb in each store (README.md says how).

import { rmSync } from 'node:fs';
import path from 'node:path';
import { makeWorld } from '../src/cli/world/world.ts';
import { alone, Peers } from './compare.ts';
import type { Asked } from './load/messages.ts';
import { type Memory, machineInWords, memoryOf } from './machine.ts';
import { type Extent, type Figures, inWords, labelOf, Meter, type Subject } from './meter.ts';
import { numberOption, numbersOption } from './options.ts';
import { type Peer, startService } from './peers/peer.ts';
import { copyPreparedStore } from './prepared.ts';
import { medianOf, ratioOf } from './rounds.ts';
import { digits, print, printHeading, printTable, say } from './table.ts';
import { nameOf, targetLine } from './targets.ts';
import { makeWorkplace } from './workplace.ts';

const ROUNDS = numberOption('ROUNDS', 9);
const SECONDS = numberOption('SECONDS', 2);
const SIZES = numbersOption('CITIZENS', [1_000, 100_000, 1_000_000]).toSorted((a, b) => a - b);
const CONNECTIONS = 32;
const MOST_COST = 1.3;
/** Saves before the measured ones, of citizens that no store has: all others keep what they have. */
const WARM_UP_SAVES = 3_000;
/** Gets first: when they come, each citizen has the one forløb that the store was made with. */
const ASKED: readonly Asked[] = ['get', 'save'];

const smallest = SIZES[0]!;
const largest = SIZES.at(-1)!;
/** As many Saves as the smallest store has citizens, so that each comes to another citizen. */
const EXTENTS: Readonly<Record<Asked, Extent>> = {
  get: { milliseconds: SECONDS * 1_000 },
  save: { milliseconds: 0, calls: smallest },
};

const folder = makeWorkplace();
const world = path.join(folder, 'world');
const meter = new Meter(largest);
const figures = new Map<string, Figures[]>();
const memories = new Map<number, Memory[]>(SIZES.map((size) => [size, []]));
const figuresOf = (size: number, asked: Asked): readonly Figures[] => figures.get(`${size} ${asked}`)!;

/** The store of that size for that round: a new copy where the last one has not enough citizens left. */
async function storeFor(size: number, round: number): Promise<string> {
  const store = path.join(folder, `${size}.db`);
  if (round > 0 && size >= smallest * ROUNDS) return store;
  for (const end of ['', '-wal', '-shm']) rmSync(store + end, { force: true });
  await copyPreparedStore(size, store);
  return store;
}

interface Sized {
  readonly size: number;
  readonly peer: Peer;
  readonly subject: Subject;
}

async function startSized(size: number, round: number, peers: Peers): Promise<Sized> {
  const store = await storeFor(size, round);
  const peer = await peers.add(startService(`sqlite:${store}`, { world, tls: false }));
  return { size, peer, subject: alone(`${size} citizens`, peer) };
}

const measure = ({ subject, size }: Sized, asked: Asked, extent: Extent): Promise<Figures> =>
  meter.measure(
    { subject, asked, connections: CONNECTIONS },
    { citizens: { first: 0, count: size }, ...extent },
  );

async function warmUp(sized: Sized, round: number): Promise<void> {
  await measure(sized, 'get', EXTENTS.get);
  const strangers = { first: largest + round * WARM_UP_SAVES, count: WARM_UP_SAVES };
  await measure(sized, 'save', { milliseconds: 0, calls: WARM_UP_SAVES, citizens: strangers });
}

async function measureRound(round: number): Promise<void> {
  await using peers = new Peers();
  const all: Sized[] = [];
  for (const size of round % 2 === 0 ? SIZES : SIZES.toReversed())
    all.push(await startSized(size, round, peers));
  for (const sized of all) await warmUp(sized, round);
  for (const asked of ASKED) {
    for (const sized of all) {
      const measured = await measure(sized, asked, EXTENTS[asked]);
      const key = `${sized.size} ${asked}`;
      figures.set(key, [...(figures.get(key) ?? []), measured]);
      const label = labelOf({ subject: sized.subject, asked, connections: CONNECTIONS });
      say(`round ${round + 1} of ${ROUNDS}: ${label}: ${inWords(measured)}`);
    }
  }
  for (const { size, peer } of all) memories.get(size)!.push(memoryOf(peer.pid));
}

function row(size: number, asked: Asked): string[] {
  const of = figuresOf(size, asked);
  const beside = figuresOf(smallest, asked);
  const median = (pick: (figures: Figures) => number, count = 0): string =>
    digits(medianOf(of.map(pick)), count);
  const ratio = (pick: (figures: Figures) => number): string =>
    digits(ratioOf(of.map(pick), beside.map(pick)), 2);
  const memory = memories.get(size)!;
  return [
    String(size),
    nameOf(asked),
    median(({ perSecond }) => perSecond),
    ratio(({ perSecond }) => perSecond),
    median(({ p99 }) => p99, 1),
    median(({ cpu }) => cpu, 3),
    ratio(({ cpu }) => cpu),
    digits(medianOf(memory.map(({ now }) => now))),
    digits(Math.max(...memory.map(({ most }) => most))),
  ];
}

function printResult(): void {
  const method = `${ROUNDS} interleaved rounds of ${SECONDS} s of Gets and ${smallest} Saves, medians`;
  printHeading('make bench-scale', machineInWords(), `${CONNECTIONS} connections without TLS, ${method}`);
  printTable(
    [
      'citizens',
      '<call',
      'calls a second',
      `to ${smallest}`,
      'p99, ms',
      'CPU for 1 000 calls, s',
      `to ${smallest}`,
      'memory, MB',
      'at its most, MB',
    ],
    (['save', 'get'] as const).flatMap((asked) => SIZES.map((size) => row(size, asked))),
  );
  for (const asked of ['save', 'get'] as const) {
    const [most, least] = [largest, smallest].map((size) => figuresOf(size, asked).map(({ cpu }) => cpu));
    print(
      targetLine({
        what: `${nameOf(asked)} with ${largest} citizens: CPU, times that with ${smallest}`,
        wanted: MOST_COST,
        least: false,
        reached: ratioOf(most!, least!),
      }),
    );
  }
}

try {
  await makeWorld(world, { now: new Date() });
  for (let round = 0; round < ROUNDS; round += 1) await measureRound(round);
  printResult();
} catch (error) {
  say(`bench-scale: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
} finally {
  await meter.stop();
}

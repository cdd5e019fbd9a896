// Compares the service with the baseline in one setting: both run at the same time and are asked in turn.

import path from 'node:path';
import type { Asked } from './load/messages.ts';
import { type Memory, memoryOf } from './machine.ts';
import { type Case, type Figures, inWords, labelOf, type Meter, type Subject } from './meter.ts';
import { type Peer, type PeerOptions, startService, startTutorial } from './peers/peer.ts';
import { type Cluster, startCluster } from './peers/postgres.ts';
import { copyPreparedStore, copyPreparedTutorial } from './prepared.ts';
import { inRounds } from './rounds.ts';
import { say } from './table.ts';

/** What every comparison of a run has in common. */
export interface Run {
  readonly meter: Meter;
  readonly rounds: number;
  readonly milliseconds: number;
  readonly citizens: number;
  readonly folder: string;
  readonly world: string;
}

/** The figures of both, round by round. */
export interface Compared {
  readonly setting: string;
  readonly asked: Asked;
  readonly connections: number;
  readonly service: readonly Figures[];
  readonly baseline: readonly Figures[];
}

/** What a process held after all its rounds. */
export interface Held {
  readonly setting: string;
  readonly what: string;
  readonly memory: Memory;
}

export interface Comparison {
  readonly compared: readonly Compared[];
  readonly held: readonly Held[];
}

const ASKED: readonly Asked[] = ['save', 'get'];

/** How the peers of a setting are started, and at how many connections they are asked. */
export interface Setting extends Omit<PeerOptions, 'world'> {
  readonly name: string;
  readonly connections: readonly number[];
}

/** Both on SQLite, each with a store of its own. */
export async function compare(run: Run, setting: Setting): Promise<Comparison> {
  const stores = await copies(run, setting.name);
  const options = { ...setting, world: run.world };
  await using peers = new Peers();
  const service = await peers.add(startService(`sqlite:${stores.service}`, options));
  const baseline = await peers.add(startTutorial(stores.baseline, options));
  const pairs = setting.connections.flatMap((connections) =>
    ASKED.map((asked) => ({
      setting: setting.name,
      service: { subject: alone(`${setting.name}: service`, service), asked, connections },
      baseline: { subject: alone(`${setting.name}: baseline`, baseline), asked, connections },
    })),
  );
  const compared = await measure(run, pairs);
  return {
    compared,
    held: [
      { setting: setting.name, what: 'service', memory: memoryOf(service.pid) },
      { setting: setting.name, what: 'baseline', memory: memoryOf(baseline.pid) },
    ],
  };
}

/** One and more processes of the service on one PostgreSQL, each time beside the same baseline. */
export async function comparePostgres(
  run: Run,
  processes: readonly number[],
  connections: number,
): Promise<Comparison & { readonly major: number }> {
  const stores = await copies(run, 'postgres');
  const options = { world: run.world, tls: false };
  await using peers = new Peers();
  const cluster = peers.use(await startCluster(run.citizens, Math.max(...processes), options));
  const baseline = await peers.add(startTutorial(stores.baseline, options));
  const pairs = ASKED.flatMap((asked) =>
    processes.map((count) => {
      const subject = cluster.first(count);
      return {
        setting: subject.name,
        service: { subject, asked, connections },
        baseline: { subject: alone('beside it: baseline', baseline), asked, connections },
      };
    }),
  );
  const compared = await measure(run, pairs);
  const held = cluster.peers.map(({ pid }, at) => ({
    setting: 'PostgreSQL',
    what: `process ${at + 1}`,
    memory: memoryOf(pid),
  }));
  return { compared, held, major: cluster.major };
}

interface Pair {
  readonly setting: string;
  readonly service: Case;
  readonly baseline: Case;
}

async function measure(run: Run, pairs: readonly Pair[]): Promise<Compared[]> {
  const cases = pairs.flatMap(({ service, baseline }) => [service, baseline]);
  const extent = { milliseconds: run.milliseconds };
  await warmUp(run.meter, cases, run.milliseconds);
  const measured = await inRounds(
    run.rounds,
    cases,
    labelOf,
    (each) => run.meter.measure(each, extent),
    inWords,
  );
  return pairs.map(({ setting, service, baseline }) => ({
    setting,
    asked: service.asked,
    connections: service.connections,
    service: measured.get(service)!,
    baseline: measured.get(baseline)!,
  }));
}

/** Asks every subject everything once without counting it: a process that has just been started is slower. */
async function warmUp(meter: Meter, cases: readonly Case[], milliseconds: number): Promise<void> {
  say('warming up ...');
  const connections = Math.max(...cases.map((each) => each.connections));
  const done = new Set<string>();
  for (const { subject, asked } of cases) {
    const what = `${subject.name} ${asked}`;
    if (done.has(what)) continue;
    done.add(what);
    await meter.measure({ subject, asked, connections }, { milliseconds });
  }
}

/** A peer that is asked alone, on a store of its own. */
export const alone = (name: string, peer: Peer): Subject => ({
  name,
  store: name,
  watched: { service: [peer.pid] },
  addresses: (asked) => [peer.address(asked)],
});

async function copies(
  { folder, citizens }: Run,
  name: string,
): Promise<{ service: string; baseline: string }> {
  const file = (of: string): string => path.join(folder, `${name.replaceAll(/\W+/g, '-')}-${of}.db`);
  const stores = { service: file('service'), baseline: file('baseline') };
  await copyPreparedStore(citizens, stores.service);
  await copyPreparedTutorial(citizens, stores.baseline);
  return stores;
}

/** What has been started and is stopped when the comparison ends, also by an error. */
export class Peers implements AsyncDisposable {
  readonly #started: Pick<Peer | Cluster, 'stop'>[] = [];

  async add(starting: Promise<Peer>): Promise<Peer> {
    return this.use(await starting);
  }

  use<Started extends Pick<Peer | Cluster, 'stop'>>(started: Started): Started {
    this.#started.push(started);
    return started;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#started.map((each) => each.stop()));
  }
}

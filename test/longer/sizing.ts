// An experiment: how much one, two and three processes carry on one PostgreSQL, all on this machine, with client
// certificates as in real use. Run it with `make test-sizing`; it prints the table of docs/deployment.md, and fails when a
// call is not answered with 200.

import path from 'node:path';
import pg from 'pg';
import { cpuOf, cpuWithChildrenOf, memoryOf } from '../../bench/machine.ts';
import { medianOf } from '../../bench/rounds.ts';
import { newDatabase } from '../../build/postgres/databases.ts';
import { startPostgres } from '../../build/postgres/server.ts';
import { clientIdentity, makeWorld } from '../../src/cli/world/world.ts';
import { type RunningCli, startServe, worldEnv } from '../support/cli.ts';
import { type LoopResult, makeClients } from '../support/closed-loop.ts';
import { nyBorger } from '../support/domain-model.ts';
import { getEnvelope, saveEnvelope } from '../support/envelopes.ts';
import { overgang } from '../support/store-fixtures.ts';
import { tempDir } from '../support/temp.ts';

const SECONDS = Number(process.argv[2] ?? 8);
const ROUNDS = Number(process.argv[3] ?? 3);
const CLIENTS = 32;
const PROCESSES = [1, 2, 3];
const say = (text: string): void => void process.stdout.write(`${text}\n`);

const citizens: string[] = [];
const nextSave = (): string => {
  const personnummer = nyBorger();
  citizens.push(personnummer);
  return saveEnvelope({ Personnummer: personnummer, ...overgang('2026-01-01', '2026-06-30') });
};
const nextGet = (): string => getEnvelope(citizens[Math.floor(Math.random() * citizens.length)]!);

interface Figures {
  readonly perSecond: number;
  readonly median: number;
  readonly p99: number;
  readonly cpu: number;
  readonly databaseCpu: number;
}

const world = path.join(tempDir(), 'world');
await makeWorld(world, { now: new Date() });
const server = await startPostgres({});
const database = await newDatabase(server.url);
const env = { ...worldEnv(world), PENSION_STORE: database, PENSION_LOG_LEVEL: 'error' };
const running: (RunningCli & { readonly url: string })[] = [];
for (const _ of PROCESSES) running.push(await startServe(env));
const udk = clientIdentity(world, 'udk');

/** Clients divided among so many processes, for a while. */
async function measure(processes: number, body: () => string, seconds = SECONDS): Promise<Figures> {
  const used = running.slice(0, processes);
  const share = (at: number): number => Math.floor((CLIENTS + at) / processes);
  const clients = used.map(({ url }, at) => makeClients(url, udk, { count: share(at), body }));
  const pids = used.map(({ pid }) => pid!);
  await Promise.all(clients.map((each) => each.run(1_000))); // handshakes, and statements prepared
  const [began, atDatabase] = [cpuOf(pids), cpuWithChildrenOf(server.pid!)];
  const results: LoopResult[] = await Promise.all(clients.map((each) => each.run(seconds * 1_000)));
  for (const each of clients) each.close();
  const statuses = results.flatMap(({ byStatus }) => Object.keys(byStatus));
  if (statuses.some((status) => status !== '200'))
    throw new Error(`answers of status ${statuses.join(', ')}`);
  const all = results.map(({ byStatus }) => byStatus[200]!);
  const count = all.reduce((sum, each) => sum + each.count, 0);
  return {
    perSecond: count / seconds,
    median: Math.max(...all.map(({ median }) => median)),
    p99: Math.max(...all.map(({ p99 }) => p99)),
    cpu: ((cpuOf(pids) - began) / count) * 1_000,
    databaseCpu: ((cpuWithChildrenOf(server.pid!) - atDatabase) / count) * 1_000,
  };
}

const size = async (): Promise<{ readonly bytes: number; readonly forloeb: number }> => {
  const client = new pg.Client(database);
  await client.connect();
  const { rows } = await client.query(
    'SELECT pg_database_size(current_database())::float8 AS bytes, (SELECT count(*)::float8 FROM pension.forloeb) AS forloeb',
  );
  await client.end();
  return rows[0] as { bytes: number; forloeb: number };
};

const saves = new Map<number, Figures[]>();
const gets = new Map<number, Figures[]>();
const before = await size();
try {
  await measure(3, nextSave, 2);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const processes of PROCESSES) {
      saves.set(processes, [...(saves.get(processes) ?? []), await measure(processes, nextSave)]);
      gets.set(processes, [...(gets.get(processes) ?? []), await measure(processes, nextGet)]);
    }
  }
  const after = await size();
  const row = (
    what: string,
    of: Map<number, Figures[]>,
    pick: (figures: Figures) => number,
    digits = 0,
  ): void =>
    say(`| ${what} | ${PROCESSES.map((n) => medianOf(of.get(n)!.map(pick)).toFixed(digits)).join(' | ')} |`);
  say(`${CLIENTS} clients with certificates, ${ROUNDS} interleaved rounds of ${SECONDS} s, medians`);
  row('Saves a second', saves, ({ perSecond }) => perSecond);
  row('Save, median, ms', saves, ({ median }) => median, 1);
  row('Save, slowest of a hundred, ms', saves, ({ p99 }) => p99, 1);
  row('CPU of the service for 1 000 Saves, s', saves, ({ cpu }) => cpu, 2);
  row('CPU of PostgreSQL for 1 000 Saves, s', saves, ({ databaseCpu }) => databaseCpu, 2);
  row('Gets a second', gets, ({ perSecond }) => perSecond);
  row('Get, slowest of a hundred, ms', gets, ({ p99 }) => p99, 1);
  row('CPU of the service for 1 000 Gets, s', gets, ({ cpu }) => cpu, 2);
  row('CPU of PostgreSQL for 1 000 Gets, s', gets, ({ databaseCpu }) => databaseCpu, 2);
  say(`memory of the processes: ${running.map(({ pid }) => memoryOf(pid!).now.toFixed(0)).join(', ')} MB`);
  const each = (after.bytes - before.bytes) / (after.forloeb - before.forloeb);
  say(
    `room for 100 000 forløb of one version, with the trail of as many Saves and the Gets: ${((each * 100_000) / 1e6).toFixed(0)} MB`,
  );
} finally {
  for (const { signal } of running) signal('SIGTERM');
  await Promise.all(running.map(({ result }) => result));
  await server.remove();
}

// An experiment: an a-kasse has been away for days. 60 000 beskeder wait for it and 40 000 for another; what Saves take
// then, beside a service of which the same beskeder have been fetched; and how it catches up while others go on. Run it
// with `make test-backlog`; it takes some minutes, and fails when a besked is lost or doubled, or Saves suffer.

import { randomUUID } from 'node:crypto';
import { copyFileSync } from 'node:fs';
import path from 'node:path';
import { makeWorld } from '../../src/cli/world/world.ts';
import type { AkasseKode } from '../../src/domain/medlemskab.ts';
import type { Personnummer } from '../../src/domain/personnummer.ts';
import { systemPorts } from '../../src/domain/ports.ts';
import { addressOf, openStore } from '../../src/store/open-store.ts';
import { openConnection } from '../../src/store/sqlite/connection.ts';
import { save } from '../../src/store/sqlite/save.ts';
import { prepareStatements } from '../../src/store/sqlite/statements.ts';
import { startPension, startServe, worldEnv } from '../support/cli.ts';
import { inWords, isWrong, sumOf } from '../support/counts.ts';
import { saveEnvelope } from '../support/envelopes.ts';
import { keptSince, owedTo, processedAgainstOwed } from '../support/kept-versions.ts';
import { makeMemberStore, membersOf } from '../support/member-store.ts';
import { kald, kompensation, saveCommand } from '../support/store-fixtures.ts';
import { tempDir } from '../support/temp.ts';

const AWAY = Number(process.argv[2] ?? 60_000);
const OTHERS = Math.round((AWAY * 2) / 3);
/** How much longer a Save may take for what waits. */
const PATIENCE = 1.2;
const MEMBERS = 5_000;
const BATCH = 500;
const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** Members of each a-kasse: synthetic, each with a day that never was. */
const member = (akasse: string, nr: number): Personnummer =>
  `2902${{ 22: 61, 67: 63, 11: 65 }[akasse]}${String(nr % MEMBERS).padStart(4, '0')}` as Personnummer;
const AKASSER = ['22', '67', '11'];

async function fill(file: string): Promise<void> {
  await makeMemberStore(
    addressOf(file),
    AKASSER.flatMap((akasse) => membersOf(akasse, MEMBERS, member)),
  );
  const db = openConnection(file);
  const statements = prepareStatements(db, systemPorts);
  const saveMany = (akasse: string, count: number): void => {
    for (let done = 0; done < count; done += BATCH) {
      db.transaction(() => {
        for (let nr = done; nr < Math.min(done + BATCH, count); nr += 1) {
          const command = saveCommand(
            { Personnummer: member(akasse, nr), ...kompensation('2026-01-01') },
            { kald: kald({ operation: 'SaveTidligPension' }) },
          );
          save(statements, command, systemPorts.now());
        }
      })();
    }
  };
  saveMany('22', AWAY);
  saveMany('67', OTHERS);
  db.close();
}

/** Empties every queue of a store, as if all had been fetched. */
async function deliverAll(file: string): Promise<void> {
  const store = await openStore(`sqlite:${file}`, systemPorts);
  for (const akasse of AKASSER as AkasseKode[]) {
    const koe = { akasse, koder: [akasse] };
    for (let antal = 1; antal > 0; ) {
      const identifier = randomUUID();
      const of = { kald: kald({ operation: 'TerminateSequence' }), koe, identifier, idleMinutes: 60 };
      const made = await store.sequences.create(of);
      antal = made.ok ? made.value.antal : 0;
      if (antal > 0) await store.sequences.end({ ...of, operation: 'TerminateSequence' });
    }
  }
  await store.close();
}

const percentile = (times: readonly number[], part: number): number =>
  times.toSorted((a, b) => a - b)[Math.min(times.length - 1, Math.floor(times.length * part))]!;
const spread = (times: readonly number[]): string =>
  `p50 ${percentile(times, 0.5).toFixed(2)} ms, p95 ${percentile(times, 0.95).toFixed(2)} ms, longest ${Math.max(...times).toFixed(0)} ms`;

let saves = 0;
async function timedSave(url: string): Promise<number> {
  saves += 1;
  const body = saveEnvelope({ Personnummer: member('11', saves), ...kompensation('2026-01-01') });
  const began = performance.now();
  const answer = await fetch(`${url}/PjaktassWCFTservice/1/PensionService.svc`, {
    method: 'POST',
    headers: { 'Content-Type': 'text/xml; charset=utf-8' },
    body,
  });
  await answer.text();
  if (answer.status !== 200) throw new Error(`a Save was answered with ${answer.status}`);
  return performance.now() - began;
}

/** So many Saves over four connections. */
async function round(url: string, count: number): Promise<number[]> {
  const times: number[] = [];
  const worker = async (): Promise<void> => {
    while (times.length < count) times.push(await timedSave(url));
  };
  await Promise.all([worker(), worker(), worker(), worker()]);
  return times;
}

const dir = tempDir();
const world = path.join(dir, 'world');
await makeWorld(world, { now: new Date() });
const [waiting, fetched] = [path.join(dir, 'waiting.db'), path.join(dir, 'fetched.db')];
say(`${AWAY} beskeder wait for a-kasse 22, ${OTHERS} for 67`);
await fill(waiting);
copyFileSync(waiting, fetched);
await deliverAll(fetched);
const serve = (store: string) =>
  startServe({
    ...worldEnv(world),
    PENSION_TLS: 'off',
    PENSION_LOG_LEVEL: 'warn',
    PENSION_STORE: `sqlite:${store}`,
  });
const [full, empty] = [await serve(waiting), await serve(fetched)];

const times = { full: [] as number[], empty: [] as number[] };
for (const server of [full, empty]) await round(server.url, 200);
for (let turn = 0; turn < 10; turn += 1) {
  times.empty.push(...(await round(empty.url, 200)));
  times.full.push(...(await round(full.url, 200)));
}
say(`Saves with nothing waiting:      ${spread(times.empty)}`);
say(`Saves with ${AWAY + OTHERS} waiting:      ${spread(times.full)}`);
const ratio = percentile(times.full, 0.5) / percentile(times.empty, 0.5);
say(`ratio of the medians: ${ratio.toFixed(2)}`);
if (ratio > PATIENCE) throw new Error(`that is more than ${PATIENCE}`);

const out = path.join(dir, 'beskeder.jsonl');
const poll = (akasse: string, file: string) =>
  startPension([
    'akasse',
    'poll',
    '--out',
    file,
    '--url',
    full.url,
    '--organisation',
    `2:${akasse}`,
    '--json',
  ]);
const began = performance.now();
let isDone = false;
const polled = poll('22', out).result.finally(() => {
  isDone = true;
});
const meanwhile: number[] = [];
while (!isDone) {
  meanwhile.push(await timedSave(full.url));
  if (meanwhile.length % 500 === 0) await poll('11', path.join(dir, 'others.jsonl')).result;
}
const { code, stdout, stderr } = await polled;
const seconds = (performance.now() - began) / 1000;
if (code !== 0) throw new Error(`the poll ended with ${code}: ${stderr}`);
say(`polled in ${seconds.toFixed(1)} s: ${stdout.trim()}`);
say(`Saves for another a-kasse meanwhile: ${meanwhile.length}, ${spread(meanwhile)}`);
const kept = await keptSince(addressOf(waiting), 0);
const owed = owedTo(kept, '22').length;
if (owed !== AWAY) throw new Error(`${owed} beskeder were owed`);
const counts = sumOf([processedAgainstOwed(out, kept, '22')]);
if (isWrong(counts)) throw new Error(inWords(counts));
const { sequences } = JSON.parse(stdout) as { sequences: number };
if (sequences !== Math.ceil(AWAY / 500)) throw new Error(`${sequences} sequences`);
say(
  `      R7: ${AWAY} beskeder in ${sequences} sequences in ${seconds.toFixed(1)} s; ${inWords(counts)}; ` +
    `a Save with ${AWAY + OTHERS} waiting took ${ratio.toFixed(2)} of one with none`,
);
for (const server of [full, empty]) {
  server.signal('SIGTERM');
  await server.result;
}

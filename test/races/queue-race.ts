// The race for queues: programs of two a-kasser that have merged fetch through three services at the same time, while
// Saves fill the queues and imports release what waits. One service has not been told of the merger yet.

import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { datoI } from '../../src/domain/dato.ts';
import type { AkasseKode } from '../../src/domain/medlemskab.ts';
import type { Personnummer } from '../../src/domain/personnummer.ts';
import { systemPorts } from '../../src/domain/ports.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { Store } from '../../src/store/store.ts';
import { nyBorger } from '../support/domain-model.ts';
import type { Seeded } from '../support/seeded.ts';
import { demoWorld } from '../support/service.ts';
import { importMedlemskaber, medlemskabLinje } from '../support/store-fixtures.ts';
import { tempDir } from '../support/temp.ts';
import { connectAll, readSaved, saveRequest } from './clients.ts';
import { QueueCaller, QueueLog } from './queue-callers.ts';

/** The a-kasse that has been taken over, and the one that has taken it over. */
const [TAKEN, BY] = ['31', '67'];
/** Citizens of each a-kasse, and as many that nobody knows a membership of yet. */
const CITIZENS = 12;
const SAVERS = 3;
/** Milliseconds that each of them waits between two, at most: those who fetch are to get as far. */
const PAUSE = 40;
/** Those whom imports make members and former ones come in so many groups. */
const GROUPS = 4;
/** Programs of an a-kasse on each service that lets it call. */
const PROGRAMS = 2;
const DAY = 20_454;

/** Settings of three services: the last one has not been told yet that an a-kasse has taken over another. */
export async function rollingMerger(): Promise<Record<string, string>[]> {
  const said = JSON.parse(readFileSync(path.join(await demoWorld(), 'organisationer.json'), 'utf8'));
  for (const akasse of said.akasser)
    if (akasse.code === TAKEN) for (const name of ['til', 'afloeser']) delete akasse[name];
  const before = path.join(tempDir(), 'organisationer.json');
  writeFileSync(before, JSON.stringify(said));
  return [{}, {}, { PENSION_ORGANISATIONER: before }];
}

/** What lets beskeder go that wait: a membership that has ended, with a date of efterløn. */
const ENDED = { slut: '2020-12-31', efterloen: '2021-01-01' };

/** Imports members; gives how many beskeder that released. */
const importOf = async (
  store: Store,
  borgere: readonly Personnummer[],
  akasse: string,
  rest: Parameters<typeof medlemskabLinje>[4] = {},
): Promise<number> => {
  const linjer = borgere.map((borger, at) => medlemskabLinje(at + 2, borger, akasse, '2010-01-01', rest));
  const afloesere = { [TAKEN!]: BY as AkasseKode };
  const done = await importMedlemskaber(store, { linjer, afloesere, idag: datoI(systemPorts.now()) });
  if (!done.ok) throw new Error(`the import was refused: ${JSON.stringify(done.fejl)}`);
  return done.frigivne;
};

/** What came of it. */
export interface QueueRace {
  readonly log: QueueLog;
  readonly saves: number;
  /** Beskeder that waited until an import released them. */
  readonly released: number;
  /** Answers to Saves that were not what is due. */
  readonly wrong: readonly string[];
}

/**
 * Lets it run over so many Saves, and then until nothing waits any more. What every service does alike goes to the `urls`;
 * `own` are those of each by itself.
 */
export async function raceForQueues(
  address: string,
  { urls, own }: { readonly urls: readonly string[]; readonly own: readonly string[] },
  saves: number,
  chance: Seeded,
): Promise<QueueRace> {
  const log = new QueueLog();
  const wrong: string[] = [];
  const ofAkasse = [BY!, TAKEN!].map((akasse) => ({
    akasse,
    borgere: Array.from({ length: CITIZENS }, nyBorger),
  }));
  const waiting = Array.from({ length: CITIZENS }, nyBorger);
  const forloeb = new Map(
    [...ofAkasse.flatMap(({ borgere }) => borgere), ...waiting].map((borger) => [borger, randomUUID()]),
  );
  const store = await openStore(address, systemPorts, { connections: 2 });
  for (const { akasse, borgere } of ofAkasse) await importOf(store, borgere, akasse);

  let saved = 0;
  const saving = (await connectAll(urls, SAVERS)).map(async (client) => {
    while (saved < saves) {
      saved += 1;
      const [borger, guid] = [...forloeb][chance.below(forloeb.size)]!;
      const sagt = { mark: `gem ${saved}`, borger, guid, kompensation: DAY + saved };
      const udfald = readSaved(await client.call(saveRequest(sagt)));
      if (JSON.stringify(udfald) !== JSON.stringify({ guid }))
        wrong.push(`a Save: ${JSON.stringify(udfald)}`);
      await sleep(chance.below(PAUSE));
    }
    client.drop();
  });
  let released = 0;
  const importing = (async () => {
    for (let nr = 0; nr < 2 * GROUPS; nr += 1) {
      while (saved < ((nr + 1) * saves) / (2 * GROUPS + 1)) await sleep(5);
      const group = Math.floor(nr / 2);
      const some = waiting.slice((group * CITIZENS) / GROUPS, ((group + 1) * CITIZENS) / GROUPS);
      // Some become members first: what is saved from now on is fetched, and what waits goes on waiting until they leave.
      const [akasse, isMember] = [group < 2 ? BY! : TAKEN!, nr % 2 === 0 && group % 2 === 0];
      const rest = isMember ? {} : ENDED;
      released += await importOf(store, some, akasse, rest);
    }
  })();
  let isOver = false;
  const callers = [
    ...urls.flatMap((url) => Array.from({ length: PROGRAMS }, () => [url, BY!] as const)),
    ...Array.from({ length: PROGRAMS }, () => [own.at(-1)!, TAKEN!] as const),
  ];
  const fetching = callers.map(async ([url, akasse]) => {
    const caller = await QueueCaller.connect(url, akasse, log);
    while (!isOver) await fetchOnce(caller, chance);
    caller.drop();
  });
  await Promise.all([...saving, importing]).finally(() => {
    isOver = true;
  });
  await Promise.all(fetching);
  await store.close();
  await drain(own[0]!, log);
  return { log, saves: saved, released, wrong };
}

/** Opens a sequence, or takes over the one that is open; fetches and ends it, or leaves it to the others. */
async function fetchOnce(caller: QueueCaller, chance: Seeded): Promise<void> {
  const opened = await caller.create();
  if (opened === undefined) {
    await sleep(5);
    return;
  }
  if (chance.chance(opened.isOurs ? 0.1 : 0.5)) return;
  if (chance.chance(0.9) && !(await caller.fetch(opened.identifier))) return;
  const isKept = chance.chance(0.7);
  await (isKept ? caller.terminate(opened.identifier) : caller.close(opened.identifier));
}

/** The a-kasse that answers for all fetches until nothing waits. */
async function drain(url: string, log: QueueLog): Promise<void> {
  const caller = await QueueCaller.connect(url, BY!, log);
  for (;;) {
    const opened = await caller.create();
    if (opened === undefined) break;
    await caller.fetch(opened.identifier);
    await caller.terminate(opened.identifier);
  }
  caller.drop();
}

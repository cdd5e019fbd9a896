// One seed of the experiment: UDK saves, and an a-kasse polls over a network that loses, doubles and delays, goes down at
// the worst moments and is started again, and polls once more when the network is well. What it has then is what it is
// owed.

import { randomUUID } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { openBeskedFile } from '../../src/cli/akasse-poll/output-file.ts';
import { pollBeskeder } from '../../src/cli/akasse-poll/poll.ts';
import { DELAYS } from '../../src/cli/client/retries.ts';
import { makeWsrmClient, type WsrmClient } from '../../src/cli/client/wsrm-client.ts';
import { textOf } from '../support/answers.ts';
import { saveEnvelope } from '../support/envelopes.ts';
import { compareLedger, type LedgerCounts, type Reported } from '../support/ledger.ts';
import { type Fate, LossyProxy } from '../support/lossy-proxy.ts';
import { lookInto } from '../support/new-store.ts';
import { member } from '../support/queue.ts';
import { type Seeded, seeded } from '../support/seeded.ts';
import type { TestService } from '../support/service.ts';
import { kompensation } from '../support/store-fixtures.ts';

/** What an a-kasse of the experiment has for as long as it goes on. */
export interface Lane {
  readonly service: TestService;
  readonly akasse: string;
  readonly proxy: LossyProxy;
  readonly client: WsrmClient;
  readonly folder: string;
}

/** Opens a lane. A service with TLS off is needed, for the network has to tell one call from the next. */
export async function openLane(service: TestService, akasse: string, folder: string): Promise<Lane> {
  const proxy = await LossyProxy.start(service.url, () => ({ kind: 'pass' }));
  const organisation = { OrganisationTypeIdentifier: 2, OrganisationCode: akasse };
  const client = await makeWsrmClient({ url: proxy.url, organisation }, 'losses');
  return { service, akasse, proxy, client, folder };
}

export async function closeLane({ proxy, client }: Lane): Promise<void> {
  client.disconnect();
  await proxy.stop();
}

/** How the network is in one seed: how often a call is not let through, and how often it is started again after that. */
const MOST_STARTS = 6;
const FIRST_DAY = Date.UTC(2026, 0, 1);
/** No waiting between attempts: the faults are many. */
const AT_ONCE = { ...DELAYS, retries: DELAYS.retries.slice(0, 3), sleep: async () => undefined };

const FATES: readonly (readonly [(chance: Seeded) => Fate, number])[] = [
  [() => ({ kind: 'request lost' }), 2],
  [() => ({ kind: 'answer lost' }), 3],
  [() => ({ kind: 'answer cut' }), 1],
  [(chance) => ({ kind: 'request doubled', answeredBy: chance.chance(0.5) ? 0 : 1 }), 2],
  [() => ({ kind: 'answer doubled' }), 1],
  [(chance) => ({ kind: 'request delayed', calls: 1 + chance.below(6) }), 3],
  [(chance) => ({ kind: 'answer delayed', milliseconds: chance.below(4) }), 1],
];

/** What a seed came to. */
export type SeedOutcome = LedgerCounts & {
  /** Calls of the queue without their audit entry, or entries without their call. */
  readonly unaudited: number;
  /** Left in the queue, or open, when all is done. */
  readonly left: number;
  readonly faults: number;
  readonly owed: number;
};

/** Runs one seed on a lane. */
export async function runSeed(lane: Lane, seed: number): Promise<SeedOutcome> {
  const chance = seeded(seed);
  const rate = chance.weighted([
    [0.15, 1],
    [0.35, 2],
    [0.6, 1],
  ]);
  const file = path.join(lane.folder, `beskeder-${lane.akasse}-${seed}.jsonl`);
  const owed: Reported[] = [];
  const before = { reached: lane.proxy.reached, entries: await entriesOf(lane) };
  let faults = 0;

  const save = savesOf(lane, chance, owed);
  for (let count = chance.below(7); count >= 0; count -= 1) await save();
  const lossy = (): Fate => {
    if (!chance.chance(rate)) return { kind: 'pass' };
    faults += 1;
    return chance.weighted(FATES)(chance);
  };
  for (let start = chance.below(MOST_STARTS); start >= 0; start -= 1) {
    lane.proxy.become(lossy);
    const goesDown = chance.weighted(DOWN);
    if (goesDown !== 'never') faults += 1;
    await poll(lane, file, { goesDown, ...(chance.chance(0.3) && { meanwhile: save }) });
    if (chance.chance(0.4)) await save();
  }
  await lane.proxy.heal();
  await poll(lane, file);
  const rest = await poll(lane, file);
  if (rest.ending.kind !== 'emptied') throw new Error(`seed ${seed}: ${JSON.stringify(rest.ending)}`);

  const counts = compareLedger(owed, processedIn(file));
  const unaudited = Math.abs(
    (await entriesOf(lane)) - before.entries - (lane.proxy.reached - before.reached),
  );
  rmSync(file);
  return { ...counts, unaudited, left: await leftOf(lane), faults, owed: owed.length };
}

/** When the a-kasse's process goes down: with the beskeder fetched, or with them kept and not terminated yet. */
type Down = 'never' | 'before it keeps' | 'after it has kept';
const DOWN: readonly (readonly [Down, number])[] = [
  ['never', 3],
  ['before it keeps', 1],
  ['after it has kept', 2],
];

interface Course {
  readonly goesDown?: Down;
  /** Happens once, while beskeder have been fetched and not kept yet. */
  readonly meanwhile?: () => Promise<void>;
}

/** Polls as a process that has just been started would. */
async function poll({ client, proxy }: Lane, file: string, { goesDown = 'never', meanwhile }: Course = {}) {
  const output = await openBeskedFile(file);
  let once = meanwhile;
  /** Nothing that it would still do is heard of any more. */
  const down = (): never => {
    proxy.become(() => ({ kind: 'request lost' }));
    throw new Error('down');
  };
  try {
    return await pollBeskeder({
      client,
      delays: AT_ONCE,
      keep: async (beskeder) => {
        const happening = once?.();
        once = undefined;
        await happening;
        if (goesDown === 'before it keeps') down();
        await output.keep(beskeder);
        if (goesDown === 'after it has kept') down();
      },
    });
  } finally {
    await output.close();
  }
}

/** Saves at random: a new forløb, or a new version of one of this seed. Each version has a day of its own as mark. */
function savesOf({ service, akasse }: Lane, chance: Seeded, owed: Reported[]): () => Promise<void> {
  return async () => {
    const earlier = owed.length > 0 && chance.chance(0.4) ? owed[chance.below(owed.length)] : undefined;
    const forloebId = earlier?.forloebId ?? randomUUID();
    const mark = new Date(FIRST_DAY + owed.length * 86_400_000).toISOString().slice(0, 10);
    const borger = earlier?.borger ?? member(akasse, chance.below(8));
    const answer = await fetch(`${service.url}/PjaktassWCFTservice/1/PensionService.svc`, {
      method: 'POST',
      headers: { 'Content-Type': 'text/xml; charset=utf-8' },
      body: saveEnvelope({
        Personnummer: borger,
        TidligPensionIdentifier: forloebId,
        ...kompensation(mark),
      }),
    });
    const made = textOf(await answer.text(), 'CreatedItemIdentifier');
    if (made === undefined) throw new Error('a Save was refused');
    owed.push({ borger, forloebId, mark });
  };
}

const processedIn = (file: string): Reported[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const { personnummer, tidligPensionIdentifier, kompensationsudbetaling } = JSON.parse(line) as {
        personnummer: string;
        tidligPensionIdentifier: string;
        kompensationsudbetaling: { kompensationsafgoerelsesdato: string };
      };
      return {
        borger: personnummer,
        forloebId: tidligPensionIdentifier,
        mark: kompensationsudbetaling.kompensationsafgoerelsesdato,
      };
    });

const askStore = async ({ service }: Lane, sql: string, akasse: string): Promise<number> =>
  (await lookInto<{ n: number }>(service.store, sql, akasse))[0]!.n;

const leftOf = async (lane: Lane): Promise<number> =>
  (await askStore(
    lane,
    'SELECT count(*) AS n FROM besked WHERE modtager = ? AND delivered IS NULL',
    lane.akasse,
  )) +
  (await askStore(
    lane,
    "SELECT count(*) AS n FROM sequence WHERE akasse = ? AND state = 'open'",
    lane.akasse,
  ));

/**
 * Sequences whose rows are not what they must be when nothing is under way: a terminated one has let go exactly what it
 * was opened over, every other one nothing.
 */
export const brokenSequences = async (service: TestService): Promise<number> =>
  (
    await lookInto<{ n: number }>(
      service.store,
      `SELECT count(*) AS n FROM sequence AS s
        WHERE (SELECT count(*) FROM besked AS b WHERE b.delivered_in = s.sequence_nr)
              <> CASE s.state WHEN 'terminated' THEN s.antal ELSE 0 END`,
    )
  )[0]!.n;

const entriesOf = (lane: Lane): Promise<number> =>
  askStore(
    lane,
    `SELECT count(*) AS n FROM audit_entry WHERE active_organisation_code = ?
        AND operation IN ('CreateSequence', 'GetTidligPensionVersion1', 'TerminateSequence', 'CloseSequence')`,
    lane.akasse,
  );

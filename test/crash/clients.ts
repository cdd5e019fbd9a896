// Both reference clients at work on one service, killed with SIGKILL again and again at moments that a seed chooses, and
// run to their end at last. Told is what UDK's receipts, the store and the a-kasse's file say then.

import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readCsv } from '../../src/cli/csv.ts';
import { BATCH_COLUMNS } from '../../src/cli/udk-send/batch.ts';
import { RECEIPT_COLUMNS } from '../../src/cli/udk-send/receipts.ts';
import { type CliResult, type RunningCli, startPension } from '../support/cli.ts';
import { keptSince, processedAgainstOwed } from '../support/kept-versions.ts';
import type { LedgerCounts } from '../support/ledger.ts';
import { type Fate, LossyProxy } from '../support/lossy-proxy.ts';
import { MEMBERS, member } from '../support/queue.ts';
import { type Seeded, seeded } from '../support/seeded.ts';
import type { TestService } from '../support/service.ts';
import { column, reading } from '../support/store-rows.ts';

const AKASSE = '22';
/** A sender that is killed gets so many lines done on its way, more or less. */
const LINES_A_KILL = 8;
/** Seldom an answer is lost as well, so that lines are sent again. */
const LOST = 0.05;

export interface KillCourse {
  readonly folder: string;
  readonly seed: number;
  /** How often each client is killed. */
  readonly kills: { readonly sender: number; readonly poller: number };
}

/** What there is when all is done. */
export interface KillOutcome {
  /** Processes that were killed before their end. */
  readonly killed: { readonly sender: number; readonly poller: number };
  /** What the last runs of both said when they did not succeed. */
  readonly problems: readonly string[];
  /** Lines of the batch; outcomes and identifiers of their receipts, in the order of the lines. */
  readonly lines: readonly BatchLine[];
  readonly receipts: readonly { readonly outcome: string; readonly id: string }[];
  /** Versions in the store, in the order in which they were queued: whose besked, of which forløb, and its mark. */
  readonly kept: readonly {
    readonly messageIdentifier: string;
    readonly id: string;
    readonly mark: string;
  }[];
  readonly forloeb: number;
  /** The file of the a-kasse, against what the store owes it. */
  readonly counts: LedgerCounts;
}

/** A line of the batch: a new forløb without an identifier, or a version of a named one. */
interface BatchLine {
  readonly reference: string;
  readonly id: string;
  readonly mark: string;
}

/** Runs the course. */
export async function killClients(service: TestService, course: KillCourse): Promise<KillOutcome> {
  const chance = seeded(course.seed);
  const batch = path.join(course.folder, 'batch.csv');
  const receipts = path.join(course.folder, 'receipts.csv');
  const output = path.join(course.folder, 'beskeder.jsonl');
  const lines = writeBatch(batch, course.kills.sender * LINES_A_KILL + 20, chance);

  const sender = await Killer.make(service, ['udk', 'send', batch, '--receipts', receipts], '50:12345678');
  const poller = await Killer.make(service, ['akasse', 'poll', '--out', output], `2:${AKASSE}`);
  const problems: string[] = [];
  const toItsEnd = async (client: Killer): Promise<void> => {
    const { code, stderr } = await client.run();
    if (code !== 0) problems.push(stderr);
  };
  const sending = async (): Promise<void> => {
    await sender.kill(course.kills.sender, chance, 2 * LINES_A_KILL);
    await toItsEnd(sender);
  };
  await Promise.all([sending(), poller.kill(course.kills.poller, chance, 4)]);
  await toItsEnd(poller);
  const killed = { sender: sender.killed, poller: poller.killed };
  await Promise.all([sender.stop(), poller.stop()]);
  return {
    killed,
    problems,
    lines,
    receipts: readCsv(readFileSync(receipts), RECEIPT_COLUMNS).records.map(({ values }) => ({
      outcome: values.outcome!,
      id: values.tidligPensionIdentifier!,
    })),
    ...(await keptIn(service.store)),
    counts: processedAgainstOwed(output, await keptSince(service.store, 0), AKASSE),
  };
}

/** Half of the lines begin a forløb, the others go on with one of five of their citizen. */
function writeBatch(file: string, count: number, chance: Seeded): BatchLine[] {
  const lines: BatchLine[] = [];
  const rows = [BATCH_COLUMNS.join(',')];
  for (let at = 0; at < count; at += 1) {
    const borger = chance.below(MEMBERS);
    const named = String(borger * 5 + chance.below(5)).padStart(12, '0');
    const id = chance.chance(0.5) ? '' : `5f1d0c30-0002-4000-8000-${named}`;
    const mark = new Date(Date.UTC(2020, 0, 1 + at)).toISOString().slice(0, 10);
    lines.push({ reference: `ref-${at}`, id, mark });
    rows.push(`ref-${at},${member(AKASSE, borger)},${id},,,,${mark}`);
  }
  writeFileSync(file, `${rows.join('\n')}\n`);
  return lines;
}

/** One client, behind a network of its own by which the moment of a kill is chosen. */
class Killer {
  killed = 0;
  readonly #proxy: LossyProxy;
  readonly #args: readonly string[];
  #onCall: () => void = () => undefined;

  private constructor(proxy: LossyProxy, args: readonly string[]) {
    this.#proxy = proxy;
    this.#args = args;
  }

  static async make(service: TestService, args: readonly string[], organisation: string): Promise<Killer> {
    const proxy = await LossyProxy.start(service.url, () => ({ kind: 'pass' }));
    return new Killer(proxy, [...args, '--url', proxy.url, '--organisation', organisation]);
  }

  /** Runs the client that often, each time until some call of it, or some moment of its start, and kills it. */
  async kill(times: number, chance: Seeded, calls: number): Promise<void> {
    this.#proxy.become((): Fate => {
      this.#onCall();
      return chance.chance(LOST) ? { kind: 'answer lost' } : { kind: 'pass' };
    });
    for (let time = 0; time < times; time += 1) {
      const running = this.#start();
      this.#killAtACall(running, 1 + chance.below(calls), chance.below(8));
      // One in five at any moment of the start.
      const atOnce = chance.chance(0.2)
        ? setTimeout(() => running.signal('SIGKILL'), chance.below(500))
        : undefined;
      const { signal } = await running.result;
      clearTimeout(atOnce);
      if (signal === 'SIGKILL') this.killed += 1;
    }
    this.#onCall = () => undefined;
  }

  /** Runs the client to its end over a network that is well. */
  async run(): Promise<CliResult> {
    await this.#proxy.heal();
    return this.#start().result;
  }

  stop(): Promise<void> {
    return this.#proxy.stop();
  }

  #start(): RunningCli {
    return startPension(this.#args);
  }

  #killAtACall(running: RunningCli, call: number, milliseconds: number): void {
    let calls = 0;
    this.#onCall = () => {
      calls += 1;
      if (calls === call) setTimeout(() => running.signal('SIGKILL'), milliseconds);
    };
  }
}

const keptIn = (store: string): Promise<Pick<KillOutcome, 'kept' | 'forloeb'>> =>
  reading(store, async (tables) => ({
    kept: await tables.all<KillOutcome['kept'][number]>(
      `SELECT b.message_identifier AS "messageIdentifier", b.forloeb_id AS id, v.kompensationsafgoerelsesdato AS mark
         FROM besked AS b JOIN forloeb_version AS v USING (forloeb_id, version) ORDER BY b.besked_nr`,
    ),
    forloeb: (await column<number>(tables, 'SELECT count(*) FROM forloeb'))[0]!,
  }));

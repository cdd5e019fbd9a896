// S1: a message that is broken in any way is refused as the catalogue says, or carried out as it reads; nothing else
// comes of it. A mutant that fails prints its seed and the command that replays it.
//
// PENSION_TEST_MUTATIONS says how many mutants are sent, PENSION_TEST_SEED with which seed to begin.

import { expect } from 'chai';
import { PENSION_SERVICE, WSRM_SERVICE } from '../../src/contract/names.ts';
import { textOf } from '../support/answers.ts';
import { akasse, createEnvelope, saveEnvelope } from '../support/envelopes.ts';
import { requestOf } from '../support/http-request.ts';
import { cpuOf } from '../support/machine-speed.ts';
import { fileOf } from '../support/new-store.ts';
import { member, startQueueService } from '../support/queue.ts';
import type { TestService } from '../support/service.ts';
import { overgang } from '../support/store-fixtures.ts';
import { LIVE_SEQUENCE, makeCorpus } from './corpus.ts';
import { judge } from './judge.ts';
import { type Mutant, mutantOf } from './mutants.ts';
import { exchange } from './raw-http.ts';
import { StoreView } from './store-facts.ts';

const MUTATIONS = Number(process.env.PENSION_TEST_MUTATIONS || 1000);
const FIRST = Number(process.env.PENSION_TEST_SEED || 1);
/** Milliseconds of CPU that a message may take, the client's share included: as long the event loop is held at most. */
const MOST_CPU = 200;

describe('S1: messages that are broken', function () {
  this.timeout(MUTATIONS * 300 + 60_000);
  let service: TestService;
  let store: StoreView;
  let port: number;

  before(async () => {
    service = await startQueueService({ PENSION_TLS: 'off' });
    store = new StoreView(fileOf(service.store));
    port = Number(new URL(service.url).port);
  });
  after(async () => {
    store.close();
    await service.stop();
  });

  const send = (text: string, path: string) => exchange(port, requestOf(path, text));

  /** The open sequence of a-kasse 22, with a besked in it, for a mutant that may ask for one. */
  async function liveSequence(): Promise<string> {
    const open = store.openSequence('22');
    if (open !== undefined) return open;
    const TidligPensionIdentifier = '9a7f1c1e-0a4d-4c8e-8f57-3a1c5b6d7e8f';
    const forloeb = { Personnummer: member('22', 30), TidligPensionIdentifier, ...overgang('2026-01-01') };
    await send(saveEnvelope(forloeb), PENSION_SERVICE.path);
    const { answers } = await send(createEnvelope(akasse('22')), WSRM_SERVICE.path);
    return textOf(answers[0]!.body, 'Identifier')!;
  }

  /** Sends the mutant; what is wrong with what came of it, and what it was. */
  async function run(mutant: Mutant): Promise<{ problems: readonly string[]; what: string[]; cpu: number }> {
    const isOfSequence = mutant.bytes.includes(LIVE_SEQUENCE);
    const bytes = isOfSequence
      ? Buffer.from(mutant.bytes.toString('latin1').replaceAll(LIVE_SEQUENCE, await liveSequence()), 'latin1')
      : mutant.bytes;
    const before = store.facts();
    const { value: came, cpu } = await cpuOf(() => exchange(port, bytes, mutant.isLast));
    const after = store.facts();
    const body = mutant.isOfHttp ? undefined : mutant.body;
    const { verdicts, problems } = await judge(came, before, after, store, body);
    return {
      problems,
      what: verdicts.map(({ kind, what }) => `${kind} ${what}`),
      cpu,
    };
  }

  it(`are refused, or carried out as they read: ${MUTATIONS} mutants from seed ${FIRST} on`, async () => {
    const corpus = makeCorpus();
    const failures: string[] = [];
    const outcomes = new Map<string, number>();
    let slowest = 0;
    for (let seed = FIRST; seed < FIRST + MUTATIONS; seed += 1) {
      const mutant = mutantOf(seed, corpus);
      const { problems, what, cpu } = await run(mutant);
      slowest = Math.max(slowest, cpu);
      const late = cpu > MOST_CPU ? [`${cpu} ms of CPU`] : [];
      for (const one of what) outcomes.set(one, (outcomes.get(one) ?? 0) + 1);
      if (problems.length + late.length === 0) continue;
      failures.push(
        `seed ${seed}: ${mutant.message.name}, ${mutant.kinds.join(', ')}: ${[...problems, ...late].join('; ')}` +
          `\n    replay it with: make test-attack SEED=${seed} MUTATIONS=1`,
      );
    }
    if (process.env.PENSION_TEST_VERBOSE) console.log([...outcomes].sort().join('\n'));
    expect(failures, `${failures.length} failed:\n${failures.slice(0, 20).join('\n')}`).to.have.lengthOf(0);
    const sum = (kind: string): number =>
      [...outcomes].reduce((all, [what, count]) => all + (what.startsWith(kind) ? count : 0), 0);
    if (MUTATIONS >= 500) {
      for (const kind of ['carried out', 'fault', 'http']) {
        expect(sum(kind), `answers that are ${kind}`).to.be.greaterThan(MUTATIONS / 50);
      }
    }
    console.log(
      `      S1: ${MUTATIONS} mutants, ${sum('carried out')} carried out, ${sum('fault')} faults, ${sum('http')} refused by HTTP; ` +
        `1011 0, resets 0, changes by refused ones 0, most CPU ${slowest.toFixed(0)} ms, seed ${FIRST}`,
    );
  });
});

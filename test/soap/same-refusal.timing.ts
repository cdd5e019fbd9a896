// Whether the time of a 4575 tells of the citizen: refusals of several kinds of citizen, interleaved call by call on
// one store, and their medians compared. Run by `make test-timing`, never with the fast suite.

import path from 'node:path';
import { expect } from 'chai';
import { systemPorts } from '../../src/domain/ports.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { Store } from '../../src/store/store.ts';
import { nyBorger } from '../support/domain-model.ts';
import {
  getQuery,
  IDAG,
  kompensation,
  medlemskabLinje,
  saveCommand,
  somAkasse,
} from '../support/store-fixtures.ts';
import { tempDir } from '../support/temp.ts';

const CALLS = Number(process.env.PENSION_TEST_CALLS ?? 2_000);
/** How much longer the slowest kind may take than the quickest. */
const BAR = 1.25;

/** Kinds of citizens whom a-kasse 11 may not read: how many memberships elsewhere, how many forløb. */
const KINDS = {
  'nothing known': { medlemskaber: 0, forloeb: 0 },
  'forløb only': { medlemskaber: 0, forloeb: 3 },
  'many forløb': { medlemskaber: 0, forloeb: 40 },
  'member elsewhere': { medlemskaber: 1, forloeb: 0 },
  'many memberships and forløb': { medlemskaber: 6, forloeb: 10 },
} as const;
type Kind = keyof typeof KINDS;

describe(`the time of a 4575, over ${CALLS} calls of each kind`, function () {
  this.timeout(600_000);
  let store: Store;
  const borgere = new Map<Kind, ReturnType<typeof nyBorger>>();

  before(async () => {
    store = await openStore(`sqlite:${path.join(tempDir(), 'pension.db')}`, systemPorts);
    for (const [kind, { medlemskaber, forloeb }] of Object.entries(KINDS) as [Kind, (typeof KINDS)[Kind]][]) {
      const borger = nyBorger();
      borgere.set(kind, borger);
      for (let n = 0; n < forloeb; n += 1) {
        expect(
          (await store.save(saveCommand({ Personnummer: borger, ...kompensation('2026-01-01') }))).ok,
        ).to.equal(true);
      }
      const linjer = Array.from({ length: medlemskaber }, (_, n) =>
        medlemskabLinje(n + 2, borger, '22', `${2010 + n}-01-01`),
      );
      const entry = { tidspunkt: new Date().toISOString(), correlationId: kind, udfald: 'udfoert' } as const;
      expect(
        (await store.medlemskaber.import({ linjer, hele: false, idag: IDAG, afloesere: {}, entry })).ok,
      ).to.equal(true);
    }
  });
  after(() => store.close());

  it(`differs by less than ${Math.round((BAR - 1) * 100)} % from kind to kind`, async () => {
    const times = new Map<Kind, number[]>([...borgere.keys()].map((kind) => [kind, []]));
    for (let round = -100; round < CALLS; round += 1) {
      for (const [kind, borger] of shuffled([...borgere], round)) {
        const query = getQuery(borger, somAkasse('11'));
        const start = process.hrtime.bigint();
        const answer = await store.get(query);
        const taken = Number(process.hrtime.bigint() - start) / 1_000;
        expect(answer.ok).to.equal(false);
        if (round >= 0) times.get(kind)!.push(taken); // the first rounds warm up
      }
    }
    const medians = [...times].map(([kind, list]) => [kind, median(list)] as const);
    for (const [kind, time] of medians) console.log(`      ${kind.padEnd(30)} ${time.toFixed(1)} µs`);
    const ratio = Math.max(...medians.map(([, time]) => time)) / Math.min(...medians.map(([, time]) => time));
    console.log(`      slowest to quickest ${ratio.toFixed(3)}`);
    expect(ratio).to.be.below(BAR);
  });
});

/** Another order each round, so that no kind always follows the same one. */
const shuffled = <T>(list: readonly T[], round: number): T[] => {
  const at = Math.abs(round) % list.length;
  const turned = [...list.slice(at), ...list.slice(0, at)];
  return Math.floor(Math.abs(round) / list.length) % 2 === 0 ? turned : turned.reverse();
};

const median = (list: readonly number[]): number =>
  list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)]!;

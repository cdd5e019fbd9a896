// Promises about calls on one queue that come at once: they are carried out one after the other, in whatever order.

import { expect } from 'chai';
import type { Personnummer } from '../../../src/domain/personnummer.ts';
import { nyBorger } from '../../support/domain-model.ts';
import { importMedlemskaber, medlemskabLinje as linje } from '../../support/store-fixtures.ts';
import type { CurrentStore } from '../store-promises.ts';
import { given, koe, type Outcome, queueCalls, refusal } from './queue-calls.ts';

const AT_ONCE = 32;

export function sequenceConcurrencyPromises(current: CurrentStore): void {
  const { save, create, fetch, end } = queueCalls(current);
  const A11 = koe('11');
  const member = async (): Promise<Personnummer> => {
    const borger = nyBorger();
    await importMedlemskaber(current().store, { linjer: [linje(2, borger, '11', '2020-01-01')] });
    return borger;
  };
  const times = <T>(work: (nr: number) => Promise<T>): Promise<T[]> =>
    Promise.all(Array.from({ length: AT_ONCE }, (_, nr) => work(nr)));
  const isRefused = (outcome: Outcome<unknown>): boolean =>
    typeof outcome === 'object' && outcome !== null && 'kode' in outcome;

  describe('calls on a queue that come at once', () => {
    it('open one sequence, and name it to all the others', async () => {
      await save(await member());
      const outcomes = await times(() => create(A11));
      const opened = outcomes.filter((outcome) => !isRefused(outcome));
      expect(opened).to.have.length(1);
      const { identifier } = given(opened[0]!);
      for (const outcome of outcomes.filter(isRefused)) {
        expect(refusal(outcome)).to.include({ kode: 1014 });
        expect(refusal(outcome).message).to.include(identifier);
      }
    });

    it('terminate a sequence or close it, never half of each', async () => {
      const borger = await member();
      for (let round = 0; round < 10; round += 1) {
        await save(borger);
        await save(borger);
        const before = (await current().delivered()).length;
        const { identifier, antal } = given(await create(A11));
        const outcomes = await times(async (nr) => {
          const operation = nr % 2 === round % 2 ? 'TerminateSequence' : 'CloseSequence';
          return { operation, isDone: !isRefused(await end(operation, A11, identifier)) };
        });
        const done = new Set(outcomes.filter(({ isDone }) => isDone).map(({ operation }) => operation));
        expect(done.size, 'one of the two').to.equal(1);
        const left = (await current().delivered()).length - before;
        expect(left).to.equal(done.has('TerminateSequence') ? antal : 0);
      }
    });

    it('hand out the same to all while Saves go on, which wait for the next sequence', async () => {
      const borger = await member();
      const first = await save(borger);
      const { identifier } = given(await create(A11));
      const [fetched, saved] = await Promise.all([
        times(() => fetch(A11, identifier)),
        times(() => save(borger)),
      ]);
      for (const outcome of fetched) {
        expect(given(outcome).map(({ forloebId }) => forloebId)).to.deep.equal([first]);
      }
      given(await end('TerminateSequence', A11, identifier));
      const next = given(await create(A11));
      const held = given(await fetch(A11, next.identifier));
      expect(held.map(({ forloebId }) => forloebId)).to.have.members(saved);
    });
  });
}

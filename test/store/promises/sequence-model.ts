// The promise behind the transfer: after any sequence of Saves, calls and hours that pass, each a-kasse has been handed
// out what a naive queue would have handed out, and what has left is what was terminated.

import { expect } from 'chai';
import fc from 'fast-check';
import type { Personnummer } from '../../../src/domain/personnummer.ts';
import { itRandomly } from '../../domain/random.ts';
import { nyBorger } from '../../support/domain-model.ts';
import { importMedlemskaber, medlemskabLinje as linje } from '../../support/store-fixtures.ts';
import type { CurrentStore } from '../store-promises.ts';
import { IDLE_MINUTES, koe, type Outcome, queueCalls } from './queue-calls.ts';

const KODER = ['11', '22'] as const;

type Step =
  | { readonly do: 'save'; readonly borger: number }
  | { readonly do: 'create'; readonly akasse: number }
  | { readonly do: 'fetch' | 'terminate' | 'close'; readonly akasse: number; readonly back: number }
  | { readonly do: 'wait'; readonly minutes: number }
  | { readonly do: 'roll back' };

const akasse = fc.nat(KODER.length - 1);
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('save' as const), borger: fc.nat(5) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('create' as const), akasse }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom('fetch' as const, 'terminate' as const, 'close' as const),
      akasse,
      // Which of the sequences that were opened, the last one first.
      back: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(3) }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('wait' as const), minutes: fc.integer({ min: 20, max: 70 }) }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'roll back' as const }) },
);

/** A sequence as the model knows it. */
interface ModelSequence {
  readonly identifier: string;
  readonly kode: string;
  readonly holds: readonly string[];
  state: 'open' | 'terminated' | 'closed' | 'rolled back';
  lastCall: number;
}

/** A queue as simple as can be: a list for each a-kasse, and a list of sequences. */
class ModelQueue {
  readonly waiting = new Map<string, string[]>(KODER.map((kode) => [kode, []]));
  readonly sequences: ModelSequence[] = [];
  minutes = 0;

  rollBack(): void {
    for (const one of this.sequences)
      if (one.state === 'open' && this.minutes - one.lastCall >= IDLE_MINUTES) one.state = 'rolled back';
  }
  openOf(kode: string): ModelSequence | undefined {
    return this.sequences.find((one) => one.kode === kode && one.state === 'open');
  }
}

const isRefused = (outcome: Outcome<unknown>): boolean =>
  typeof outcome === 'object' && outcome !== null && 'kode' in outcome;

export function sequenceModelPromises(current: CurrentStore): void {
  const calls = queueCalls(current);

  /** Does a step on the store and on the model, and compares what they say. */
  async function take(step: Step, model: ModelQueue, borgere: readonly Personnummer[]): Promise<void> {
    const { clock, store } = current();
    switch (step.do) {
      case 'save': {
        const id = await calls.save(borgere[step.borger]!);
        model.waiting.get(KODER[step.borger % 2]!)!.push(id);
        return;
      }
      case 'wait':
        clock.now = new Date(clock.now.getTime() + step.minutes * 60_000);
        model.minutes += step.minutes;
        return;
      case 'roll back':
        model.rollBack();
        await store.sequences.rollBackIdle(IDLE_MINUTES);
        return;
      case 'create': {
        const kode = KODER[step.akasse]!;
        model.rollBack();
        const open = model.openOf(kode);
        const made = await calls.create(koe(kode));
        expect(isRefused(made), 'one at a time').to.equal(open !== undefined);
        if (isRefused(made)) return;
        const { identifier, antal } = made as { identifier: string; antal: number };
        const holds = [...model.waiting.get(kode)!];
        expect(antal).to.equal(holds.length);
        const state = antal === 0 ? 'terminated' : 'open';
        model.sequences.push({ identifier, kode, holds, state, lastCall: model.minutes });
        return;
      }
      default:
        await call(step, model);
    }
  }

  async function call(step: Extract<Step, { readonly back: number }>, model: ModelQueue): Promise<void> {
    const kode = KODER[step.akasse]!;
    const sequence = model.sequences.toReversed()[step.back];
    if (sequence === undefined) return;
    model.rollBack();
    const { identifier, state } = sequence;
    const mine = sequence.kode === kode;
    if (step.do === 'fetch') {
      const held = await calls.fetch(koe(kode), identifier);
      expect(isRefused(held)).to.equal(!(mine && state === 'open'));
      if (isRefused(held)) return;
      expect((held as readonly { forloebId: string }[]).map(({ forloebId }) => forloebId)).to.deep.equal(
        sequence.holds,
      );
      sequence.lastCall = model.minutes;
      return;
    }
    const operation = step.do === 'terminate' ? 'TerminateSequence' : 'CloseSequence';
    const again = step.do === 'terminate' ? ['terminated'] : ['closed', 'rolled back'];
    const ended = await calls.end(operation, koe(kode), identifier);
    expect(isRefused(ended)).to.equal(!(mine && (state === 'open' || again.includes(state))));
    if (isRefused(ended) || state !== 'open') return;
    sequence.state = step.do === 'terminate' ? 'terminated' : 'closed';
    if (step.do === 'terminate') {
      const left = model.waiting.get(kode)!.filter((id) => !sequence.holds.includes(id));
      model.waiting.set(kode, left);
    }
  }

  describe('a store after a random course of transfers', () => {
    itRandomly(
      'has handed out and let go what a naive queue would have',
      fc.asyncProperty(fc.array(anyStep, { maxLength: 40 }), async (steps) => {
        const model = new ModelQueue();
        const borgere = Array.from({ length: 6 }, nyBorger);
        await importMedlemskaber(current().store, {
          linjer: borgere.map((borger, at) => linje(at + 2, borger, KODER[at % 2]!, '2020-01-01')),
        });
        for (const step of steps) await take(step, model, borgere);
        // Empty both queues, so that the next course begins with none.
        current().clock.now = new Date(current().clock.now.getTime() + IDLE_MINUTES * 60_000);
        for (const kode of KODER) {
          const { identifier, antal } = (await calls.create(koe(kode))) as {
            identifier: string;
            antal: number;
          };
          expect(antal).to.equal(model.waiting.get(kode)!.length);
          if (antal > 0) await calls.end('TerminateSequence', koe(kode), identifier);
        }
      }),
      100,
    );
  });
}

// Random sequences of indberetninger, judged by the rules and by the naive model: they agree at every step.

import { expect } from 'chai';
import fc from 'fast-check';
import { type Forloeb, type ForloebId, forloebId } from '../../src/domain/forloeb.ts';
import { forloebMessage, iVisningsorden } from '../../src/domain/get.ts';
import { readIndberetning } from '../../src/domain/indberetning.ts';
import type { Personnummer } from '../../src/domain/personnummer.ts';
import { decideSave } from '../../src/domain/save.ts';
import { daysOf, ModelRegister, shareADay } from '../support/domain-model.ts';
import { messageOf } from '../support/store-fixtures.ts';
import { anySequence, itRandomly } from './random.ts';

/** What the rules need to be told, kept in the simplest way there is. */
class Kept {
  readonly #owners = new Map<ForloebId, Personnummer>();
  readonly #forloeb = new Map<Personnummer, Forloeb[]>();

  ofBorger(personnummer: Personnummer): Forloeb[] {
    return this.#forloeb.get(personnummer) ?? [];
  }

  owner(id: ForloebId | undefined): Personnummer | undefined {
    return id && this.#owners.get(id);
  }

  /** The latest first, so that the order of storing gives nothing away. */
  keep(personnummer: Personnummer, forloeb: Forloeb): void {
    const others = this.ofBorger(personnummer).filter(({ forloebId: id }) => id !== forloeb.forloebId);
    this.#forloeb.set(personnummer, [forloeb, ...others]);
    this.#owners.set(forloeb.forloebId, personnummer);
  }
}

describe('random sequences of indberetninger', () => {
  itRandomly(
    'are accepted and refused as the model says, with the same GUID, number, version and kind of besked',
    fc.property(anySequence, (sequence) => {
      const [model, kept] = [new ModelRegister(), new Kept()];
      for (const [step, sagt] of sequence.entries()) {
        const nytId = forloebId(`b0000000-0000-4000-8000-${String(step).padStart(12, '0')}`);
        const message = messageOf(model, sagt);
        const said = readIndberetning(message);
        if (!said.ok) throw new Error('the model says things that no message can say');
        const { personnummer } = said.value;
        const ejer = kept.owner(said.value.forloebId);
        const decision = decideSave(said.value, {
          borgersForloeb: kept.ofBorger(personnummer),
          nytId,
          ...(ejer && { ejer }),
        });
        const expected = model.indberet(sagt, nytId);
        if ('kode' in expected) {
          expect(decision.ok ? 'accepted' : decision.fejl.kode).to.equal(expected.kode);
          if (expected.clash && !decision.ok)
            expect(decision.fejl.message).to.include(`overlapper forløb ${expected.clash},`);
          continue;
        }
        if (!decision.ok) expect.fail(`refused with ${decision.fejl.kode}`);
        const { forloebId: id, nr, version, registrationType } = decision.value;
        expect({ guid: id, nr, version, registrationType }).to.deep.equal(expected);
        kept.keep(personnummer, decision.value);
        const shown = iVisningsorden(kept.ofBorger(personnummer)).map(forloebMessage);
        expect(shown).to.deep.equal(
          model.ofBorger(sagt.borger).map(({ guid, versions }) => {
            const { Personnummer: _, ...state } = messageOf(model, versions.at(-1)!);
            return { ...state, TidligPensionIdentifier: guid };
          }),
        );
      }
    }),
    1000,
  );

  itRandomly(
    'never leave two forløb of a citizen that share a day (the model keeps its own promise)',
    fc.property(anySequence, (sequence) => {
      const model = new ModelRegister();
      for (const [step, sagt] of sequence.entries()) model.indberet(sagt, `new-${step}`);
      for (const borger of [0, 1]) {
        const periods = model.ofBorger(borger).flatMap(({ versions }) => versions.at(-1)!.overgang ?? []);
        for (const [i, a] of periods.entries())
          for (const b of periods.slice(i + 1)) expect(shareADay(daysOf(a), daysOf(b))).to.equal(false);
      }
    }),
  );
});

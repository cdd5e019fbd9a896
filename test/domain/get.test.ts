// What Get shows: every forløb of the citizen in the order of first registration, in the words of the contract.

import { expect } from 'chai';
import fc from 'fast-check';
import { erAnnulleret, type Forloeb, forloebId, periodeAf } from '../../src/domain/forloeb.ts';
import { forloebMessage, iVisningsorden } from '../../src/domain/get.ts';
import { readIndberetning } from '../../src/domain/indberetning.ts';
import { nyBorger } from '../support/domain-model.ts';
import { kompensation, overgang } from '../support/store-fixtures.ts';
import { itRandomly } from './random.ts';

const forloeb = (nr: number, id: string): Forloeb => ({ forloebId: forloebId(id), nr, version: 1 });

describe('the order of Get', () => {
  itRandomly(
    'is by first registration, then by identifier, whatever order the store gives',
    fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 12 }), fc.uuid()), { maxLength: 12 }), (list) => {
      const shown = iVisningsorden(list.map(([nr, id]) => forloeb(nr, id)));
      expect(shown).to.have.length(list.length);
      for (const [i, next] of shown.slice(1).entries()) {
        const before = shown[i]!;
        const inOrder = before.nr < next.nr || (before.nr === next.nr && before.forloebId <= next.forloebId);
        expect(inOrder).to.equal(true);
      }
    }),
  );

  it('puts the tenth after the second', () => {
    const [two, ten] = [forloeb(2, 'f'), forloeb(10, 'a')];
    expect(iVisningsorden([ten, two])).to.deep.equal([two, ten]);
  });

  it('leaves the list it was given as it was', () => {
    const list = [forloeb(2, 'a'), forloeb(1, 'b')];
    iVisningsorden(list);
    expect(list.map(({ nr }) => nr)).to.deep.equal([2, 1]);
  });
});

describe('a state', () => {
  const personnummer = nyBorger();
  const id = forloebId('7D4C1F0A-93B2-4E6D-8A55-0C2F9B1E6D31');
  const states = {
    whole: { ...overgang('2026-01-01', '2026-06-30'), ...kompensation('2025-11-30') },
    open: overgang('2026-01-01'),
    'kompensation alone': kompensation('2025-11-30'),
    annulled: {},
  };

  for (const [name, state] of Object.entries(states))
    it(`that is ${name} comes out as it went in, and nothing more`, () => {
      const said = readIndberetning({ Personnummer: personnummer, TidligPensionIdentifier: id, ...state });
      if (!said.ok) expect.fail(said.fejl.message);
      const { personnummer: who, ...tilstand } = said.value;
      expect(who).to.equal(personnummer);
      const shown = forloebMessage({ ...tilstand, forloebId: id, nr: 1, version: 1 });
      expect(shown).to.deep.equal({ TidligPensionIdentifier: id, ...state });
      expect(erAnnulleret(tilstand)).to.equal(name === 'annulled');
      expect(periodeAf(tilstand)).to.deep.equal(
        { whole: { start: '2026-01-01', slut: '2026-06-30' }, open: { start: '2026-01-01' } }[name],
      );
    });

  it('loses the zones of its dates and the case of its identifier', () => {
    const said = readIndberetning({
      Personnummer: personnummer,
      TidligPensionIdentifier: id.toUpperCase(),
      ...overgang('2026-01-01Z', '2026-06-30+02:00', '2025-12-01-05:00'),
      ...kompensation('2025-11-30+01:00'),
    });
    expect(said).to.deep.equal({
      ok: true,
      value: {
        personnummer,
        forloebId: id,
        overgang: {
          overgangsdato: '2026-01-01',
          afgoerelsesdato: '2025-12-01',
          ophoersdato: '2026-06-30',
        },
        kompensation: { afgoerelsesdato: '2025-11-30' },
      },
    });
  });

  it('that the schema would never have let through is a mistake of ours, not a refusal', () => {
    expect(() => readIndberetning({ Personnummer: personnummer, ...overgang('2026-02-30') })).to.throw(
      'date',
    );
    expect(() => readIndberetning({ Personnummer: '9999999999' })).to.throw('personnummer');
  });
});

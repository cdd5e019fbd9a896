// What becomes of an indberetning: each rule, the order they are asked in, and what the refusal says.

import { expect } from 'chai';
import type { Fejl } from '../../src/contract/fejlkatalog.ts';
import type { SaveTidligPensionRequest } from '../../src/contract/messages.ts';
import { type Forloeb, type ForloebVersion, forloebId } from '../../src/domain/forloeb.ts';
import { readIndberetning } from '../../src/domain/indberetning.ts';
import { decideSave, type SaveGrundlag } from '../../src/domain/save.ts';
import { nyBorger } from '../support/domain-model.ts';
import { kompensation, overgang } from '../support/store-fixtures.ts';

const ID = (n: number) => forloebId(`a0000000-0000-4000-8000-00000000000${n}`);
const NYT = ID(9);
const [borger, anden] = [nyBorger(), nyBorger()];

const decide = (message: Partial<SaveTidligPensionRequest>, grundlag: Partial<SaveGrundlag> = {}) => {
  const said = readIndberetning({ Personnummer: borger, ...message });
  if (!said.ok) throw new Error('not a message that reaches the rules');
  return decideSave(said.value, { borgersForloeb: [], nytId: NYT, ...grundlag });
};

const accepted = (...args: Parameters<typeof decide>): ForloebVersion => {
  const decision = decide(...args);
  if (!decision.ok) expect.fail(`refused: ${decision.fejl.message}`);
  return decision.value;
};

const refused = (...args: Parameters<typeof decide>): Fejl => {
  const decision = decide(...args);
  if (decision.ok) expect.fail('accepted');
  return decision.fejl;
};

/** A forløb that stands, as it became by an accepted indberetning. */
const standing = (n: number, message: Partial<SaveTidligPensionRequest>, version = 1): Forloeb => {
  const { forloebId: id, ...rest } = accepted({ ...message, TidligPensionIdentifier: ID(n) });
  return { ...rest, forloebId: id, nr: n, version };
};
const annulled = (n: number): Forloeb => ({ forloebId: ID(n), nr: n, version: 2 });

describe('a first indberetning', () => {
  it('is version 1, Create, with the GUID that is given to it when it names none', () => {
    expect(
      accepted({ ...overgang('2026-01-01', '2026-06-30'), ...kompensation('2025-11-30') }),
    ).to.deep.equal({
      personnummer: borger,
      forloebId: NYT,
      nr: 1,
      version: 1,
      registrationType: 'Create',
      overgang: {
        overgangsdato: '2026-01-01',
        afgoerelsesdato: '2025-12-01',
        ophoersdato: '2026-06-30',
      },
      kompensation: { afgoerelsesdato: '2025-11-30' },
    });
  });

  it('keeps the GUID that it names, in lower case', () => {
    const said = { TidligPensionIdentifier: ID(1).toUpperCase(), ...kompensation('2026-01-01') };
    expect(accepted(said)).to.deep.include({ forloebId: ID(1), version: 1, registrationType: 'Create' });
  });

  it('gets the next number of the citizen, annulled forløb counted too', () => {
    const borgersForloeb = [annulled(1), standing(2, kompensation('2026-01-01'))];
    expect(accepted(overgang('2026-01-01'), { borgersForloeb }).nr).to.equal(3);
  });

  it('with neither block is refused with 1014', () => {
    expect(refused({}).kode).to.equal(1014);
    const fejl = refused({ TidligPensionIdentifier: ID(1) }, { borgersForloeb: [annulled(2)] });
    expect(fejl.kode).to.equal(1014);
    expect(fejl.message).to.include('OvergangTilTidligPension').and.include('Kompensationsudbetaling');
  });

  it('with kompensation alone is enough', () => {
    expect(accepted(kompensation('2026-01-01'))).to.not.have.property('overgang');
  });
});

describe('a later indberetning of the same forløb', () => {
  const foer = standing(1, { ...overgang('2026-01-01', '2026-06-30'), ...kompensation('2025-11-30') }, 4);
  const same = (message: Partial<SaveTidligPensionRequest>) =>
    accepted(
      { TidligPensionIdentifier: ID(1).toUpperCase(), ...message },
      { borgersForloeb: [annulled(2), foer], ejer: borger },
    );

  it('is the next version, Update, and keeps its number', () => {
    expect(same(overgang('2026-02-01'))).to.deep.include({
      forloebId: ID(1),
      nr: 1,
      version: 5,
      registrationType: 'Update',
    });
  });

  it('overwrites everything: what it leaves out is gone', () => {
    const { overgang: said, ...rest } = same(overgang('2026-02-01'));
    expect(said).to.deep.equal({ overgangsdato: '2026-02-01', afgoerelsesdato: '2025-12-01' });
    expect(rest).to.not.have.property('kompensation');
  });

  it('with neither block annuls it', () => {
    expect(same({})).to.deep.equal({
      personnummer: borger,
      forloebId: ID(1),
      nr: 1,
      version: 5,
      registrationType: 'Update',
    });
  });

  it('may annul what is annulled, and report it again afterwards', () => {
    const grundlag = { borgersForloeb: [annulled(1)], ejer: borger };
    expect(accepted({ TidligPensionIdentifier: ID(1) }, grundlag).version).to.equal(3);
    expect(accepted({ TidligPensionIdentifier: ID(1), ...overgang('2026-01-01') }, grundlag)).to.deep.include(
      {
        version: 3,
        registrationType: 'Update',
      },
    );
  });

  it('that changes nothing is a new version all the same', () => {
    expect(same({ ...overgang('2026-01-01', '2026-06-30'), ...kompensation('2025-11-30') }).version).to.equal(
      5,
    );
  });

  it('is never compared with itself', () => {
    expect(same(overgang('2026-06-30')).version).to.equal(5);
  });
});

describe('ophørsdato', () => {
  it('before overgangsdato is refused with 4636, naming both', () => {
    const fejl = refused(overgang('2026-02-01', '2026-01-31'));
    expect(fejl.kode).to.equal(4636);
    expect(fejl.message).to.include('2026-01-31').and.include('2026-02-01');
  });

  it('on overgangsdato is fine, and says nothing about afgørelsesdato', () => {
    expect(accepted(overgang('2026-02-01', '2026-02-01', '2027-01-01')).overgang?.ophoersdato).to.equal(
      '2026-02-01',
    );
  });
});

describe('a forløb that overlaps another of the citizen', () => {
  const early = standing(1, overgang('2026-01-01', '2026-06-30'));
  const late = standing(2, overgang('2026-09-01'));
  const against = (message: Partial<SaveTidligPensionRequest>, borgersForloeb = [late, early]) =>
    refused(message, { borgersForloeb });

  it('is refused with 9434, naming the other and its period', () => {
    const fejl = against(overgang('2026-06-30', '2026-08-31'));
    expect(fejl.kode).to.equal(9434);
    expect(fejl.message).to.include(ID(1)).and.include('2026-01-01 til 2026-06-30');
  });

  it('fits between two others to the day', () => {
    expect(accepted(overgang('2026-07-01', '2026-08-31'), { borgersForloeb: [late, early] }).nr).to.equal(3);
  });

  it('is refused for the earliest of several, whatever their order', () => {
    for (const borgersForloeb of [
      [early, late],
      [late, early],
    ])
      expect(against(overgang('2025-01-01'), borgersForloeb).message)
        .to.include(ID(1))
        .and.not.include(ID(2));
  });

  it('is refused for the lowest identifier where two start the same day', () => {
    const [a, b] = [standing(1, overgang('2026-01-01')), standing(2, overgang('2026-01-01'))];
    for (const borgersForloeb of [
      [a, b],
      [b, a],
    ])
      expect(against(overgang('2026-05-01'), borgersForloeb).message)
        .to.include(ID(1))
        .and.not.include(ID(2));
  });

  it('overlaps nothing when the other is annulled or has kompensation alone', () => {
    const borgersForloeb = [annulled(1), standing(2, kompensation('2026-01-01'))];
    expect(accepted(overgang('2026-01-01'), { borgersForloeb }).nr).to.equal(3);
  });

  it('overlaps nothing when it has kompensation alone, or annuls itself', () => {
    expect(accepted(kompensation('2026-01-01'), { borgersForloeb: [early, late] }).nr).to.equal(3);
    expect(accepted({ TidligPensionIdentifier: ID(1) }, { borgersForloeb: [early, late] }).version).to.equal(
      2,
    );
  });

  it('is looked for in the whole new state of a later indberetning too', () => {
    const said = { TidligPensionIdentifier: ID(1), ...overgang('2026-01-01') };
    expect(against(said).message).to.include(ID(2));
  });
});

describe('the rules are asked in order', () => {
  const fremmed = { TidligPensionIdentifier: ID(1) };
  const taken = { borgersForloeb: [standing(2, overgang('2026-01-01'))] };
  const wrongWayRound = overgang('2026-02-01', '2026-01-31');

  it('the identifier of another citizen comes first: 1014, and nothing about that citizen is said', () => {
    for (const message of [{}, wrongWayRound, overgang('2026-05-01')]) {
      const fejl = refused({ ...fremmed, ...message }, { ...taken, ejer: anden });
      expect(fejl.kode).to.equal(1014);
      expect(fejl.message).to.include('another citizen').and.include(ID(1)).and.not.include(anden);
    }
  });

  it('then the first write that is empty: 1014', () => {
    expect(refused(fremmed, taken).message).to.include('first indberetning');
  });

  it('then the end before the start: 4636, though other days of it are taken', () => {
    expect(refused({ ...fremmed, ...wrongWayRound }, taken).kode).to.equal(4636);
  });

  it('then the overlap: 9434', () => {
    expect(refused({ ...fremmed, ...overgang('2026-02-01') }, taken).kode).to.equal(9434);
  });
});

// What becomes of an indberetning: a first one, a later one, and the dates it may hold.

import { expect } from 'chai';
import { kompensation, overgang } from '../support/store-fixtures.ts';
import { accepted, annulled, borger, ID, NYT, refused, type Sagt, standing } from './deciding.ts';

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
  const same = (message: Sagt) =>
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

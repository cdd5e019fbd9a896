// When an indberetning is refused for what is there already, and the order in which the rules are asked.

import { expect } from 'chai';
import { nyBorger } from '../support/domain-model.ts';
import { kompensation, overgang } from '../support/store-fixtures.ts';
import { accepted, annulled, ID, refused, type Sagt, standing } from './deciding.ts';

const anden = nyBorger();

describe('a forløb that overlaps another of the citizen', () => {
  const early = standing(1, overgang('2026-01-01', '2026-06-30'));
  const late = standing(2, overgang('2026-09-01'));
  const against = (message: Sagt, borgersForloeb = [late, early]) => refused(message, { borgersForloeb });

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

// The search for personnumre that runs over the whole suite (support/privacy.ts) finds what it is there to find.

import { expect } from 'chai';
import { demoBorgere } from '../src/cli/world/world.ts';
import { holdsPersonnummer, ofFixtures } from './support/privacy.ts';

describe('the search for personnumre', () => {
  it('knows those of the batch, the examples, the invalid messages and the demo world', () => {
    const numbers = Object.values(demoBorgere).map(({ personnummer }) => personnummer);
    expect(numbers.length).to.be.greaterThan(15);
    for (const number of numbers) expect(holdsPersonnummer(`x${number}y`)).to.equal(true);
    expect(ofFixtures().size).to.be.greaterThan(30);
  });

  const hidden = [
    '2902610001',
    '290261-0001',
    '290261 0001',
    '{"a":"12902610001"}',
    'citizen=2902610001&x',
    '0190a1b2-0000-4000-8000-000000000001 2902610001',
  ];
  it('finds one however it is written', () => {
    for (const text of hidden) expect(holdsPersonnummer(text), text).to.equal(true);
  });

  const none = [
    '290261-****',
    '0000000000',
    '2026-11-22T07:50:00.123Z',
    '01a20574-2902-6100-8000-290261000129',
    `${'2902610001'.repeat(6)}abcd`,
  ];
  it('finds none where there is none', () => {
    for (const text of none) expect(holdsPersonnummer(text), text).to.equal(false);
  });
});

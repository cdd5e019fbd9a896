// fixtures/syntax, executed twice: by the schema, and by the readers of the domain. Where the two differ it is said.

import { expect } from 'chai';
import { readDato } from '../../src/domain/dato.ts';
import { forloebId } from '../../src/domain/forloeb.ts';
import { readIndberetning, readKnownPersonnummer } from '../../src/domain/indberetning.ts';
import { readPersonnummer, UKENDT_PERSONNUMMER } from '../../src/domain/personnummer.ts';
import { readList, type Simpel, schemaAccepts, throughSchema } from './syntax-fixtures.ts';

const LISTS: readonly Simpel[] = ['personnummer', 'guid', 'dato'];

describe('the schema and the lists of values', () => {
  for (const type of LISTS) {
    it(`accepts every valid ${type}`, () => {
      const values = readList(type, 'valid');
      expect(values).to.have.length.above(15);
      for (const { value, group } of values)
        expect(schemaAccepts(type, value), `${JSON.stringify(value)}: ${group}`).to.equal(true);
    });

    it(`refuses every invalid ${type}`, () => {
      const values = readList(type, 'invalid');
      expect(values).to.have.length.above(40);
      for (const { value, group } of values)
        expect(schemaAccepts(type, value), `${JSON.stringify(value)}: ${group}`).to.equal(false);
    });
  }
});

describe('the reader of personnumre agrees with the schema', () => {
  it('on every valid one but ten zeros, which the schema accepts and the rules refuse with 1001', () => {
    for (const { value } of readList('personnummer', 'valid'))
      expect(readPersonnummer(value), value).to.equal(value === UKENDT_PERSONNUMMER ? undefined : value);
    expect(schemaAccepts('personnummer', UKENDT_PERSONNUMMER)).to.equal(true);
    const answer = readKnownPersonnummer(UKENDT_PERSONNUMMER);
    expect(answer).to.deep.include({ ok: false }).and.to.have.nested.property('fejl.kode', 1001);
  });

  it('on every invalid one', () => {
    for (const { value } of readList('personnummer', 'invalid'))
      expect(readPersonnummer(value), JSON.stringify(value)).to.equal(undefined);
  });

  it('on each of the 10 000 first four digits', function () {
    this.slow(2000);
    for (let n = 0; n < 10_000; n += 1) {
      const text = `${String(n).padStart(4, '0')}610018`;
      expect(readPersonnummer(text) !== undefined, text).to.equal(schemaAccepts('personnummer', text));
    }
  });
});

describe('the identifier of a forløb', () => {
  it('is any GUID that the schema accepts, in lower case; the domain has no reader of its own', () => {
    for (const { value } of readList('guid', 'valid')) {
      const said = readIndberetning(throughSchema('guid', value)!);
      expect(said.ok && said.value.forloebId, value).to.equal(value.toLowerCase());
      expect(forloebId(value.toUpperCase())).to.equal(forloebId(value.toLowerCase()));
    }
  });
});

describe('the reader of dates agrees with the schema', () => {
  const bare = (value: string) => value.trim().slice(0, 10);

  it('on every valid one; white space around it is taken off by the decoder and refused by the reader', () => {
    for (const { value, group } of readList('dato', 'valid')) {
      const said = readIndberetning(throughSchema('dato', value)!);
      expect(said.ok && said.value.kompensation?.afgoerelsesdato, value).to.equal(bare(value));
      const isBare = value === value.trim();
      expect(isBare).to.equal(!group.startsWith('white space'));
      expect(readDato(value), JSON.stringify(value)).to.equal(isBare ? bare(value) : undefined);
    }
  });

  it('on every invalid one; a zone out of range is refused by the schema and dropped unread by the reader', () => {
    for (const { value, group } of readList('dato', 'invalid')) {
      const expected = group === 'zones out of range' ? bare(value) : undefined;
      expect(readDato(value), JSON.stringify(value)).to.equal(expected);
    }
  });

  it('on every day 00–32 of every month 00–13, in years that are leap years and years that are not', function () {
    this.slow(2000);
    const pad = (n: number, width: number) => String(n).padStart(width, '0');
    for (const year of [0, 1, 4, 1900, 2000, 2024, 2026, 2100, 9999])
      for (let month = 0; month <= 13; month += 1)
        for (let day = 0; day <= 32; day += 1) {
          const text = `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`;
          expect(readDato(text) !== undefined, text).to.equal(schemaAccepts('dato', text));
        }
  });
});

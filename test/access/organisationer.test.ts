// The reference data: read whole or refused whole, with every place that is wrong.

import { expect } from 'chai';
import { OrganisationerError, readOrganisationer } from '../../src/access/organisationer.ts';
import type { Dato } from '../../src/domain/dato.ts';

const FINGERPRINT = 'ab'.repeat(32);

const valid = () => ({
  organisationTypes: [
    { id: 2, name: 'a-kasse', kind: 'akasse' },
    { id: 7, name: 'kommune', kind: 'other' },
    { id: 50, name: 'UDK', kind: 'udk' },
  ],
  userTypes: [{ id: 3, name: 'system' }],
  akasser: [
    { code: '11', name: 'Elleve' },
    { code: '31', name: 'Enogtredive', til: '2024-12-31', afloeser: '67' },
    { code: '32', name: 'Toogtredive', til: '2020-12-31', afloeser: '31' },
    { code: '67', name: 'Lederne' },
  ],
  systems: [
    { name: 'udk', fingerprint256: FINGERPRINT, organisations: [{ type: 50, code: '12345678' }] },
    {
      name: 'akasse-11',
      issuer: 'CN=CA, O=Udsteder, C=DK',
      subject: { organizationIdentifier: 'NTRDK-11111111', serialNumber: 'UI:DK-O:G:1' },
      organisations: [{ type: 2, code: '11' }],
    },
  ],
});

type Reference = ReturnType<typeof valid>;
const read = (change: (file: Reference) => unknown = () => undefined) => {
  const file = valid();
  change(file);
  return readOrganisationer(JSON.stringify(file));
};
const dag = (text: string): Dato => text as Dato;

describe('organisationer.json', () => {
  describe('refuses systems that cannot be told apart, or never are met', () => {
    const other = (issuer: string, subject: object) => (file: Reference) =>
      file.systems.push({ name: 'other', issuer, subject, organisations: [] } as never);
    const both = { organizationIdentifier: 'NTRDK-11111111', serialNumber: 'UI:DK-O:G:1' };
    for (const [what, change, says] of [
      ['the same names in another order', other('C=DK, CN=CA, O=Udsteder', both), /akasse-11 and of other/],
      [
        'a subject that says less',
        other('CN=CA, O=Udsteder, C=DK', { serialNumber: 'UI:DK-O:G:1' }),
        /akasse-11 and of other/,
      ],
      [
        'an issuer that is no name',
        other('Den Danske Stat', { serialNumber: 'x' }),
        /issuer: must be a name/,
      ],
      [
        'an issuer behind other words',
        other('the CA CN=CA', { serialNumber: 'x' }),
        /issuer: must be a name/,
      ],
      ['an unknown attribute', other('CN=CA, QQ=x', { serialNumber: 'x' }), /issuer: must be a name/],
    ] as const) {
      it(what, () => expect(() => read(change)).to.throw(OrganisationerError, says));
    }

    it('but takes other subjects of the same issuer, and what openssl prints', () => {
      const change = (file: Reference): void => {
        other('issuer=C = DK, O = Udsteder, CN = CA', { ...both, serialNumber: 'UI:DK-O:G:2' })(file);
      };
      expect(() => read(change)).to.not.throw();
    });
  });

  it('answers what it says', () => {
    const reference = read();
    expect(reference.artAf(2)).to.equal('akasse');
    expect(reference.artAf(7)).to.equal('other');
    expect(reference.artAf(99)).to.equal(undefined);
    expect(reference.harBrugertype(3)).to.equal(true);
    expect(reference.harBrugertype(4)).to.equal(false);
    expect(reference.akasse('67')?.name).to.equal('Lederne');
    expect(reference.akasse('067')).to.equal(undefined);
  });

  it('follows successors to the last, each from the day after its end', () => {
    const reference = read();
    expect(reference.afloesere(dag('2020-12-31'))).to.deep.equal({});
    expect(reference.afloesere(dag('2021-01-01'))).to.deep.equal({ 32: '31' });
    expect(reference.afloesere(dag('2024-12-31'))).to.deep.equal({ 32: '31' });
    expect(reference.afloesere(dag('2025-01-01'))).to.deep.equal({ 31: '67', 32: '67' });
  });

  it('takes fingerprints with colons and in any case, and a byte order mark', () => {
    const file = valid();
    file.systems[0]!.fingerprint256 = FINGERPRINT.toUpperCase().replace(/(..)(?=.)/g, '$1:');
    expect(readOrganisationer(`\uFEFF${JSON.stringify(file)}`).systems[0]!.fingerprint256).to.equal(
      FINGERPRINT,
    );
  });

  const refusals: [string, (file: Reference) => unknown, RegExp][] = [
    [
      'an organisation type twice',
      (file) => file.organisationTypes.push(file.organisationTypes[0]!),
      /organisationTypes: id 2 is there twice/,
    ],
    [
      'a user type twice',
      (file) => file.userTypes.push(file.userTypes[0]!),
      /userTypes: id 3 is there twice/,
    ],
    ['an a-kasse twice', (file) => file.akasser.push(file.akasser[0]!), /akasser: code 11 is there twice/],
    [
      'a system twice',
      (file) => file.systems.push({ ...file.systems[0]!, fingerprint256: 'cd'.repeat(32) } as never),
      /systems: name udk is there twice/,
    ],
    [
      'a fingerprint twice',
      (file) => file.systems.push({ ...file.systems[0]!, name: 'other' } as never),
      /fingerprint256 .* is there twice/,
    ],
    ['an unknown successor', (file) => (file.akasser[1]!.afloeser = '99'), /31 has the unknown afloeser 99/],
    [
      'successors in a loop',
      (file) => (file.akasser[3] = { code: '67', name: 'x', til: '2024-12-31', afloeser: '32' }),
      /loop: 31 → 67 → 32 → 31/,
    ],
    ['its own successor', (file) => (file.akasser[1]!.afloeser = '31'), /loop: 31 → 31/],
    [
      'an unknown organisation type of a system',
      (file) => (file.systems[0]!.organisations[0]!.type = 98),
      /udk acts for the unknown organisation type 98/,
    ],
    [
      'an unknown a-kasse of a system',
      (file) => (file.systems[1]!.organisations[0]!.code = '12'),
      /akasse-11 acts for the unknown a-kasse 12/,
    ],
    [
      'an unknown kind',
      (file) => (file.organisationTypes[0]!.kind = 'kongehus'),
      /organisationTypes\.0\.kind/,
    ],
    [
      'a code that is not two digits',
      (file) => (file.akasser[0]!.code = '067'),
      /akasser\.0\.code: must be two digits/,
    ],
    [
      'a date that is none',
      (file) => (file.akasser[1]!.til = '2024-02-30'),
      /akasser\.1\.til: must be a date/,
    ],
    [
      'a fingerprint that is none',
      (file) => (file.systems[0]!.fingerprint256 = 'ab'),
      /systems\.0\.fingerprint256: must be the SHA-256/,
    ],
    [
      'a system without any certificate',
      (file) => delete file.systems[0]!.fingerprint256,
      /systems\.0: needs fingerprint256/,
    ],
    [
      'a subject without its issuer',
      (file) => delete file.systems[1]!.issuer,
      /systems\.1: needs issuer and subject together/,
    ],
    [
      'an unknown field',
      (file) => Object.assign(file.akasser[0]!, { afløser: '67' }),
      /akasser\.0: Unrecognized key/,
    ],
    ['a missing list', (file) => delete (file as Partial<Reference>).userTypes, /userTypes/],
  ];
  for (const [what, change, says] of refusals) {
    it(`refuses ${what}`, () => {
      expect(() => read(change)).to.throw(OrganisationerError, says);
    });
  }

  it('refuses what is not JSON', () => {
    expect(() => readOrganisationer('{')).to.throw(OrganisationerError, /not valid JSON/);
  });

  it('names every error at once', () => {
    expect(() =>
      read((file) => {
        file.akasser[1]!.afloeser = '99';
        file.systems[0]!.organisations[0]!.type = 98;
      }),
    ).to.throw(OrganisationerError, /afloeser 99.*organisation type 98/);
  });
});

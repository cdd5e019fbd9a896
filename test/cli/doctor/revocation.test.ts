// `pension doctor` on the revocation list.

import { readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { type Authority, createAuthority } from '../../../src/cli/world/authority.ts';
import { expectHealthy, expectOnly, newPatient, type Patient, saysOf } from './patient.ts';

const HOUR = 3_600_000;
let NOW = new Date();
const inHours = (hours: number): Date => new Date(NOW.getTime() + hours * HOUR);

describe('pension doctor: revocation', () => {
  let patient: Patient;
  let authority: Authority;
  const name = { organisation: 'Prøve', cvr: '99990003', uuid: 'x', commonName: 'List CA' };
  const years = { notBefore: inHours(-99), notAfter: inHours(99_999) };
  before(async () => {
    authority = await createAuthority(name, years);
  });
  beforeEach(async () => {
    NOW = new Date(); // not when the file was loaded: the store must not be newer
    patient = await newPatient();
    writeFileSync(patient.file('ca.pem'), authority.certificate);
  });

  const list = (from: number, to: number): Promise<string> =>
    authority.revoke([], { notBefore: inHours(from), notAfter: inHours(to) });
  const findings = () => patient.findings({}, { now: NOW });
  const write = (text: string): void => writeFileSync(patient.file('crl.pem'), text);

  const ends: readonly [string, number, number, RegExp][] = [
    [
      'whose next update is past',
      -48,
      -1,
      /the list of List CA in .*crl\.pem expired on .*every caller .* is refused/,
    ],
    ['that ends in less than a day', -1, 23.9, /valid for 0 more days/],
    ['that is not valid yet', 1, 48, /not valid before/],
  ];
  for (const [name, from, to, says] of ends) {
    it(`fails a list ${name}, until the new one is fetched`, async () => {
      write(await list(from, to));
      expectOnly(await findings(), 'revocation', says, /Fetch the new list/);
      write(await list(-1, 24.1));
      expectHealthy(await findings());
    });
  }

  it('goes by the newest of several lists of an authority', async () => {
    write((await list(-48, -1)) + (await list(-1, 48)) + (await list(24, 96)));
    const found = await findings();
    expectHealthy(found);
    expect(saysOf(found, 'revocation')).to.match(/^crl\.pem is valid for (1|2) more days?/);
  });

  it('fails a list that bears the name of an authority, but was signed by another', async () => {
    const impostor = await createAuthority(name, years);
    write(await impostor.revoke([], { notBefore: inHours(-1), notAfter: inHours(48) }));
    expectOnly(await findings(), 'revocation', /was not signed by that authority/, /PENSION_TLS_CRL/);
  });

  it('fails when an authority has no list there, until it is put in', async () => {
    const other = readFileSync(patient.file('crl.pem'), 'utf8'); // of the demo world's own authority
    expectOnly(await findings(), 'revocation', /holds no list of List CA/, /lists of all authorities/);
    write(other + (await list(-1, 48)));
    expectHealthy(await findings());
  });

  it('fails a list that cannot be read', async () => {
    const [head, ...rest] = (await list(-1, 48)).trimEnd().split('\n');
    write([head, ...rest.slice(1)].join('\n'));
    expectOnly(await findings(), 'revocation', /cannot be read/, /PENSION_TLS_CRL/);
  });

  it('says that nothing is looked for where no list is set', async () => {
    const found = await patient.findings({ PENSION_TLS_CRL: '' });
    expectHealthy(found);
    expect(saysOf(found, 'revocation')).to.match(/revoked certificates are not looked for/);
  });
});

// `pension doctor` on the revocation list, and the reader of such lists.

import { X509Certificate } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { revocationListsIn, subjectOf } from '../../../src/cli/doctor/revocation-list.ts';
import { type Authority, createAuthority } from '../../../src/cli/world/authority.ts';
import { expectHealthy, expectOnly, newPatient, type Patient, saysOf } from './patient.ts';

const HOUR = 3_600_000;
const NOW = new Date();
const inHours = (hours: number): Date => new Date(NOW.getTime() + hours * HOUR);

describe('pension doctor: revocation', () => {
  let patient: Patient;
  let authority: Authority;
  before(async () => {
    authority = await createAuthority(
      { organisation: 'Prøve', cvr: '99990003', uuid: 'x', commonName: 'List CA' },
      { notBefore: inHours(-99), notAfter: inHours(99_999) },
    );
  });
  beforeEach(async () => {
    patient = await newPatient();
    writeFileSync(patient.file('ca.pem'), authority.certificate);
  });

  const list = (from: number, to: number): Promise<string> =>
    authority.revoke([], { notBefore: inHours(from), notAfter: inHours(to) });
  const findings = () => patient.findings({}, { now: NOW });
  const write = (text: string): void => writeFileSync(patient.file('crl.pem'), text);

  const ends: readonly [string, number, number, RegExp][] = [
    ['whose next update is past', -48, -1, /crl\.pem expired on .*every caller is refused/],
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

  it('fails when one of several lists has ended', async () => {
    write((await list(-1, 48)) + (await list(-48, -1)));
    expectOnly(await findings(), 'revocation', /expired/, /Fetch/);
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
    expectOnly(await findings(), 'revocation', /cannot be read as PEM/, /PENSION_TLS_CRL/);
  });

  it('says that nothing is looked for where no list is set', async () => {
    const found = await patient.findings({ PENSION_TLS_CRL: '' });
    expectHealthy(found);
    expect(saysOf(found, 'revocation')).to.match(/revoked certificates are not looked for/);
  });

  describe('the reader of lists', () => {
    it('reads issuer and dates', async () => {
      const [read] = revocationListsIn(await list(-1, 48))!;
      const seconds = (at: Date): number => Math.floor(at.getTime() / 1000);
      expect(seconds(read!.thisUpdate)).to.equal(seconds(inHours(-1)));
      expect(seconds(read!.nextUpdate!)).to.equal(seconds(inHours(48)));
      expect(read!.issuer.equals(subjectOf(new X509Certificate(authority.certificate)))).to.equal(true);
    });

    it('reads dates after 2049, which are written in another way', async () => {
      const far = new Date('2061-02-03T04:05:06Z');
      const [read] = revocationListsIn(await authority.revoke([], { notBefore: NOW, notAfter: far }))!;
      expect(read!.nextUpdate).to.deep.equal(far);
    });

    it('never throws, wherever a list is cut off or broken', async () => {
      const der = Buffer.from((await list(-1, 48)).replace(/-----.*-----/g, ''), 'base64');
      const asPem = (bytes: Buffer): string =>
        `-----BEGIN X509 CRL-----\n${bytes.toString('base64')}\n-----END X509 CRL-----\n`;
      for (let at = 0; at < der.length; at += 1) {
        expect(revocationListsIn(asPem(der.subarray(0, at))) ?? [], `cut at ${at}`).to.deep.equal([]);
        const broken = Buffer.from(der);
        broken[at] = 0xff;
        revocationListsIn(asPem(broken));
      }
    });
  });
});

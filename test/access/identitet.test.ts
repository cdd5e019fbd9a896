// From a certificate to the system it belongs to, and the refusals on the way. How certificates are trusted is in
// trust.test.ts.

import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import {
  type ClientCertificate,
  clientCertificate,
  fingerprintOf,
} from '../../src/access/certificates/client-certificate.ts';
import type { Trust } from '../../src/access/certificates/trust.ts';
import { identify } from '../../src/access/identitet.ts';
import { type Organisationer, readOrganisationer } from '../../src/access/organisationer.ts';
import { hasOpenssl, openssl, opensslAuthority, opensslIssue } from '../support/openssl.ts';
import { authority, certificate } from '../support/pki.ts';
import { demoWorld } from '../support/service.ts';
import { tempDir } from '../support/temp.ts';

const now = new Date();
const trusting: Trust = { problemOf: () => undefined, remarks: [] };

const reference = (system: object): Organisationer =>
  readOrganisationer(
    JSON.stringify({
      organisationTypes: [{ id: 50, name: 'UDK', kind: 'udk' }],
      userTypes: [],
      akasser: [],
      systems: [{ name: 'udk', organisations: [{ type: 50, code: '1' }], ...system }],
    }),
  );

const found = (
  x509: X509Certificate,
  system: object,
  facts: Partial<ClientCertificate> = {},
  trust = trusting,
) => identify({ ...clientCertificate([x509]), ...facts }, { trust, organisationer: reference(system) }, now);

describe('the identity behind a certificate', () => {
  let x509: X509Certificate;
  before(async () => {
    x509 = new X509Certificate(readFileSync(path.join(await demoWorld(), 'udk.pem')));
  });
  const part = (name: string): string => new RegExp(`^${name}=(.*)$`, 'm').exec(x509.subject)![1]!;

  it('is found by fingerprint', () => {
    expect(found(x509, { fingerprint256: x509.fingerprint256 })).to.deep.nested.include({
      ok: true,
      'value.certificate': fingerprintOf(x509),
      'value.system.name': 'udk',
    });
  });

  it('is found by issuer and subject, with the issuer written on one line or on several', () => {
    const subject = {
      organizationIdentifier: part('organizationIdentifier'),
      serialNumber: part('serialNumber'),
    };
    for (const issuer of [
      x509.issuer,
      x509.issuer.split('\n').join(', '),
      x509.issuer.split('\n').reverse().join(','),
      `/${x509.issuer.split('\n').join('/')}`,
      x509.issuer.replace('organizationIdentifier', '2.5.4.97'),
      x509.issuer.replace('organizationIdentifier', 'OID.2.5.4.97').replace('serialNumber', 'SERIALNUMBER'),
    ]) {
      expect(found(x509, { issuer, subject }).ok, issuer).to.equal(true);
      expect(found(x509, { issuer, subject: { serialNumber: subject.serialNumber } }).ok).to.equal(true);
    }
  });

  it('is not found when any part of issuer or subject differs', () => {
    const [organizationIdentifier, serialNumber] = [part('organizationIdentifier'), part('serialNumber')];
    for (const system of [
      { issuer: `${x509.issuer}\nO=Another`, subject: { organizationIdentifier, serialNumber } },
      { issuer: x509.issuer.split('\n').slice(1).join('\n'), subject: { serialNumber } },
      { issuer: 'CN=no such authority', subject: { serialNumber } },
      {
        issuer: x509.issuer,
        subject: { organizationIdentifier: `${organizationIdentifier}0`, serialNumber },
      },
      { issuer: x509.issuer, subject: { organizationIdentifier, serialNumber: 'UI:DK-O:G:another' } },
      { issuer: x509.issuer, subject: { serialNumber: organizationIdentifier } },
      { fingerprint256: 'ab'.repeat(32) },
    ]) {
      expect(found(x509, system), JSON.stringify(system)).to.deep.nested.include({
        ok: false,
        'fejl.kode': 1012,
        'fejl.message': `Logon failed: the certificate is valid but belongs to no system known here (SHA-256 fingerprint ${fingerprintOf(x509)}).`,
      });
    }
  });

  it('is refused with what the judge of certificates says, mapped or not', () => {
    const trust: Trust = { problemOf: () => 'it is not liked', remarks: [] };
    const refused = found(x509, { fingerprint256: x509.fingerprint256 }, {}, trust);
    expect(!refused.ok && refused.fejl).to.deep.equal({
      kode: 1012,
      message: `Logon failed: it is not liked (SHA-256 fingerprint ${fingerprintOf(x509)}).`,
    });
  });

  it('is 1101 without a certificate', () => {
    const organisationer = reference({ fingerprint256: x509.fingerprint256 });
    expect(identify(undefined, { trust: trusting, organisationer }, now)).to.deep.nested.include({
      ok: false,
      'fejl.kode': 1101,
    });
  });
});

const OCES2 = 'CVR:12345678-FID:98765432';
const OCES3 = {
  organizationIdentifier: 'NTRDK-12345678',
  serialNumber: 'UI:DK-O:G:7f2e4a52-8d4d-4f5c-a1e5-6a1f0d2b3c4d',
};

describe('the subject of an OCES certificate', () => {
  const ISSUER = 'C=DK,O=Den Danske Stat,CN=Æ CA';
  const issued = async (name: Parameters<typeof certificate>[0] & {}) =>
    (await certificate({ issuer: await authority(ISSUER), ...name })).x509;

  it('of OCES2 has its serial number beside the common name in one RDN', async () => {
    const name = [
      { C: ['DK'] },
      { O: ['Køge Kommune, Afd. 1 // CVR:12345678'] },
      { '2.5.4.5': [OCES2], CN: ['Tidlig Pension (funktionscertifikat)'] },
    ];
    const x509 = await issued({ name });
    expect(x509.subject).to.contain(' + ');
    expect(found(x509, { issuer: ISSUER, subject: { serialNumber: OCES2 } }).ok).to.equal(true);
    expect(found(x509, { issuer: ISSUER, subject: { serialNumber: `${OCES2} ` } }).ok).to.equal(false);
  });

  it('cannot be made to look like another by what a value contains', async () => {
    for (const text of [
      `x + serialNumber=${OCES2}`,
      `x, serialNumber=${OCES2}`,
      `x\nserialNumber=${OCES2}`,
    ]) {
      const x509 = await issued({ name: [{ C: ['DK'] }, { CN: [text] }] });
      expect(found(x509, { issuer: ISSUER, subject: { serialNumber: OCES2 } }).ok, text).to.equal(false);
    }
  });

  it('has an issuer whose name may hold what looks like another part', async () => {
    const issuer = await authority('C=DK', { name: [{ C: ['DK'] }, { O: ['Fake, CN=root'] }] });
    const x509 = await issued({ issuer, name: [{ '2.5.4.5': [OCES2] }] });
    const subject = { serialNumber: OCES2 };
    for (const written of ['C=DK,O="Fake, CN=root"', 'C=DK,O=Fake\\, CN=root', x509.issuer]) {
      expect(found(x509, { issuer: written, subject }).ok, written).to.equal(true);
    }
    expect(found(x509, { issuer: 'C=DK,O=Fake,CN=root', subject }).ok).to.equal(false);
  });

  it('of OCES3 has an organisation identifier and a serial number, in any order', async () => {
    const parts = [
      { C: ['DK'] },
      { '2.5.4.97': [OCES3.organizationIdentifier] },
      { O: ['Testorganisation nr. 123'] },
      { '2.5.4.5': [OCES3.serialNumber] },
      { CN: ['Systemnavn'] },
    ];
    for (const name of [parts, parts.toReversed()]) {
      expect(found(await issued({ name }), { issuer: ISSUER, subject: OCES3 }).ok).to.equal(true);
    }
  });

  describe('made and printed by OpenSSL', () => {
    const dir = tempDir();
    let oces2: X509Certificate;
    let oces3: X509Certificate;
    before(function () {
      if (!hasOpenssl) this.skip(); // nothing here without OpenSSL's command line
      opensslAuthority(dir, '/C=DK/O=Køge, Den Danske "Stat" A\\/S/CN=Æ \\+ CA');
      oces2 = new X509Certificate(
        opensslIssue(dir, 'oces2', [
          'C=DK',
          'O=Køge Kommune\\, Afd. 1 // CVR:12345678',
          `0.serialNumber=${OCES2}`,
          '+CN=Tidlig Pension (funktionscertifikat)',
        ]),
      );
      oces3 = new X509Certificate(
        opensslIssue(dir, 'oces3', [
          'C=DK',
          `organizationIdentifier=${OCES3.organizationIdentifier}`,
          `serialNumber=${OCES3.serialNumber}`,
          'CN=Systemnavn',
        ]),
      );
    });

    const FORMS = [
      'oneline',
      'RFC2253',
      'compat',
      'oneline,-esc_msb',
      'multiline,utf8,-esc_msb,esc_2253',
      'RFC2253,oid',
    ];
    for (const form of FORMS) {
      it(`is found with the issuer as ${form} prints it`, () => {
        const shown = openssl(['x509', '-in', 'oces2.pem', '-noout', '-issuer', '-nameopt', form], dir);
        const issuer = shown.replace(/^issuer=\s*/, '').trim();
        expect(found(oces2, { issuer, subject: { serialNumber: OCES2 } }).ok, issuer).to.equal(true);
        expect(found(oces3, { issuer, subject: OCES3 }).ok, issuer).to.equal(true);
      });
    }

    it('is found with the issuer as Node.js prints it', () => {
      expect(found(oces2, { issuer: oces2.issuer, subject: { serialNumber: OCES2 } }).ok).to.equal(true);
      expect(found(oces3, { issuer: oces3.issuer, subject: OCES3 }).ok).to.equal(true);
    });
  });
});

// From certificate to system: by fingerprint, or by issuer and subject; dates are judged at every call.

import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { fingerprintOf, identify } from '../../src/access/identitet.ts';
import { readOrganisationer } from '../../src/access/organisationer.ts';
import { demoWorld } from '../support/service.ts';

const now = new Date();

describe('the identity behind a certificate', () => {
  let x509: X509Certificate;
  before(async () => {
    x509 = new X509Certificate(readFileSync(path.join(await demoWorld(), 'udk.pem')));
  });

  const reference = (system: object) =>
    readOrganisationer(
      JSON.stringify({
        organisationTypes: [{ id: 50, name: 'UDK', kind: 'udk' }],
        userTypes: [],
        akasser: [],
        systems: [{ name: 'udk', organisations: [{ type: 50, code: '1' }], ...system }],
      }),
    );
  const part = (name: string): string => new RegExp(`^${name}=(.*)$`, 'm').exec(x509.subject)![1]!;

  it('is found by fingerprint', () => {
    const found = identify({ x509 }, reference({ fingerprint256: x509.fingerprint256 }), now);
    expect(found).to.deep.nested.include({
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
    ]) {
      expect(identify({ x509 }, reference({ issuer, subject }), now).ok, issuer).to.equal(true);
    }
  });

  it('is not found when any part of issuer or subject differs', () => {
    const [organizationIdentifier, serialNumber] = [part('organizationIdentifier'), part('serialNumber')];
    for (const system of [
      { issuer: `${x509.issuer}\nO=Another`, subject: { organizationIdentifier, serialNumber } },
      {
        issuer: x509.issuer,
        subject: { organizationIdentifier: `${organizationIdentifier}0`, serialNumber },
      },
      { issuer: x509.issuer, subject: { organizationIdentifier, serialNumber: 'UI:DK-O:G:another' } },
      { fingerprint256: 'ab'.repeat(32) },
    ]) {
      expect(identify({ x509 }, reference(system), now)).to.deep.nested.include({
        ok: false,
        'fejl.kode': 1012,
      });
    }
  });

  const refusals: [string, () => Date, RegExp][] = [
    ['expired', () => new Date(x509.validToDate.getTime() + 1_000), /expired/],
    ['not yet valid', () => new Date(x509.validFromDate.getTime() - 1_000), /not yet valid/],
  ];
  for (const [what, at, says] of refusals) {
    it(`is refused with 1012 once the certificate is ${what}, though the handshake found nothing`, () => {
      const found = identify({ x509 }, reference({ fingerprint256: x509.fingerprint256 }), at());
      expect(found).to.deep.nested.include({ ok: false, 'fejl.kode': 1012 });
      expect(!found.ok && found.fejl.message).to.match(says);
    });
  }

  it('is refused with what the handshake found, mapped or not', () => {
    const found = identify(
      { x509, handshakeError: 'CERT_REVOKED' },
      reference({ fingerprint256: x509.fingerprint256 }),
      now,
    );
    expect(!found.ok && found.fejl.message).to.match(/revoked/);
  });

  it('is 1101 without a certificate', () => {
    expect(
      identify(undefined, reference({ fingerprint256: x509.fingerprint256 }), now),
    ).to.deep.nested.include({ ok: false, 'fejl.kode': 1101 });
  });
});

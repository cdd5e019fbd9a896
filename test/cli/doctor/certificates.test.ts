// `pension doctor` on the service's certificate, the authorities it trusts and the revocation list.

import { randomUUID } from 'node:crypto';
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { type Authority, createAuthority, type Validity } from '../../../src/cli/world/authority.ts';
import { expectHealthy, expectOnly, newPatient, type Patient, saysOf } from './patient.ts';

const DAY = 86_400_000;
let NOW = new Date();
const inDays = (days: number): Date => new Date(NOW.getTime() + days * DAY);
const years: Validity = { notBefore: inDays(-1), notAfter: inDays(1000) };
const subject = (commonName: string) => ({
  organisation: 'Prøve',
  cvr: '99990003',
  uuid: randomUUID(),
  commonName,
});

describe('pension doctor: certificates', () => {
  let patient: Patient;
  let authority: Authority;
  before(async () => {
    authority = await createAuthority(subject('Another CA'), years);
  });
  beforeEach(async () => {
    NOW = new Date(); // not when the file was loaded: the store must not be newer
    patient = await newPatient();
  });

  const findings = (env: Record<string, string> = {}) => patient.findings(env, { now: NOW });

  /** Puts a certificate and its key in place of the service's own. */
  async function serve(validity: Validity, use: 'server' | 'client' = 'server'): Promise<void> {
    const { certificate, key } = await authority.issue(subject('new'), validity, use);
    writeFileSync(patient.file('server.pem'), certificate);
    writeFileSync(patient.file('server.key'), key);
  }

  it('says for how long they hold', async () => {
    const found = await findings();
    expectHealthy(found);
    const until = new Date(NOW);
    until.setUTCFullYear(NOW.getUTCFullYear() + 2);
    expect(saysOf(found, 'certificate')).to.match(
      new RegExp(`^server\\.pem is valid for 7\\d\\d more days \\(until ${until.toISOString().slice(0, 7)}-`),
    );
    expect(saysOf(found, 'authorities')).to.match(/demo CA in ca\.pem: valid for 36\d\d more days/);
    expect(saysOf(found, 'revocation')).to.match(/^crl\.pem is valid for 7\d\d more days/);
  });

  const ends: readonly [string, Validity, RegExp][] = [
    ['has expired', { notBefore: inDays(-9), notAfter: inDays(-1) }, /server\.pem expired on 20/],
    ['is not valid yet', { notBefore: inDays(1), notAfter: inDays(99) }, /is not valid before .*the clock/],
    [
      'ends in less than 14 days',
      { notBefore: inDays(-1), notAfter: inDays(13.9) },
      /valid for 13 more days/,
    ],
  ];
  for (const [name, validity, says] of ends) {
    it(`fails a certificate that ${name}, until it is renewed`, async () => {
      await serve(validity);
      expectOnly(await findings(), 'certificate', says, /renewed.*in place of the files/);
      await serve(years);
      expectHealthy(await findings());
    });
  }

  it('lets a certificate pass that still has 14 days', async () => {
    await serve({ notBefore: inDays(-1), notAfter: new Date(NOW.getTime() + 14 * DAY + 2_000) });
    expectHealthy(await findings());
  });

  it('fails a certificate above it that has expired', async () => {
    const old = await authority.issue(
      subject('Between'),
      { notBefore: inDays(-9), notAfter: inDays(-1) },
      'server',
    );
    const own = readFileSync(patient.file('server.pem'), 'utf8');
    writeFileSync(patient.file('server.pem'), own + old.certificate);
    expectOnly(await findings(), 'certificate', /Between, above it in .* expired/, /renewed/);
  });

  it('fails a key that belongs to another certificate, until the right one is named', async () => {
    const wrong = { PENSION_TLS_KEY: patient.file('udk.key') };
    expectOnly(await findings(wrong), 'certificate', /udk\.key.*do not belong together/, /PENSION_TLS_KEY/);
    expectHealthy(await findings());
  });

  it('fails a certificate for client use', async () => {
    await serve(years, 'client');
    const failed = (await findings()).filter(({ ok }) => !ok);
    expect(failed.map(({ says }) => says).join('\n'))
      .to.match(/not for server use/)
      .and.match(/not for 127\.0\.0\.1/); // such a one has no names either
    expect(failed.map(({ check }) => check)).to.deep.equal(['certificate', 'certificate']);
  });

  const files = [
    ['certificate', 'PENSION_TLS_CERT', 'server.pem'],
    ['certificate', 'PENSION_TLS_KEY', 'server.key'],
    ['authorities', 'PENSION_TLS_CA', 'ca.pem'],
    ['revocation', 'PENSION_TLS_CRL', 'crl.pem'],
  ] as const;
  for (const [check, variable, name] of files) {
    it(`fails ${variable} when its file is not there, or something else`, async () => {
      const good = readFileSync(patient.file(name));
      writeFileSync(patient.file(name), 'not PEM\n');
      expectOnly(await findings(), check, new RegExp(`${variable}: .* PEM`), new RegExp(variable));
      rmSync(patient.file(name));
      expectOnly(await findings(), check, new RegExp(`${variable}: .* cannot be read`), new RegExp(variable));
      writeFileSync(patient.file(name), good);
      expectHealthy(await findings());
    });
  }

  const names: readonly [string, Record<string, string>, RegExp | undefined][] = [
    ['the host', { PENSION_HOST: 'localhost' }, undefined],
    ['the public address', { PENSION_PUBLIC_URL: 'https://[::1]:8443', PENSION_HOST: '0.0.0.0' }, undefined],
    ['a host that it is not for', { PENSION_HOST: '127.0.0.2' }, /not for 127\.0\.0\.2/],
    [
      'a public address that it is not for',
      { PENSION_PUBLIC_URL: 'https://pension.example' },
      /not for pension\.example.*DNS:localhost/,
    ],
  ];
  for (const [name, env, says] of names) {
    it(`looks whether the certificate is for the name that clients use: ${name}`, async () => {
      if (says === undefined) expectHealthy(await findings(env));
      else expectOnly(await findings(env), 'certificate', says, /PENSION_PUBLIC_URL/);
    });
  }

  describe('authorities', () => {
    /** Another authority beside the demo world's, with its list. */
    async function trust(validity: Validity): Promise<void> {
      const other = await createAuthority(subject('Old CA'), validity);
      const append = (name: string, text: string): void =>
        writeFileSync(patient.file(name), readFileSync(patient.file(name), 'utf8') + text);
      append('ca.pem', other.certificate);
      append('crl.pem', await other.revoke([], years));
    }

    it('fails one that has expired, until it is taken out', async () => {
      copyFileSync(patient.file('ca.pem'), patient.file('ca-before.pem'));
      await trust({ notBefore: inDays(-9), notAfter: inDays(-1) });
      expectOnly(await findings(), 'authorities', /^Old CA in .*ca\.pem expired/, /take this one out/);
      copyFileSync(patient.file('ca-before.pem'), patient.file('ca.pem'));
      expectHealthy(await findings());
    });

    it('fails one that ends in less than 14 days', async () => {
      await trust({ notBefore: inDays(-9), notAfter: inDays(5.5) });
      expectOnly(await findings(), 'authorities', /Old CA .* valid for 5 more days/, /that follows it/);
    });

    it('fails a certificate that is no authority', async () => {
      const wrong = { PENSION_TLS_CA: patient.file('udk.pem'), PENSION_TLS_CRL: '' };
      expectOnly(await findings(wrong), 'authorities', /is not an authority's/, /PENSION_TLS_CA/);
    });

    it('tells of the first of several to end', async () => {
      await trust({ notBefore: inDays(-9), notAfter: inDays(40.5) });
      expect(saysOf(await findings(), 'authorities')).to.match(
        /Old CA in ca\.pem: all valid for 40 more days/,
      );
    });
  });

  describe('modes', () => {
    it('says loudly that nobody is authenticated with PENSION_TLS=off, and looks at no certificate', async () => {
      const found = await patient.findings({
        PENSION_TLS: 'off',
        PENSION_TLS_CERT: patient.file('none.pem'),
        PENSION_TLS_CA: patient.file('none.pem'),
        PENSION_TLS_CRL: patient.file('none.pem'),
      });
      expectHealthy(found);
      expect(saysOf(found, 'certificate')).to.match(/^NOBODY IS AUTHENTICATED: PENSION_TLS is off/);
      expect(found.map(({ check }) => check).filter((check) => /auth|revoc/.test(check))).to.deep.equal([]);
    });

    it('needs no certificate of its own behind a proxy, but authorities', async () => {
      const env = { PENSION_TLS: 'proxy', PENSION_TLS_CERT: '', PENSION_TLS_KEY: '' };
      const found = await patient.findings({ ...env, PENSION_TLS_CA: patient.file('none.pem') });
      expect(saysOf(found, 'certificate')).to.match(/none is needed: the proxy ends TLS/);
      const authorities = found.filter(({ check }) => check === 'authorities');
      expect(authorities.map(({ ok, says }) => [ok, /cannot be read/.test(says)])).to.deep.equal([
        [false, true],
      ]);
    });
  });
});

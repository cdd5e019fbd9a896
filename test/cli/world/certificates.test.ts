// The demo world's certificates are what strict readers and a real handshake accept.
import { spawnSync } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import * as tls from 'node:tls';
import { expect } from 'chai';
import { holders } from '../../../src/cli/world/certificates.ts';
import { certificateNames, clientIdentity, makeWorld } from '../../../src/cli/world/world.ts';
import { tempFolder } from './temp.ts';

const DAY = 86_400_000;
const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

describe('the certificates of a demo world', () => {
  const { dir, read, remove } = tempFolder();
  const now = new Date();
  const certificate = (name: string) => new X509Certificate(read(`${name}.pem`));

  before(async () => void (await makeWorld(dir, { now })));
  after(remove);

  it('are signed by the CA, each for the key beside it', () => {
    const ca = certificate('ca');
    expect(ca.ca).to.equal(true);
    expect(ca.checkPrivateKey(createPrivateKey(read('ca.key')))).to.equal(true);
    for (const name of certificateNames) {
      expect(certificate(name).ca, name).to.equal(false);
      expect(certificate(name).checkIssued(ca), name).to.equal(true);
      expect(certificate(name).verify(ca.publicKey), name).to.equal(true);
      expect(certificate(name).checkPrivateKey(createPrivateKey(read(`${name}.key`))), name).to.equal(true);
    }
  });

  it('have P-256 keys in PKCS#8 that only their owner can read', () => {
    for (const name of ['ca', ...certificateNames]) {
      expect(read(`${name}.key`), name).to.match(/^-----BEGIN PRIVATE KEY-----\n/);
      expect(certificate(name).publicKey.asymmetricKeyDetails, name).to.deep.equal({
        namedCurve: 'prime256v1',
      });
      expect(statSync(path.join(dir, `${name}.key`)).mode & 0o777, name).to.equal(0o600);
    }
  });

  it('hold from an hour ago, the CA for ten years and the others for two', () => {
    for (const name of ['ca', ...certificateNames]) {
      const { validFromDate, validToDate } = certificate(name);
      expect(now.getTime() - validFromDate.getTime(), name).to.be.within(3_600_000, 3_601_000);
      const years = (validToDate.getTime() - now.getTime()) / DAY / 365.25;
      expect(years, name).to.be.closeTo(name === 'ca' ? 10 : 2, 0.01);
    }
  });

  it('name their owners as OCES3 does', () => {
    for (const name of certificateNames) {
      const subject = certificate(name).subject.split('\n');
      expect(subject[0], name).to.equal('C=DK');
      expect(subject[1], name).to.equal(`organizationIdentifier=NTRDK-${holders[name].cvr}`);
      expect(subject[2], name).to.equal(`O=${holders[name].organisation}`);
      expect(subject[3], name).to.match(/^serialNumber=UI:DK-O:G:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
      expect(subject[4], name).to.equal(`CN=PensionService demo ${name}`);
    }
  });

  it('carry no CVR number that a company could have', () => {
    const weights = [2, 7, 6, 5, 4, 3, 2, 1];
    for (const { cvr } of Object.values(holders)) {
      expect(cvr).to.match(/^[0-9]{8}$/);
      expect([...cvr].reduce((sum, digit, i) => sum + Number(digit) * weights[i]!, 0) % 11, cvr).not.to.equal(
        0,
      );
    }
  });

  it('are for one use each: the server for its three addresses, the others for clients', () => {
    expect(certificate('server').keyUsage).to.deep.equal(['1.3.6.1.5.5.7.3.1']);
    expect(certificate('server').checkHost('localhost')).to.equal('localhost');
    expect(certificate('server').checkIP('127.0.0.1')).to.equal('127.0.0.1');
    expect(certificate('server').checkIP('::1')).to.equal('::1');
    for (const name of certificateNames.filter((other) => other !== 'server')) {
      expect(certificate(name).keyUsage, name).to.deep.equal(['1.3.6.1.5.5.7.3.2']);
      expect(certificate(name).subjectAltName, name).to.equal(undefined);
    }
  });

  it('make a handshake, in which only the revoked one fails', async () => {
    const verdicts: Record<string, string> = {};
    for (const name of certificateNames.filter((other) => other !== 'server')) {
      verdicts[name] = await handshake(dir, name);
    }
    expect(verdicts).to.deep.equal({
      udk: 'ok',
      star: 'ok',
      'akasse-11': 'ok',
      'akasse-22': 'ok',
      'akasse-67': 'ok',
      'akasse-31': 'ok',
      ukendt: 'ok',
      tilbagekaldt: 'CERT_REVOKED',
    });
  });

  it('hold before OpenSSL at its strictest, now and until the day the certificates end', function () {
    if (!hasOpenssl) this.skip();
    for (const moment of [now.getTime(), now.getTime() + 729 * DAY]) {
      for (const name of certificateNames) {
        const purpose = name === 'server' ? 'sslserver' : 'sslclient';
        const { status, stderr } = spawnSync('openssl', [
          ...['verify', '-x509_strict', '-check_ss_sig', '-crl_check_all', '-purpose', purpose],
          ...['-attime', String(Math.floor(moment / 1000))],
          ...['-CAfile', path.join(dir, 'ca.pem'), '-CRLfile', path.join(dir, 'crl.pem')],
          path.join(dir, `${name}.pem`),
        ]);
        expect(status === 0, `${name}: ${stderr}`).to.equal(name !== 'tilbagekaldt');
        if (name === 'tilbagekaldt') expect(String(stderr)).to.contain('certificate revoked');
      }
    }
  });

  it('carry the extensions that strict readers ask for, critical where they must be', function () {
    if (!hasOpenssl) this.skip();
    const text = (args: string[]) => String(spawnSync('openssl', [...args, '-noout', '-text']).stdout);
    const ca = text(['x509', '-in', path.join(dir, 'ca.pem')]);
    expect(ca).to.match(/Basic Constraints: critical\s+CA:TRUE, pathlen:0/);
    expect(ca).to.match(/Key Usage: critical\s+Certificate Sign, CRL Sign/);
    for (const name of certificateNames) {
      const leaf = text(['x509', '-in', path.join(dir, `${name}.pem`)]);
      expect(leaf).to.match(/Signature Algorithm: ecdsa-with-SHA256/);
      expect(leaf).to.match(/Basic Constraints: critical\s+CA:FALSE/);
      expect(leaf).to.match(/X509v3 Key Usage: critical\s+Digital Signature/);
      expect(leaf).to.contain('Subject Key Identifier').and.to.contain('Authority Key Identifier');
    }
    const crl = text(['crl', '-in', path.join(dir, 'crl.pem')]);
    expect(crl)
      .to.match(/CRL Number:\s+1/)
      .and.to.contain('Authority Key Identifier');
    expect(crl.match(/Serial Number: [0-9A-F]+/g)).to.deep.equal([
      `Serial Number: ${certificate('tilbagekaldt').serialNumber}`,
    ]);
  });
});

/** What the server says of a client that trusts only the demo CA: ok, or why not. */
async function handshake(dir: string, name: string): Promise<string> {
  const paths = clientIdentity(dir, name);
  const pem = (file: string) => readFileSync(file, 'utf8');
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const server = tls.createServer(
    {
      cert: pem(path.join(dir, 'server.pem')),
      key: pem(path.join(dir, 'server.key')),
      ca: pem(paths.ca),
      crl: pem(path.join(dir, 'crl.pem')),
      requestCert: true,
      rejectUnauthorized: false,
    },
    (socket) => {
      resolve(socket.authorized ? 'ok' : String(socket.authorizationError));
      socket.end();
    },
  );
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const client = tls.connect({
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    cert: pem(paths.cert),
    key: pem(paths.key),
    ca: pem(paths.ca),
  });
  client.on('error', reject);
  try {
    return await promise;
  } finally {
    client.destroy();
    server.close();
  }
}

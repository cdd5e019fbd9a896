// A client that is not ours with certificates that are not of our making: OpenSSL's own, over TLS 1.2 and 1.3.

import { spawn } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { PENSION_SERVICE } from '../../src/contract/names.ts';
import { readFault } from '../support/answers.ts';
import { getEnvelope, UDK } from '../support/envelopes.ts';
import { hasOpenssl, openssl, opensslAuthority, opensslIssue, opensslRevoke } from '../support/openssl.ts';
import { tempDir } from '../support/temp.ts';
import { startTrusting, type TrustingService } from '../support/trusting-service.ts';

const HOUR = 3_600_000;
const CVR_FID = 'CVR:12345678-FID:98765432';

describe('openssl s_client', () => {
  const dir = tempDir();
  const at = (name: string): string => path.join(dir, name);
  const pem = (name: string) => {
    const text = readFileSync(at(name), 'utf8');
    return { pem: text, x509: new X509Certificate(text) };
  };
  /** Issues one for certain hours from now, which `openssl x509` cannot, and for a purpose. */
  const issueFor = (name: string, from: number, to: number, purpose = 'clientAuth'): void => {
    opensslIssue(dir, name, [`CN=${name}`]);
    const time = (hours: number): string =>
      new Date(Date.now() + hours * HOUR).toISOString().replace(/^20|[-:T]|\.[0-9]+/g, '');
    const own = [
      `database=${name}.index`,
      'new_certs_dir=.',
      'default_md=sha256',
      'policy=any',
      'rand_serial=yes',
    ];
    const config = ['[ca]', 'default_ca=own', '[own]', ...own, '[any]', 'commonName=supplied', ''];
    writeFileSync(at(`${name}.cnf`), config.join('\n'));
    writeFileSync(at(`${name}.index`), '');
    writeFileSync(at(`${name}.ext`), `basicConstraints=CA:false\nextendedKeyUsage=${purpose}\n`);
    const ca = ['-config', `${name}.cnf`, '-cert', 'ca.pem', '-keyfile', 'ca.key'];
    const times = ['-startdate', time(from), '-enddate', time(to), '-extfile', `${name}.ext`];
    openssl(['ca', '-batch', '-notext', ...ca, ...times, '-in', `${name}.csr`, '-out', `${name}.pem`], dir);
  };
  let service: TrustingService;
  before(async function () {
    if (!hasOpenssl) this.skip(); // nothing here without OpenSSL's command line
    opensslAuthority(dir, '/C=DK/O=Den Danske Stat/CN=Æ OCES CA');
    const subject = [
      'C=DK',
      'O=Køge',
      `0.serialNumber=${CVR_FID}`,
      '+CN=Tidlig Pension (funktionscertifikat)',
    ];
    for (const name of ['good', 'revoked', 'unmapped']) opensslIssue(dir, name, subject);
    issueFor('expired', -2, -1);
    issueFor('early', 1, 2);
    issueFor('server', -1, 1, 'serverAuth');
    mkdirSync(at('other'));
    opensslAuthority(at('other'), '/CN=other');
    opensslIssue(at('other'), 'stranger', ['CN=stranger']);
    const self = ['-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'self.key', '-out', 'self.pem'];
    openssl(['req', ...self, '-days', '1', '-subj', '/CN=self'], dir);
    const crl = opensslRevoke(dir, 'revoked');
    service = await startTrusting({
      authorities: [pem('ca.pem')],
      lists: [crl],
      known: ['good', 'revoked', 'self', 'expired', 'early', 'server', 'other/stranger'].map((name) =>
        pem(`${name}.pem`),
      ),
    });
  });
  after(() => service?.stop());

  /** What comes back to a call, with all that s_client says of the handshake. */
  const call = (name: string | undefined, ...options: readonly string[]): Promise<string> =>
    new Promise((resolve, reject) => {
      const own = name === undefined ? [] : ['-cert', at(`${name}.pem`), '-key', at(`${name}.key`)];
      const { host } = new URL(service.url);
      const child = spawn('openssl', ['s_client', '-connect', host, '-ign_eof', ...own, ...options]);
      let seen = '';
      for (const stream of [child.stdout, child.stderr])
        stream.setEncoding('utf8').on('data', (text: string) => {
          seen += text;
        });
      child.on('error', reject);
      child.on('close', () => resolve(seen));
      child.stdin.on('error', () => undefined); // it ended without reading: a handshake refused
      const body = getEnvelope('2902610001', UDK);
      child.stdin.end(
        `POST ${PENSION_SERVICE.path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n` +
          `Content-Type: text/xml; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
      );
    });
  const faultIn = (seen: string) =>
    readFault(/<\?xml[\s\S]*?Envelope>|<[a-zA-Z]*:?Envelope[\s\S]*Envelope>/.exec(seen)![0]);

  const rows = [
    ['none', undefined, 1101, /No client certificate/],
    ['revoked', 'revoked', 1012, /has been revoked/],
    ['self-signed', 'self', 1012, /is self-signed/],
    ['of a wrong CA', 'other/stranger', 1012, /authority that is not trusted here/],
    ['expired', 'expired', 1012, /has expired/],
    ['not yet valid', 'early', 1012, /not yet valid/],
    ['not for client use', 'server', 1012, /not for client use/],
    ['mapped to no system', 'unmapped', 1012, /belongs to no system/],
  ] as const;
  for (const version of ['-tls1_2', '-tls1_3']) {
    for (const [what, name, errorCode, says] of rows) {
      it(`with a certificate ${what}: ${errorCode}, ${version}`, async () => {
        const fault = faultIn(await call(name, version))!;
        expect(fault.errorCode).to.equal(errorCode);
        expect(fault.message).to.match(says);
      });
    }

    it(`with a good certificate is served, ${version}`, async () => {
      expect(await call('good', version)).to.contain('HTTP/1.1 200');
    });
  }

  it('is told which authorities certificates may be of', async () => {
    expect(await call(undefined, '-tls1_3')).to.match(
      /Acceptable client certificate CA names\n.*O ?= ?Den Danske Stat, CN ?= ?\S+ OCES CA/,
    );
  });

  it('is refused the handshake with TLS 1.1', async () => {
    const seen = await call('good', '-tls1_1', '-cipher', 'DEFAULT:@SECLEVEL=0');
    expect(seen)
      .to.match(/alert protocol version/)
      .and.not.contain('HTTP/1.1');
  });
});

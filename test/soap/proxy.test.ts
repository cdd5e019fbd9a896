// Behind a proxy that ends TLS: the certificate comes in a header, is judged like any other, and counts only when the
// proxy itself has sent it, once.

import http from 'node:http';
import { expect } from 'chai';
import { PENSION_SERVICE } from '../../src/contract/names.ts';
import { readFault } from '../support/answers.ts';
import { getEnvelope, UDK } from '../support/envelopes.ts';
import { authority, certificate, type Party, revocationList } from '../support/pki.ts';
import { startTrusting, type TrustingService } from '../support/trusting-service.ts';

const HOUR = 3_600_000;

/** As nginx writes $ssl_client_escaped_cert: every byte that is not plain. */
const escaped = (...parties: readonly Pick<Party, 'pem'>[]): string =>
  encodeURIComponent(parties.map(({ pem }) => pem).join(''));

describe('behind a proxy', () => {
  let root: Party;
  let issuing: Party;
  let client: Party;
  let below: Party;
  let revoked: Party;
  let expired: Party;
  let service: TrustingService;
  before(async () => {
    root = await authority('CN=root');
    issuing = await authority('CN=issuing', { issuer: root });
    client = await certificate({ issuer: root, name: 'CN=Søren + Co' });
    below = await certificate({ issuer: issuing });
    revoked = await certificate({ issuer: root });
    expired = await certificate({ issuer: root, to: new Date(Date.now() - HOUR) });
    service = await start({});
  });
  after(() => service.stop());

  const start = async (env: Readonly<Record<string, string>>): Promise<TrustingService> =>
    startTrusting(
      {
        authorities: [root],
        lists: [await revocationList(root, { revoked: [revoked] }), await revocationList(issuing)],
        known: [client, below, revoked, expired],
      },
      { PENSION_TLS: 'proxy', PENSION_TLS_CERT: '', PENSION_TLS_KEY: '', ...env },
    );

  /** Calls with these headers, each as often as it stands there. */
  const call = (headers: readonly string[], to = service) =>
    new Promise<{ status: number; errorCode: number | undefined; message: string }>((resolve, reject) => {
      const options = { method: 'POST', agent: false as const };
      const fixed = ['Host', 'pension.example', 'Content-Type', 'text/xml; charset=utf-8'];
      const request = http.request(
        to.url + PENSION_SERVICE.path,
        { ...options, headers: [...fixed, 'Connection', 'close', ...headers] },
        async (response) => {
          const body = Buffer.concat(await response.toArray()).toString('utf8');
          const fault = readFault(body);
          resolve({
            status: response.statusCode!,
            errorCode: fault?.errorCode,
            message: fault?.message ?? '',
          });
        },
      );
      request.on('error', reject);
      request.end(getEnvelope('2902610001', UDK));
    });
  const warnings = (of = service): Record<string, unknown>[] =>
    of.logLines
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter(({ level, message }) => level === 'warn' && message === 'certificate of a proxy refused');

  it('listens without TLS, and says that the WSDL names the wrong address', () => {
    expect(service.url).to.match(/^http:/);
    expect(service.logLines.join('\n')).to.match(
      /PENSION_PUBLIC_URL is not set: the WSDL names the address behind/,
    );
  });

  it('says nothing of that when the address is set', async () => {
    const other = await start({ PENSION_PUBLIC_URL: 'https://pension.example' });
    expect(other.logLines.join('\n')).not.to.contain('PENSION_PUBLIC_URL');
    await other.stop();
  });

  it('serves who is known, however the header is written', async () => {
    const value = escaped(client);
    for (const name of ['x-client-cert', 'X-Client-Cert', 'X-CLIENT-CERT']) {
      expect(await call([name, value])).to.include({ status: 200 });
    }
    expect(await call(['x-client-cert', value.replaceAll(/%../g, (code) => code.toLowerCase())])).to.include({
      status: 200,
    });
  });

  it('takes a chain, of which the first is the client’s', async () => {
    const judged = await start({});
    expect((await call(['x-client-cert', escaped(below)], judged)).message).to.match(/not trusted here/);
    expect(await call(['x-client-cert', escaped(below, issuing)], judged)).to.include({ status: 200 });
    expect((await call(['x-client-cert', escaped(issuing, below)], judged)).errorCode).to.equal(1012);
    await judged.stop();
  });

  it('judges dates, revocation, trust and mapping itself', async () => {
    const rows: readonly (readonly [Party, RegExp])[] = [
      [expired, /has expired/],
      [revoked, /has been revoked/],
      [await certificate(), /self-signed/],
      [await certificate({ issuer: await authority('CN=stranger') }), /not trusted here/],
      [await certificate({ issuer: root }), /belongs to no system/],
    ];
    for (const [party, says] of rows) {
      const refused = await call(['x-client-cert', escaped(party)]);
      expect(refused).to.include({ status: 500, errorCode: 1012 });
      expect(refused.message).to.match(says);
    }
  });

  for (const headers of [[], ['x-client-cert', ''], ['x-client-cert', ' ']]) {
    it(`refuses a call with ${JSON.stringify(headers)} with 1101`, async () => {
      expect((await call(headers)).errorCode).to.equal(1101);
    });
  }

  const unreadable: readonly (readonly [string, () => string])[] = [
    ['no certificate', () => 'certificate'],
    ['a percent sign that encodes nothing', () => `%${escaped(client)}`],
    ['bytes that are not UTF-8', () => `${escaped(client)}%ff`],
    ['PEM that is cut off', () => escaped({ pem: client.pem.slice(0, 300) })],
    [
      'a block that is no certificate',
      () => escaped({ pem: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n' }),
    ],
    ['a certificate and something else', () => escaped(client, { pem: 'and more' })],
    ['a key besides', () => escaped(client, { pem: client.key })],
  ];
  for (const [what, value] of unreadable) {
    it(`refuses ${what} with 1012, and logs that, not what it was`, async () => {
      const before = warnings().length;
      const refused = await call(['x-client-cert', value()]);
      expect(refused.errorCode).to.equal(1012);
      expect(refused.message).to.match(/cannot be read: it is not URL-encoded PEM/);
      const [line, ...more] = warnings().slice(before);
      expect(more).to.deep.equal([]);
      expect(line).to.have.keys('level', 'message', 'correlationId', 'problem', 'adresse');
      expect(line!.adresse).to.equal('127.0.0.1');
      expect(line!.problem).to.match(/cannot be read/);
    });
  }

  it('refuses a header that is there twice with 1012, also the same, or empty, or in other letters', async () => {
    const value = escaped(client);
    for (const headers of [
      ['x-client-cert', value, 'x-client-cert', value],
      ['x-client-cert', value, 'X-Client-Cert', ''],
      ['x-client-cert', '', 'x-client-cert', value],
    ]) {
      const before = warnings().length;
      const refused = await call(headers);
      expect(refused.errorCode).to.equal(1012);
      expect(refused.message).to.match(/header with the certificate is there twice/);
      expect(warnings()).to.have.length(before + 1);
    }
  });

  it('refuses a header from an address that is not listed with 1012, and one without with 1101', async () => {
    const elsewhere = await start({ PENSION_PROXY_FROM: '192.0.2.0/24,::1' });
    const refused = await call(['x-client-cert', escaped(client)], elsewhere);
    expect(refused.errorCode).to.equal(1012);
    expect(refused.message).to.match(/address that may not do so/);
    expect(warnings(elsewhere)).to.have.length(1);
    expect((await call([], elsewhere)).errorCode).to.equal(1101);
    await elsewhere.stop();
  });

  it('takes it from an address in a range, also as IPv4 inside IPv6', async () => {
    for (const env of [
      { PENSION_PROXY_FROM: '127.0.0.0/8' },
      { PENSION_PROXY_FROM: '::ffff:127.0.0.1', PENSION_HOST: '::' },
      { PENSION_PROXY_FROM: '127.0.0.1', PENSION_HOST: '::' },
    ]) {
      const listening = await start(env);
      const url = listening.url.replace('[::]', '127.0.0.1');
      expect(await call(['x-client-cert', escaped(client)], { ...listening, url })).to.include({
        status: 200,
      });
      await listening.stop();
    }
  });

  it('takes it from another header where the setting says so, and from no other then', async () => {
    const other = await start({ PENSION_PROXY_HEADER: 'X-SSL-Cert' });
    expect(await call(['x-ssl-cert', escaped(client)], other)).to.include({ status: 200 });
    expect((await call(['x-client-cert', escaped(client)], other)).errorCode).to.equal(1101);
    await other.stop();
  });

  it('follows a reload with the header it has seen before', async () => {
    const reloaded = await start({});
    const headers = ['x-client-cert', escaped(client)];
    expect(await call(headers, reloaded)).to.include({ status: 200 });
    reloaded.write({ lists: [await revocationList(root, { revoked: [client] })] });
    reloaded.reload();
    expect((await call(headers, reloaded)).message).to.match(/revoked/);
    await reloaded.stop();
  });

  it('lets nobody in by the header with TLS off: there the headers of the message count', async () => {
    const off = await start({ PENSION_TLS: 'off' });
    const value = escaped(expired);
    expect(await call(['x-client-cert', value, 'x-client-cert', value], off)).to.include({ status: 200 });
    await off.stop();
  });
});

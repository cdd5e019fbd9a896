// `pension serve` takes new certificates, authorities, revocation lists and reference data while it runs: on SIGHUP,
// and by itself when a file changes. What is bad is refused, and what was read before stays in force.

import { createHash } from 'node:crypto';
import { cpSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import path from 'node:path';
import tls from 'node:tls';
import { expect } from 'chai';
import { createAuthority } from '../../src/cli/world/authority.ts';
import { PENSION_SERVICE } from '../../src/contract/names.ts';
import { readFault } from '../support/answers.ts';
import { pension, type RunningCli, startServe, worldEnv } from '../support/cli.ts';
import { getEnvelope, UDK } from '../support/envelopes.ts';
import { demoWorld } from '../support/service.ts';
import { tempDir } from '../support/temp.ts';

type Serve = RunningCli & { readonly url: string };

const DAY = 86_400_000;
const VALIDITY = { notBefore: new Date(Date.now() - DAY), notAfter: new Date(Date.now() + DAY) };

describe('pension serve reloads', () => {
  let dir: string;
  let env: Record<string, string>;
  let serve: Serve;
  let agent: https.Agent;
  const at = (name: string): string => path.join(dir, name);

  /** A copy of the demo world, for its files are changed. */
  beforeEach(async () => {
    const world = await demoWorld();
    dir = tempDir();
    cpSync(world, dir, { recursive: true });
    env = Object.fromEntries(
      Object.entries(worldEnv(world)).map(([name, value]) => [
        name,
        value.replace(`${world}${path.sep}`, `${dir}${path.sep}`),
      ]),
    );
    agent = new https.Agent({
      keepAlive: true,
      maxSockets: 1,
      ca: readFileSync(at('ca.pem')),
      cert: readFileSync(at('udk.pem')),
      key: readFileSync(at('udk.key')),
    });
  });
  afterEach(async () => {
    agent.destroy();
    serve.signal('SIGTERM');
    await serve.result;
  });
  const start = async (more: Record<string, string> = {}): Promise<void> => {
    serve = await startServe({ ...env, ...more });
  };

  /** A call on the connection that is kept: its port, and what it was refused for. */
  const call = (): Promise<{ port: number; errorCode: number | undefined; message: string }> =>
    new Promise((resolve, reject) => {
      const headers = { 'Content-Type': 'text/xml; charset=utf-8' };
      const request = https.request(
        serve.url + PENSION_SERVICE.path,
        { method: 'POST', agent, headers },
        async (response) => {
          const port = response.socket.localPort!;
          const fault = readFault(Buffer.concat(await response.toArray()).toString('utf8'));
          resolve({ port, errorCode: fault?.errorCode, message: fault?.message ?? '' });
        },
      );
      request.on('error', reject);
      request.end(getEnvelope('2902610001', UDK));
    });
  /** The serial number of the certificate that the service shows to a new connection. */
  const shown = (): Promise<string> =>
    new Promise((resolve, reject) => {
      const { hostname, port } = new URL(serve.url);
      const socket = tls.connect({ host: hostname, port: Number(port), rejectUnauthorized: false }, () => {
        resolve(socket.getPeerCertificate().serialNumber);
        socket.destroy();
      });
      socket.on('error', reject);
    });
  const reloaded = (...variables: string[]): Promise<unknown> =>
    serve.sees(
      'stderr',
      new RegExp(`"message":"reloaded","changed":${escapeRegExp(JSON.stringify(variables))}`),
    );
  const refused = (says: RegExp): Promise<unknown> =>
    serve.sees('stderr', new RegExp(`"level":"error","message":"not reloaded[^\\n]*${says.source}`));
  /** Puts a file in place of another as a careful program does. */
  const replace = (name: string, text: string): void => {
    writeFileSync(at(`${name}.new`), text);
    renameSync(at(`${name}.new`), at(name));
  };
  const withoutUdk = (): string => {
    const data = JSON.parse(readFileSync(at('organisationer.json'), 'utf8'));
    data.systems = data.systems.filter(({ name }: { name: string }) => name !== 'udk');
    return JSON.stringify(data);
  };
  const newServerCertificate = async () => {
    const subject = { organisation: 'x', cvr: '99990001', uuid: 'x', commonName: 'x' };
    return (await createAuthority(subject, VALIDITY)).issue(subject, VALIDITY, 'server');
  };

  for (const [how, tell] of [
    ['on SIGHUP', () => serve.signal('SIGHUP')],
    ['when the file changes', () => undefined],
  ] as const) {
    it(`reference data, ${how}, for the very next call on a kept connection`, async () => {
      await start();
      const { port, errorCode } = await call();
      expect(errorCode).to.equal(undefined);
      replace('organisationer.json', withoutUdk());
      tell();
      await reloaded('PENSION_ORGANISATIONER');
      expect(await call()).to.include({ port, errorCode: 1012 });
    });

    it(`its certificate and key, ${how}, for connections to come, and keeps those there are`, async () => {
      await start();
      const [{ port }, before] = [await call(), await shown()];
      const { certificate, key } = await newServerCertificate();
      writeFileSync(at('server.pem'), certificate);
      writeFileSync(at('server.key'), key);
      tell();
      await serve.sees('stderr', /"message":"reloaded","changed":\[[^\]]*"PENSION_TLS_KEY"/);
      expect(await shown()).not.to.equal(before);
      expect(await call()).to.include({ port, errorCode: undefined });
    });
  }

  it('the authorities and the revocation list', async () => {
    await start();
    const { port } = await call();
    const other = await createAuthority(
      { organisation: 'x', cvr: '99990002', uuid: 'x', commonName: 'x' },
      VALIDITY,
    );
    replace('crl.pem', await other.revoke([], VALIDITY));
    replace('ca.pem', other.certificate);
    await reloaded('PENSION_TLS_CA', 'PENSION_TLS_CRL');
    const after = await call();
    expect(after).to.include({ port, errorCode: 1012 });
    expect(after.message).to.match(/not trusted here/);
  });

  it('and leaves an entry in the audit trail with the SHA-256 of what changed', async () => {
    await start();
    replace('organisationer.json', withoutUdk());
    await reloaded('PENSION_ORGANISATIONER');
    serve.signal('SIGTERM');
    await serve.result;
    const list = ['audit', 'list', '--operation', 'GenindlaesFiler', '--json'];
    const entries = JSON.parse((await pension(list, { env })).stdout);
    expect(entries).to.have.length(1);
    const sha256 = createHash('sha256')
      .update(readFileSync(at('organisationer.json')))
      .digest('hex');
    expect(JSON.parse(entries[0].detaljer)).to.deep.equal({ PENSION_ORGANISATIONER: sha256 });
  });

  it('a link that is made to lead elsewhere', async () => {
    symlinkSync(at('organisationer.json'), at('link.json'));
    await start({ PENSION_ORGANISATIONER: at('link.json') });
    writeFileSync(at('next.json'), withoutUdk());
    symlinkSync(at('next.json'), at('link.new'));
    renameSync(at('link.new'), at('link.json'));
    await reloaded('PENSION_ORGANISATIONER');
    expect((await call()).errorCode).to.equal(1012);
  });

  it('nothing, and says so, when it is told to and nothing has changed', async () => {
    await start();
    serve.signal('SIGHUP');
    await reloaded();
  });

  it('reference data with TLS off too', async () => {
    await start({ PENSION_TLS: 'off' });
    replace('organisationer.json', withoutUdk());
    serve.signal('SIGHUP');
    await reloaded('PENSION_ORGANISATIONER');
  });

  describe('not', () => {
    const bad: readonly (readonly [string, string, string, RegExp])[] = [
      [
        'reference data that are not JSON',
        'organisationer.json',
        '{',
        /PENSION_ORGANISATIONER: .*not valid JSON/,
      ],
      ['authorities that are no PEM', 'ca.pem', 'text', /PENSION_TLS_CA: .*no certificate in PEM form/],
      [
        'a revocation list that is no PEM',
        'crl.pem',
        'text',
        /PENSION_TLS_CRL: .*no revocation list in PEM form/,
      ],
      ['an empty key', 'server.key', '', /PENSION_TLS_KEY: .*no private key/],
    ];
    for (const [what, name, text, says] of bad) {
      it(`${what}: the old stay in force, until good ones come`, async () => {
        await start();
        const good = readFileSync(at(name), 'utf8');
        const { port } = await call();
        replace(name, text);
        serve.signal('SIGHUP');
        await refused(says);
        expect(await call()).to.include({ port, errorCode: undefined });
        replace(name, good);
        replace('organisationer.json', withoutUdk());
        await reloaded('PENSION_ORGANISATIONER');
        expect((await call()).errorCode).to.equal(1012);
      });
    }

    it('a file that is gone', async () => {
      await start();
      rmSync(at('crl.pem'));
      await refused(/PENSION_TLS_CRL: the file \S+ cannot be read/);
      expect((await call()).errorCode).to.equal(undefined);
    });

    it('a new certificate with the old key, until the new key is there', async () => {
      await start();
      const before = await shown();
      const { certificate, key } = await newServerCertificate();
      replace('server.pem', certificate);
      await refused(/PENSION_TLS_CERT, PENSION_TLS_KEY: .*do not belong together/);
      expect(await shown()).to.equal(before);
      expect((await call()).errorCode).to.equal(undefined);
      replace('server.key', key);
      await reloaded('PENSION_TLS_CERT', 'PENSION_TLS_KEY');
      expect(await shown()).not.to.equal(before);
    });

    it('anything of a file into the log', async () => {
      await start();
      replace('server.key', `${readFileSync(at('server.key'), 'utf8').slice(0, 80)}\n`);
      await refused(/PENSION_TLS_KEY/);
      serve.signal('SIGTERM');
      const { stderr } = await serve.result;
      expect(stderr).not.to.contain(readFileSync(at('server.key'), 'utf8').split('\n')[1]);
    });
  });
});

const escapeRegExp = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

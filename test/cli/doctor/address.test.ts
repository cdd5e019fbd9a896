// `pension doctor` on the address: free, ours, another's, and what the WSDL names.

import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { expect } from 'chai';
import { startTestService } from '../../support/service.ts';
import { expectHealthy, expectOnly, newPatient, type Patient, saysOf } from './patient.ts';

async function listening<T extends Server>(server: T): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return String((server.address() as AddressInfo).port);
}

describe('pension doctor: address', () => {
  let patient: Patient;
  before(async () => {
    patient = await newPatient();
  });

  it('says that it is free', async () => {
    const server = createServer();
    const port = await listening(server);
    await new Promise((resolve) => server.close(resolve));
    const found = await patient.findings({ PENSION_PORT: port });
    expectHealthy(found);
    expect(saysOf(found, 'address')).to.equal(`127.0.0.1 port ${port} is free`);
    expect(saysOf(await patient.findings({ PENSION_PORT: '0' }), 'address')).to.match(/^any free port/);
  });

  it('knows this service, and leaves no entry in its trail', async () => {
    const service = await startTestService();
    const { port } = new URL(service.url);
    const findings = () => patient.findings({ PENSION_PORT: port });
    const found = await findings();
    expectHealthy(found);
    expect(saysOf(found, 'address')).to.equal(`this service answers at 127.0.0.1 port ${port}`);
    const off = await patient.findings({ PENSION_PORT: port, PENSION_TLS: 'off' });
    expectOnly(off, 'address', /does not answer as this service does under these settings/, /Stop the other/);
    const broken = await patient.findings({ PENSION_PORT: port, PENSION_TLS: 'x' });
    expect(saysOf(broken, 'address'), 'whatever its mode').to.match(/^this service answers/);
    await service.stop();
    expect(saysOf(await findings(), 'address')).to.match(/is free$/);
  });

  it('knows this service without TLS too', async () => {
    const service = await startTestService({ PENSION_TLS: 'off' });
    const found = await patient.findings({ PENSION_PORT: new URL(service.url).port, PENSION_TLS: 'off' });
    expect(saysOf(found, 'address')).to.match(/^this service answers/);
    await service.stop();
  });

  const others: readonly [string, () => Server][] = [
    ['never answers', () => createServer(() => undefined)],
    ['hangs up', () => createServer((socket) => socket.destroy())],
    ['says something else', () => createHttpServer((_, response) => response.end('hello'))],
    [
      'talks without end',
      () =>
        createHttpServer((_, response) => {
          const timer = setInterval(() => response.write('x'.repeat(1000)), 20);
          response.on('close', () => clearInterval(timer));
        }),
    ],
  ];
  for (const [name, make] of others) {
    it(`fails when another program holds it, which ${name}, until that is gone`, async () => {
      const server = make();
      const sockets = new Set<{ destroy(): void }>();
      server.on('connection', (socket) => sockets.add(socket));
      const port = await listening(server);
      for (const PENSION_TLS of ['on', 'off']) {
        const started = performance.now();
        const found = await patient.findings({ PENSION_PORT: port, PENSION_TLS });
        expectOnly(
          found,
          'address',
          new RegExp(`PENSION_PORT: 127\\.0\\.0\\.1 port ${port}`),
          /another port/,
        );
        expect(performance.now() - started).to.be.below(1_800);
      }
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      expectHealthy(await patient.findings({ PENSION_PORT: port }));
    });
  }

  it('fails an address that is not of this machine', async () => {
    const found = await patient.findings({
      PENSION_HOST: '192.0.2.1',
      PENSION_PUBLIC_URL: 'https://localhost',
    });
    expectOnly(found, 'address', /192\.0\.2\.1 is not an address of this machine/, /0\.0\.0\.0/);
  });

  it('fails when the WSDL would name an address that nobody can use, until a public one is set', async () => {
    expectOnly(
      await patient.findings({ PENSION_HOST: '0.0.0.0' }),
      'address',
      /names 0\.0\.0\.0/,
      /PUBLIC_URL/,
    );
    const http = { PENSION_HOST: '0.0.0.0', PENSION_PUBLIC_URL: 'http://localhost:8443' };
    expectOnly(await patient.findings(http), 'address', /speaks HTTPS/, /begin with https/);
    expectHealthy(await patient.findings({ ...http, PENSION_PUBLIC_URL: 'https://localhost:8443' }));
  });
});

// Clients that stall, vanish, or try to be someone else in the middle of a connection: they get their answer at once
// or are let go, and nobody else notices.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import tls from 'node:tls';
import { expect } from 'chai';
import { clientIdentity, makeWorld } from '../../src/cli/world/world.ts';
import { LIMITS } from '../../src/contract/limits.ts';
import { PENSION_SERVICE } from '../../src/contract/names.ts';
import { getEnvelope } from '../support/envelopes.ts';
import { send } from '../support/raw-client.ts';
import { startTestService, type TestService } from '../support/service.ts';
import { tempDir } from '../support/temp.ts';

const BORGER = '2902610009';
const envelope = getEnvelope(BORGER);

const head = (headers: Readonly<Record<string, string>>, path: string = PENSION_SERVICE.path): string =>
  `POST ${path} HTTP/1.1\r\nHost: localhost\r\n${Object.entries({ 'Content-Type': 'text/xml', ...headers })
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')}\r\n`;
const whole = head({ 'Content-Length': String(Buffer.byteLength(envelope)) }) + envelope;

function connect(
  service: TestService,
  caller: string,
  options: tls.ConnectionOptions = {},
): Promise<tls.TLSSocket> {
  const { cert, key, ca } = clientIdentity(service.world, caller === 'none' ? 'udk' : caller);
  const own = caller === 'none' ? {} : { cert: readFileSync(cert), key: readFileSync(key) };
  const { hostname: host, port } = new URL(service.url);
  return new Promise((resolve, reject) => {
    const socket = tls.connect({ host, port: Number(port), ca: readFileSync(ca), ...own, ...options }, () =>
      resolve(socket),
    );
    socket.once('error', reject);
  });
}

/** What the other side says until it closes, or for `time` milliseconds. */
function heard(socket: tls.TLSSocket, time: number): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const done = (): void => resolve(text);
    socket.on('data', (chunk) => {
      text += chunk.toString('utf8');
    });
    socket.on('error', done);
    socket.on('close', done);
    setTimeout(done, time).unref();
  });
}

describe('rough clients', () => {
  let service: TestService;
  before(async () => {
    service = await startTestService();
  });
  after(() => service.stop());

  const stalled: readonly [string, string, string][] = [
    ['an unknown path', head({ 'Content-Length': '100' }, '/nowhere'), '404'],
    ['a wrong content type', head({ 'Content-Length': '100', 'Content-Type': 'text/plain' }), '415'],
    ['a transfer encoding of gzip', head({ 'Transfer-Encoding': 'gzip, chunked' }), '415'],
    ['too much, announced', head({ 'Content-Length': '99999999' }), '413'],
  ];
  for (const [what, request, status] of stalled) {
    it(`${what} is answered ${status} at once, though the body never comes`, async () => {
      const socket = await connect(service, 'udk');
      const answer = heard(socket, 600);
      socket.write(`${request}abc`);
      expect(await answer).to.match(new RegExp(`^HTTP/1.1 ${status} `));
      socket.destroy();
    });
  }

  it('a chunked body of three times the limit is answered 413 at once', async () => {
    const began = performance.now();
    const answer = await send(service, {
      headers: { 'Transfer-Encoding': 'chunked' },
      body: 'a'.repeat(3 * LIMITS.maxBody),
    }).catch((error: NodeJS.ErrnoException) => ({ status: error.code }));
    expect(answer.status).to.be.oneOf([413, 'EPIPE', 'ECONNRESET']);
    expect(performance.now() - began).to.be.below(3_000);
  });

  it('the whole address as request target is understood', async () => {
    const socket = await connect(service, 'udk');
    const answer = heard(socket, 500);
    socket.write(whole.replace('POST /', 'POST https://localhost/'));
    expect(await answer).to.match(/^HTTP\/1.1 200 /);
    socket.destroy();
  });

  it('hundreds that vanish in the middle of a request leave room for all others', async () => {
    for (let batch = 0; batch < 11; batch += 1) {
      await Promise.all(
        Array.from({ length: 50 }, async (_, n) => {
          const socket = await connect(service, n % 2 === 0 ? 'none' : 'udk');
          socket.on('error', () => undefined);
          socket.write(
            `${head({ 'Content-Length': '1000' }, n % 3 === 0 ? '/nowhere' : PENSION_SERVICE.path)}a`,
            () => socket.destroy(),
          );
        }),
      );
    }
    expect((await send(service, { body: envelope })).status).to.equal(200);
  });

  it('calls that are sent but whose answers nobody waits for leave room for all others', async () => {
    for (let n = 0; n < 20; n += 1) {
      const socket = await connect(service, 'udk');
      socket.on('error', () => undefined);
      socket.write(whole.repeat(30), () => socket.destroy());
    }
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect((await send(service, { body: envelope })).status).to.equal(200);
  });

  it('a second handshake on a connection is refused: it could change who calls', async () => {
    const socket = await connect(service, 'akasse-11', { maxVersion: 'TLSv1.2' });
    socket.on('error', () => undefined);
    const outcome = await new Promise<string>((resolve) => {
      socket.on('close', () => resolve('closed'));
      socket.on('error', () => resolve('error'));
      socket.renegotiate({ rejectUnauthorized: false }, (error) =>
        resolve(error ? 'refused' : 'renegotiated'),
      );
    });
    expect(outcome).to.not.equal('renegotiated');
    socket.destroy();
  });

  it('a certificate of an authority that only shares the name of ours is refused with 1012, readably', async () => {
    const other = path.join(tempDir(), 'world');
    await makeWorld(other, { now: new Date() });
    const { cert, key } = clientIdentity(other, 'udk');
    for (const maxVersion of ['TLSv1.3', 'TLSv1.2'] as const) {
      const socket = await connect(service, 'udk', {
        cert: readFileSync(cert),
        key: readFileSync(key),
        maxVersion,
      });
      const answer = heard(socket, 1_500);
      socket.write(whole);
      const text = await answer;
      expect(text, maxVersion).to.match(/^HTTP\/1.1 500 /);
      expect(text, maxVersion).to.include('<ErrorCode>1012</ErrorCode>');
      socket.destroy();
    }
  });

  it('what HTTP cannot read is answered 400, and every such answer is logged', async () => {
    const socket = await connect(service, 'udk');
    const answer = heard(socket, 1_500);
    socket.write('this is not HTTP\r\n\r\n');
    expect(await answer).to.match(/^HTTP\/1.1 400 /);
    expect(service.logLines.some((line) => line.includes('"status":400'))).to.equal(true);
  });

  it('junk behind calls does not take their answers away', async () => {
    const socket = await connect(service, 'udk');
    const answer = heard(socket, 1_500);
    socket.write(`${whole.repeat(3)}\0junk\r\n\r\n`);
    const statuses = [...(await answer).matchAll(/HTTP\/1.1 (\d+) /g)].map((match) => match[1]);
    expect(statuses).to.deep.equal(['200', '200', '200', '400']);
  });

  it('what comes behind the last answer of a connection is not carried out', async () => {
    const before = service.logLines.filter((line) => line.includes('GetTidligPension')).length;
    const socket = await connect(service, 'udk');
    const answer = heard(socket, 1_000);
    socket.write(`${head({ 'Content-Length': '5' }, '/nowhere')}ab`);
    await new Promise((resolve) => setTimeout(resolve, 100));
    socket.write(`cde${whole}`);
    expect([...(await answer).matchAll(/HTTP\/1.1 (\d+) /g)].map((match) => match[1])).to.deep.equal(['404']);
    expect(service.logLines.filter((line) => line.includes('GetTidligPension'))).to.have.length(before);
  });

  it('Expect of anything but 100-continue is answered 417', async () => {
    const socket = await connect(service, 'udk');
    const answer = heard(socket, 1_000);
    socket.write(head({ Expect: 'a-miracle', 'Content-Length': '3' }));
    expect(await answer).to.match(/^HTTP\/1.1 417 /);
  });

  it('a stop answers every request that was sent, as the last of its connection', async () => {
    const stopping = await startTestService();
    const sockets = await Promise.all(Array.from({ length: 8 }, () => connect(stopping, 'udk')));
    const answers = sockets.map((socket) => heard(socket, 5_000));
    const stopped = stopping.stop();
    for (const socket of sockets) socket.write(whole);
    for (const answer of await Promise.all(answers)) {
      expect(answer).to.match(/^HTTP\/1.1 200 /);
      expect(answer.toLowerCase()).to.include('connection: close');
    }
    await stopped;
  });
});

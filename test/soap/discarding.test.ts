// What a client goes on to send after its request has been refused is taken for a while, so that it can read the answer;
// and only for a while, and only so much.

import { connect, type Socket } from 'node:net';
import { expect } from 'chai';
import { LIMITS } from '../../src/contract/limits.ts';
import { startTestService, type TestService } from '../support/service.ts';

/** Milliseconds that a machine with much to do may take longer. */
const SLACK = 2_500;

describe('a request that is refused before its body is read', () => {
  let service: TestService;
  before(async () => {
    service = await startTestService({ PENSION_TLS: 'off' });
  });
  after(() => service.stop());

  const head = (headers: Readonly<Record<string, string | number>>): string =>
    `POST /nowhere HTTP/1.1\r\nHost: x\r\n${Object.entries(headers)
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join('')}\r\n`;

  /** Sends the head; gives what was answered, how the connection ended, and after how long. */
  const refused = (
    headers: Readonly<Record<string, string | number>>,
    goOn: (socket: Socket) => void = () => undefined,
  ): Promise<{ said: string; end: 'closed' | 'reset'; after: number }> =>
    new Promise((resolve) => {
      const { hostname, port } = new URL(service.url);
      const socket = connect(Number(port), hostname);
      let said = '';
      let end: 'closed' | 'reset' = 'closed';
      let began = 0;
      socket.once('connect', () => {
        began = performance.now();
        socket.write(head(headers));
        goOn(socket);
      });
      socket.on('data', (chunk) => {
        said += chunk.toString('latin1');
      });
      socket.on('error', () => {
        end = 'reset';
      });
      socket.on('close', () => resolve({ said, end, after: performance.now() - began }));
    });

  it(`is closed ${LIMITS.discardTimeout} ms later, when the body does not come`, async () => {
    const { said, after } = await refused({ 'Content-Length': 100 });
    expect(said).to.match(/^HTTP\/1\.1 404 /);
    expect(after).to.be.within(LIMITS.discardTimeout * 0.9, LIMITS.discardTimeout + SLACK);
  });

  it(`is closed ${LIMITS.waitingDiscardTimeout} ms later, when the client waits to be told to go on`, async () => {
    const { said, after } = await refused({ 'Content-Length': 100, Expect: '100-continue' });
    expect(said).to.match(/^HTTP\/1\.1 404 /);
    expect(after).to.be.within(LIMITS.waitingDiscardTimeout * 0.9, LIMITS.waitingDiscardTimeout + SLACK);
  });

  it(`may bring ${LIMITS.maxDiscarded} bytes, and the answer is read all the same; more is not taken`, async () => {
    const bring = (bytes: number) =>
      refused({ 'Content-Length': bytes }, (socket) => socket.write(Buffer.alloc(bytes)));
    const all = await bring(LIMITS.maxDiscarded);
    expect(all).to.include({ end: 'closed' });
    expect(all.said).to.match(/^HTTP\/1\.1 404 /);
    const { end, after } = await bring(20 * LIMITS.maxDiscarded);
    expect(end, 'the connection is cut with the rest on its way').to.equal('reset');
    expect(after).to.be.below(LIMITS.discardTimeout + SLACK);
  });
});

// What HTTP itself answers, before a message is looked at: paths, methods, content types, sizes, connections.

import { readFileSync } from 'node:fs';
import tls from 'node:tls';
import { expect } from 'chai';
import { clientIdentity } from '../../src/cli/world/world.ts';
import { LIMITS } from '../../src/contract/limits.ts';
import { PENSION_SERVICE, SERVICES, WSRM_MESSAGE_SERVICE, WSRM_SERVICE } from '../../src/contract/names.ts';
import { readFault } from '../support/answers.ts';
import {
  akasse,
  createEnvelope,
  fetchEnvelope,
  getEnvelope,
  type HeaderOrganisation,
} from '../support/envelopes.ts';
import { send } from '../support/raw-client.ts';
import { startTestService, type TestService } from '../support/service.ts';

const BORGER = '2902610001';
const envelope = getEnvelope(BORGER);

const asAkasse = (make: (organisation: HeaderOrganisation) => string) => ({
  caller: 'akasse-22',
  body: make(akasse('22')),
});
const UNKNOWN_SEQUENCE = '0aa7c1e5-91b4-4d36-b2c8-5e6f7a8b9c0d';
/** A call of each service by its path, and what it is answered: nothing waits, so there is no sequence to fetch. */
const CALLS: Readonly<Record<string, { readonly caller: string; readonly body: string }>> = {
  [PENSION_SERVICE.path]: { caller: 'udk', body: envelope },
  [WSRM_SERVICE.path]: asAkasse(createEnvelope),
  [WSRM_MESSAGE_SERVICE.path]: asAkasse((own) => fetchEnvelope(UNKNOWN_SEQUENCE, own)),
};
const ANSWERED: Readonly<Record<string, number>> = {
  [PENSION_SERVICE.path]: 200,
  [WSRM_SERVICE.path]: 200,
  [WSRM_MESSAGE_SERVICE.path]: 500,
};

describe('the HTTP edge', () => {
  let service: TestService;
  before(async () => {
    service = await startTestService({ PENSION_MAX_BODY: '20000' });
  });
  after(() => service.stop());

  const post = (headers: Record<string, string>, body: string | Uint8Array = envelope) =>
    send(service, { headers, body });

  it('answers a call, with length and correlation id', async () => {
    const answer = await post({});
    expect(answer.status).to.equal(200);
    expect(answer.headers['content-type']).to.equal('text/xml; charset=utf-8');
    expect(Number(answer.headers['content-length'])).to.equal(Buffer.byteLength(answer.body));
    expect(answer.headers['x-correlation-id']).to.match(/^[0-9a-f-]{36}$/);
  });

  it('matches the path of each service without regard to case', async () => {
    for (const { path } of SERVICES) {
      for (const written of [path, path.toUpperCase(), path.toLowerCase()]) {
        const { status } = await send(service, { path: written, ...CALLS[path]! });
        expect(status, written).to.equal(ANSWERED[path]);
      }
    }
  });

  it('answers each service by the same rules before a message is looked at', async () => {
    for (const { path } of SERVICES) {
      const at = (request: object) => send(service, { path, ...CALLS[path]!, ...request });
      expect((await at({ method: 'GET', body: undefined })).status, path).to.equal(405);
      expect((await at({ method: 'PUT' })).status, path).to.equal(405);
      expect((await at({ headers: { 'Content-Type': 'application/soap+xml' } })).status, path).to.equal(415);
      expect((await at({ headers: { 'Content-Encoding': 'gzip' } })).status, path).to.equal(415);
      expect((await at({ body: ' '.repeat(20_001) })).status, path).to.equal(413);
      expect(readFault((await at({ caller: 'none' })).body)?.errorCode, path).to.equal(1101);
    }
  });

  for (const path of [
    '/',
    '/PjaktassWCFTservice/1/',
    `${PENSION_SERVICE.path}/`,
    '/PjaktassWCFTservice/2/PensionService.svc',
    '/PjaktassWCFTservice/3/PensionService.svc',
    '/PjaktassWCFTservice/1/WsrmService.svc',
    '/PjaktassWCFTservice/10/WsrmService.svc',
    '/PjaktassWCFTservice/1/WsrmMessageService.svc',
    '/PjaktassWCFTservice/3/WsrmMessageService.svc',
  ]) {
    it(`answers 404 at ${path}`, async () => {
      expect((await send(service, { path, body: envelope })).status).to.equal(404);
    });
  }

  for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'GET', 'HEAD']) {
    it(`answers 405 to ${method}, saying what is allowed`, async () => {
      const answer = await send(service, { method });
      expect(answer.status).to.equal(405);
      expect(answer.headers.allow).to.equal('GET, HEAD, POST');
    });
  }

  const contentTypes: [string, number][] = [
    ['text/xml', 200],
    ['text/xml; charset=utf-8', 200],
    ['text/xml;charset="utf-8"', 200],
    ['TEXT/XML; Charset=UTF-8', 200],
    ['text/xml; charset="utf-8"; action="x"', 200],
    ['application/soap+xml; charset=utf-8', 415],
    ['application/xml', 415],
    ['text/xmlish', 415],
    ['multipart/related; type="text/xml"', 415],
    ['text/xml; charset=iso-8859-1', 415],
    ['text/xml; charset=utf-16', 415],
    ['text/xml; charset=', 415],
    ['text/plain', 415],
  ];
  for (const [contentType, status] of contentTypes) {
    it(`answers ${status} to Content-Type ${contentType}`, async () => {
      expect((await post({ 'Content-Type': contentType })).status).to.equal(status);
    });
  }

  for (const encoding of ['gzip', 'deflate', 'br', 'identity', 'x-whatever']) {
    it(`answers 415 to Content-Encoding ${encoding}`, async () => {
      expect((await post({ 'Content-Encoding': encoding })).status).to.equal(415);
    });
  }

  it('accepts a UTF-8 byte order mark', async () => {
    expect((await post({}, `\uFEFF${envelope}`)).status).to.equal(200);
  });

  it('takes a body of the greatest size and answers 413 to one byte more, announced or not', async () => {
    const fill = (size: number): string => envelope + ' '.repeat(size - Buffer.byteLength(envelope));
    expect((await post({}, fill(20_000))).status).to.equal(200);
    expect((await post({}, fill(20_001))).status).to.equal(413);
    expect((await post({ 'Transfer-Encoding': 'chunked' }, fill(20_001))).status).to.equal(413);
    expect((await post({ 'Transfer-Encoding': 'chunked' }, fill(20_000))).status).to.equal(200);
  });

  it('answers 431 to headers that are too large', async () => {
    const answer = await post({ 'X-Much': 'x'.repeat(LIMITS.maxHttpHeaders) });
    expect(answer.status).to.equal(431);
  });

  it('keeps the connection through answers and faults', async () => {
    const socket = await connect(service, 'udk');
    for (const body of [envelope, '<broken', envelope]) {
      const answer = await exchange(socket, rawPost(body));
      expect(answer).to.match(/^HTTP\/1\.1 (200|500) /);
    }
    socket.destroy();
  });

  it('tells a client that waits to go on, and takes its body', async () => {
    const socket = await connect(service, 'udk');
    const head = rawPost(envelope, 'Expect: 100-continue\r\n').split('\r\n\r\n')[0]!;
    // Twice, for WCF does so with every call on a connection that is kept.
    for (let call = 0; call < 2; call += 1) {
      expect(await exchange(socket, `${head}\r\n\r\n`)).to.match(/^HTTP\/1\.1 100 /);
      expect(await exchange(socket, envelope)).to.match(/^HTTP\/1\.1 200 /);
    }
    socket.destroy();
  });

  it('tells a client that waits, but sent no certificate, at once that it is refused', async () => {
    const socket = await connect(service, 'none');
    const head = rawPost(envelope, 'Expect: 100-continue\r\n').split('\r\n\r\n')[0]!;
    const answer = await exchange(socket, `${head}\r\n\r\n`);
    expect(answer).to.match(/^HTTP\/1\.1 500 /);
    expect(answer).to.include('1101');
    socket.destroy();
  });

  it('refuses TLS 1.1 and older', async () => {
    const { ca } = clientIdentity(service.world, 'udk');
    const refused = await new Promise<string>((resolve) => {
      const { hostname: host, port } = new URL(service.url);
      const socket = tls.connect({
        host,
        port: Number(port),
        ca: readFileSync(ca),
        minVersion: 'TLSv1',
        maxVersion: 'TLSv1.1',
        ciphers: 'DEFAULT@SECLEVEL=0',
      });
      socket.on('secureConnect', () => resolve('connected'));
      socket.on('error', (error: NodeJS.ErrnoException) => resolve(String(error.code)));
    });
    expect(refused).to.match(/^ERR_SSL_/);
  });
});

const rawPost = (body: string, headers = ''): string =>
  `POST ${PENSION_SERVICE.path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/xml\r\nContent-Length: ${Buffer.byteLength(body)}\r\n${headers}\r\n${body}`;

function connect(service: TestService, caller: string): Promise<tls.TLSSocket> {
  const identity = clientIdentity(service.world, caller === 'none' ? 'udk' : caller);
  const own = caller === 'none' ? {} : { cert: readFileSync(identity.cert), key: readFileSync(identity.key) };
  const { hostname: host, port } = new URL(service.url);
  return new Promise((resolve, reject) => {
    const socket = tls.connect({ host, port: Number(port), ca: readFileSync(identity.ca), ...own }, () =>
      resolve(socket),
    );
    socket.on('error', reject);
  });
}

/** Writes and gives the next that comes back; answers here fit in one record or follow at once. */
function exchange(socket: tls.TLSSocket, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = '';
    const timer = setTimeout(() => reject(new Error(`no whole answer, only: ${received}`)), 5_000);
    const take = (chunk: Buffer): void => {
      received += chunk.toString('utf8');
      const [head, body] = [
        received.split('\r\n\r\n')[0]!,
        received.split('\r\n\r\n').slice(1).join('\r\n\r\n'),
      ];
      const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
      if (!received.includes('\r\n\r\n') || Buffer.byteLength(body) < length) return;
      clearTimeout(timer);
      socket.off('data', take);
      resolve(received);
    };
    socket.on('data', take);
    socket.write(text);
  });
}

// Three processes behind nginx with the site of the repository: who calls is judged by the service as if nginx were not
// there, nobody can say who he is by a header, and nginx keeps nothing of a citizen.

import { readFileSync, watch } from 'node:fs';
import type { OutgoingHttpHeaders } from 'node:http';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import tls from 'node:tls';
import { expect } from 'chai';
import { PROBLEM } from '../../src/access/certificates/problems.ts';
import { type CertificateName, clientIdentity } from '../../src/cli/world/world.ts';
import { LIMITS } from '../../src/contract/limits.ts';
import { PENSION_SERVICE } from '../../src/contract/names.ts';
import { readFault, schemaErrors, textOf } from '../support/answers.ts';
import { getEnvelope, saveEnvelope } from '../support/envelopes.ts';
import { leaveOut } from '../support/left-out.ts';
import { newStore } from '../support/new-store.ts';
import { certificate, later } from '../support/pki.ts';
import { demoWorld } from '../support/service.ts';
import { ask, citizens, POST } from './load.ts';
import { nginxHere } from './nginx.ts';
import { ThreeProcesses } from './three-processes.ts';
import { authorityOf } from './world-authority.ts';

interface ClientPem {
  readonly cert?: string;
  readonly key?: string;
}

describe('behind nginx', function () {
  this.timeout(60_000);
  let three: ThreeProcesses;
  const borger = citizens();
  before(async function () {
    if (nginxHere === undefined) leaveOut(this, 'S4', 'there is no nginx; `make test-deploy` fetches it');
    three = await ThreeProcesses.start(await demoWorld(), await newStore());
  });
  after(() => three?.close());

  const tlsOf = (name: CertificateName): Required<ClientPem> & { ca: string } => {
    const { cert, key, ca } = clientIdentity(three.world, name);
    return { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8'), ca: readFileSync(ca, 'utf8') };
  };
  const noOne = (): { ca: string } => ({ ca: tlsOf('udk').ca });
  const call = async (who: ClientPem & { ca: string }, headers: OutgoingHttpHeaders = {}) => {
    const answer = await ask(
      three.nginx.url + PENSION_SERVICE.path,
      { ...POST, ...who, agent: false, headers: { ...POST.headers, ...headers } },
      getEnvelope(borger()),
    );
    const fault = readFault(answer.body);
    return { ...answer, errorCode: fault?.errorCode, message: fault?.message ?? '' };
  };

  it('a Save with the certificate of UDK is carried out, and says under which number the log has it', async () => {
    const Personnummer = borger();
    const Kompensationsudbetaling = { Kompensationsafgoerelsesdato: '2025-12-01' };
    const { status, headers, body } = await ask(
      three.nginx.url + PENSION_SERVICE.path,
      { ...POST, ...tlsOf('udk'), agent: false },
      saveEnvelope({ Personnummer, Kompensationsudbetaling }),
    );
    expect(status, body).to.equal(200);
    expect(schemaErrors(body)).to.deep.equal([]);
    expect(textOf(body, 'CreatedItemIdentifier')).to.match(/^[0-9a-f-]{36}$/);
    expect(headers['x-correlation-id']).to.match(/^[0-9a-f-]{36}$/);
  });

  describe('whatever is wrong with a certificate is told by the service, in a fault', () => {
    const rows: [string, () => Promise<ClientPem> | ClientPem, number, string][] = [
      ['none', () => ({}), 1101, 'No client certificate came'],
      ['mapped to no system', () => tlsOf('ukendt'), 1012, PROBLEM.noSystem],
      ['revoked', () => tlsOf('tilbagekaldt'), 1012, PROBLEM.revoked],
      ['expired', () => issued({ to: later(-1) }), 1012, PROBLEM.expired],
      ['not yet valid', () => issued({ from: later(1) }), 1012, PROBLEM.notYetValid],
      ['for servers', () => tlsOf('server'), 1012, PROBLEM.notForClientUse],
      ['self-signed', () => pemOf(certificate()), 1012, PROBLEM.selfSigned],
    ];
    const pemOf = async (party: ReturnType<typeof certificate>): Promise<ClientPem> => {
      const { pem, key } = await party;
      return { cert: pem, key };
    };
    const issued = async (options: Parameters<typeof certificate>[0]): Promise<ClientPem> =>
      pemOf(certificate({ issuer: await authorityOf(three.world), ...options }));

    for (const [name, who, code, says] of rows)
      it(`${name}: ${code}`, async () => {
        const { status, body, errorCode, message } = await call({ ...noOne(), ...(await who()) });
        expect(status, body).to.equal(500);
        expect(schemaErrors(body)).to.deep.equal([]);
        expect(errorCode).to.equal(code);
        expect(message).to.include(says);
      });
  });

  it('a certificate that a client writes into a header makes nobody of it', async () => {
    const stolen = encodeURIComponent(tlsOf('udk').cert);
    const expired = await certificate({ issuer: await authorityOf(three.world), to: later(-1) });
    for (const name of ['x-client-cert', 'X-Client-Cert', 'x_client_cert'])
      for (const value of [stolen, [stolen, stolen]]) {
        expect((await call(noOne(), { [name]: value })).errorCode, 'no certificate').to.equal(1101);
        expect((await call(tlsOf('ukendt'), { [name]: value })).errorCode, 'another').to.equal(1012);
        const late = { ...noOne(), cert: expired.pem, key: expired.key };
        expect((await call(late, { [name]: value })).message, 'one that nginx refuses').to.match(/expired/);
      }
    // And it takes nothing from the one who sends it.
    expect((await call(tlsOf('udk'), { 'x-client-cert': 'nonsense' })).status).to.equal(200);
  });

  for (const version of ['TLSv1.2', 'TLSv1.3'] as const)
    it(`a session is resumed with ${version}, and its certificate judged again`, async () => {
      const { port } = new URL(three.nginx.url);
      const options = {
        port: Number(port),
        host: '127.0.0.1',
        minVersion: version,
        maxVersion: version,
        ...tlsOf('ukendt'),
      };
      const first = await connected(options);
      expect(await callOn(first)).to.match(/<ErrorCode>1012</);
      const session = sessions.get(first);
      const second = await connected({ ...options, session });
      expect(second.isSessionReused()).to.equal(true);
      expect(await callOn(second)).to.match(/<ErrorCode>1012</);
    });

  it('TLS 1.1 is refused in the handshake', async () => {
    const { port } = new URL(three.nginx.url);
    const old = { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
    const error = await connected({ port: Number(port), host: '127.0.0.1', ...old, ...noOne() }).catch(
      (reason: unknown) => reason,
    );
    expect(String(error)).to.match(/alert protocol version|unsupported protocol/i);
  });

  it('how a process is can be asked on its own port and not from outside, however the path is written', async () => {
    expect((await fetch(`http://127.0.0.1:${three.port(0)}/health`)).status).to.equal(200);
    for (const written of ['/health', '/HEALTH', '/health?all', '//health', '/%68ealth', '/x/../health'])
      expect(
        (await ask(three.nginx.url + written, { ...noOne(), agent: false }, '')).status,
        written,
      ).to.equal(404);
  });

  it('a body that is too large is refused, announced or not, and one that is not comes through', async () => {
    const send = (body: string, headers: OutgoingHttpHeaders = {}) => {
      const options = {
        ...POST,
        ...tlsOf('udk'),
        agent: false,
        headers: { ...POST.headers, ...headers },
      } as const;
      return ask(three.nginx.url + PENSION_SERVICE.path, options, body);
    };
    const padded = (size: number): string => {
      const envelope = getEnvelope(borger());
      return envelope + ' '.repeat(size - Buffer.byteLength(envelope));
    };
    expect((await send(padded(LIMITS.maxBody))).status).to.equal(200);
    for (const headers of [{ 'Content-Length': LIMITS.maxBody + 1 }, { 'Transfer-Encoding': 'chunked' }]) {
      expect((await send(padded(LIMITS.maxBody + 1), headers)).status).to.equal(413);
    }
    // The answer comes though nobody reads all of it: much too large, and by nobody known.
    const enormous = 'x'.repeat(20 * LIMITS.maxBody);
    expect((await send(enormous)).status).to.equal(413);
    const { body } = await ask(
      three.nginx.url + PENSION_SERVICE.path,
      { ...POST, ...noOne(), agent: false },
      padded(LIMITS.maxBody),
    );
    expect(readFault(body)?.errorCode).to.equal(1101);
    const { status } = await send('', { 'X-Long': 'x'.repeat(15_000), 'X-Longer': 'x'.repeat(15_000) });
    expect(status).to.equal(431);
  });

  it('nothing of a citizen is in a log or a file of nginx', async () => {
    const Personnummer = borger();
    const options = { ...POST, ...tlsOf('udk'), agent: false };
    const url = `${three.nginx.url}${PENSION_SERVICE.path}?citizen=${Personnummer}`;
    const files: (string | null)[] = [];
    const watchers = ['client_body', 'proxy'].map((kind) =>
      watch(path.join(three.nginx.folder, 'temp', kind), (_, file) => files.push(file)),
    );
    await ask(url, options, getEnvelope(Personnummer) + ' '.repeat(900_000));
    const headers = { ...POST.headers, Referer: Personnummer, 'User-Agent': Personnummer };
    await ask(`${three.nginx.url}/${Personnummer}`, { ...options, headers }, '');
    await sleep(50);
    for (const watcher of watchers) watcher.close();
    expect(files, 'files that were there for a moment').to.deep.equal([]);
    const logged = three.nginx.log('access.log');
    expect(logged.trim().split('\n').length, 'calls are logged').to.be.at.least(2);
    expect(logged).to.match(/ 200 .*"127\.0\.0\.1:[0-9]+" "200" "[0-9.]+" "[0-9a-f-]{36}"\n/);
    for (const log of ['access.log', 'pension-error.log'] as const)
      expect(three.nginx.log(log).includes(Personnummer), log).to.equal(false);
  });
});

const sessions = new WeakMap<tls.TLSSocket, Buffer>();

const connected = (options: tls.ConnectionOptions): Promise<tls.TLSSocket> =>
  new Promise((resolve, reject) => {
    const socket = tls.connect(options, () => resolve(socket));
    socket.on('session', (session) => sessions.set(socket, session)).once('error', reject);
  });

/** Makes one call as the last of the connection. */
async function callOn(socket: tls.TLSSocket): Promise<string> {
  const body = getEnvelope('2902610000');
  socket.write(
    `POST ${PENSION_SERVICE.path} HTTP/1.1\r\nHost: pension\r\nContent-Type: text/xml\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
  return Buffer.concat(await socket.toArray()).toString('utf8');
}

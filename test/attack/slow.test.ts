// S3 of the promises: clients that are slow on purpose, very many at once, are cut off in time, and those who are not
// hardly notice.
//
// PENSION_TEST_SLOW says how many handshakes are left half done; half as many headers and bodies drip.

import { readdirSync, readFileSync } from 'node:fs';
import { connect as connectPlain, type Socket } from 'node:net';
import tls from 'node:tls';
import { expect } from 'chai';
import { clientIdentity } from '../../src/cli/world/world.ts';
import { LIMITS } from '../../src/contract/limits.ts';
import { PENSION_SERVICE } from '../../src/contract/names.ts';
import { type RunningCli, startServe, worldEnv } from '../support/cli.ts';
import { makeClients } from '../support/closed-loop.ts';
import { getEnvelope } from '../support/envelopes.ts';
import { leaveOut } from '../support/left-out.ts';
import { demoWorld } from '../support/service.ts';

const HANDSHAKES = Number(process.env.PENSION_TEST_SLOW ?? 60);
const EACH = Math.ceil(HANDSHAKES / 2);
/** Clients who are not slow, and for how many milliseconds they are measured before the others come. */
const NORMAL = 4;
const MEASURED_BEFORE = HANDSHAKES > 100 ? 5_000 : 2_000;
/** Milliseconds within which one that is to be cut off is, beyond its limit: Node looks each second. */
const SLACK = 4_000;

const envelope = getEnvelope('2902610009');

describe('slow clients', function () {
  this.timeout(120_000);
  let service: RunningCli & { readonly url: string };
  let world: string;
  /** What those get who are just quick enough, and just too slow. It takes its time, so it goes on beside the others. */
  let timed: Promise<[string[], string[]]>;
  before(async () => {
    world = await demoWorld();
    service = await startServe({ ...worldEnv(world), PENSION_LOG_LEVEL: 'warn' });
    timed = Promise.all([statusesAt(0.8), statusesAt(1.2)]);
  });
  after(async () => {
    service.signal('SIGTERM');
    await service.result;
  });

  const credentials = (name: string) => {
    const { cert, key, ca } = clientIdentity(world, name);
    return { cert: readFileSync(cert), key: readFileSync(key), ca: readFileSync(ca) };
  };
  const address = () => {
    const { hostname, port } = new URL(service.url);
    return { host: hostname, port: Number(port) };
  };
  const openFiles = (): number => readdirSync(`/proc/${service.pid}/fd`).length;

  /** Sends what a slow client of that kind sends, and then a byte a second; gives when it was let go, and how. */
  const beSlow = (begin: () => Promise<Socket>, drip: string): Promise<Cut> =>
    begin().then(
      (socket) =>
        new Promise((resolve) => {
          const began = performance.now();
          let said = '';
          const timer = setInterval(() => {
            if (socket.writable && drip !== '') socket.write(drip);
          }, 1_000);
          socket.on('data', (chunk) => {
            said += chunk.toString('latin1');
          });
          socket.on('error', () => undefined);
          socket.on('close', () => {
            clearInterval(timer);
            resolve({ after: performance.now() - began, said });
          });
        }),
    );

  const halfHandshake = (): Promise<Socket> =>
    new Promise((resolve, reject) => {
      const socket = connectPlain(address(), () => {
        socket.write(Buffer.from('1603010200010001', 'hex')); // a record of 512 bytes begins
        resolve(socket);
      });
      socket.once('error', reject);
    });
  const overTls = (caller: string | undefined, text: string): Promise<Socket> =>
    new Promise((resolve, reject) => {
      const { ca, ...own } = credentials(caller ?? 'udk');
      const socket = tls.connect({ ...address(), ca, ...(caller && own) }, () => {
        socket.write(text);
        resolve(socket);
      });
      socket.once('error', reject);
    });
  const head = `POST ${PENSION_SERVICE.path} HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\n`;

  /** The status that a whole request has when its parts come with that many milliseconds between. */
  const inParts = (handshakeAfter: number, parts: readonly string[], pause: number): Promise<string> =>
    new Promise((resolve) => {
      const socket = connectPlain(address());
      let said = '';
      const end = (): void => resolve(/^HTTP\/1\.1 ([0-9]+)/.exec(said)?.[1] ?? 'cut off');
      socket.on('error', end);
      socket.on('close', end); // one that is closed by then would never say anything to TLS
      setTimeout(() => {
        const { ca, cert, key } = credentials('udk');
        const secure = tls.connect({ socket, ca, cert, key }, async () => {
          for (const [nr, part] of parts.entries()) {
            if (nr > 0) await new Promise((go) => setTimeout(go, pause));
            if (secure.writable) secure.write(part);
          }
        });
        secure.on('error', end);
        secure.on('close', end);
        secure.on('data', (chunk) => {
          said += chunk.toString('latin1');
          secure.destroy();
        });
      }, handshakeAfter);
    });
  const restOfHead = `Content-Length: ${Buffer.byteLength(envelope)}\r\n\r\n`;

  const statusesAt = (how: number): Promise<string[]> => {
    const { handshakeTimeout, headersTimeout, requestTimeout } = LIMITS;
    return Promise.all([
      inParts(how * handshakeTimeout, [head + restOfHead + envelope], 0),
      inParts(0, [head, restOfHead + envelope], how * headersTimeout),
      inParts(0, [head + restOfHead, envelope], how * requestTimeout),
    ]);
  };

  it(`${HANDSHAKES} half handshakes, ${EACH} slow headers and ${EACH} slow bodies are cut off, and others served`, async function () {
    if (process.platform !== 'linux') return leaveOut(this, 'S3', 'open files are counted in /proc');
    const normal = makeClients(service.url, clientIdentity(world, 'udk'), {
      count: NORMAL,
      pause: 10,
      body: envelope,
    });
    await normal.run(500);
    const filesBefore = openFiles();
    const before = await normal.run(MEASURED_BEFORE);

    const measured = normal.start();
    const many = <T>(count: number, make: () => Promise<T>): Promise<T[]> =>
      Promise.all(Array.from({ length: count }, make));
    const [handshakes, headers, bodies] = await Promise.all([
      many(HANDSHAKES, () => beSlow(halfHandshake, 'x')),
      many(EACH, () => beSlow(() => overTls(undefined, head), 'x')),
      many(EACH, () => beSlow(() => overTls('udk', `${head}Content-Length: 500\r\n\r\n<`), 'x')),
    ]);
    const meanwhile = await measured.stop();
    normal.close();

    const limits = [
      ['handshakes', handshakes, LIMITS.handshakeTimeout, /^$/],
      ['headers', headers, LIMITS.headersTimeout, /^HTTP\/1\.1 408 /],
      ['bodies', bodies, LIMITS.requestTimeout, /^HTTP\/1\.1 408 /],
    ] as const;
    for (const [what, cuts, limit, answer] of limits) {
      const wrong = cuts.filter(
        ({ after, said }) => after > limit + SLACK || after < limit * 0.8 || !answer.test(said),
      );
      expect(wrong.slice(0, 3), `${what} that were not cut off in time, with their answer`).to.deep.equal([]);
    }
    expect(Object.keys(meanwhile.byStatus), 'what others were answered').to.deep.equal(['200']);
    const [was, is] = [before.byStatus[200]!, meanwhile.byStatus[200]!];
    const ratio = is.median / was.median;
    if (HANDSHAKES >= 1_000) expect(ratio, 'how many times slower others were').to.be.below(2);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(openFiles() - filesBefore, 'files that stayed open').to.be.below(NORMAL + 1);
    console.log(
      `      S3: ${HANDSHAKES} handshakes, ${EACH} headers, ${EACH} bodies cut off; normal calls ${is.count}, ` +
        `median ${was.median.toFixed(1)} → ${is.median.toFixed(1)} ms (${ratio.toFixed(2)} times), ` +
        `p99 ${was.p99.toFixed(1)} → ${is.p99.toFixed(1)} ms`,
    );
  });

  it('are let go when they keep a connection for nothing', async function () {
    if (HANDSHAKES < 1_000) this.skip(); // it takes more than a minute
    const ask = 'GET /health HTTP/1.1\r\nHost: x\r\n\r\n';
    // LIMITS.stallTimeout is not tried: what systems keep of a connection on its way holds more than answers do.
    const idle = beSlow(() => overTls('udk', ask), '');
    const { after, said } = await idle;
    expect(said).to.match(/^HTTP\/1\.1 200 /);
    expect(after).to.be.within(LIMITS.keepAliveTimeout - 1_000, LIMITS.keepAliveTimeout + SLACK);
  });

  it('are served as long as they are just quick enough, and no longer', async () => {
    const [quick, slow] = await timed;
    expect(quick, 'handshake, headers, body in time').to.deep.equal(['200', '200', '200']);
    // A handshake that is cut off may have sent something by then, which is no HTTP.
    expect(slow[0], 'a handshake that comes too late').to.be.oneOf(['cut off', '400']);
    expect(slow.slice(1), 'headers and body too late').to.deep.equal(['408', '408']);
  });
});

/** When a slow client was let go, in milliseconds, and what it was told. */
interface Cut {
  readonly after: number;
  readonly said: string;
}

// `pension serve`: what it prints, what it logs, and how it stops.

import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { clientIdentity } from '../../src/cli/world/world.ts';
import { LIMITS } from '../../src/contract/limits.ts';
import { PENSION_SERVICE } from '../../src/contract/names.ts';
import { pension, type RunningCli, startServe, worldEnv } from '../support/cli.ts';
import { demoWorld } from '../support/service.ts';
import { tempDir } from '../support/temp.ts';
import { withCvr } from '../support/world-facts.ts';

const REQUEST = new URL(
  '../../fixtures/examples/01-create-without-guid/1-udk-save.request.xml',
  import.meta.url,
);
/** The citizen in that request. */
const PERSONNUMMER = '2902610018';

const logOf = (stderr: string): Record<string, unknown>[] =>
  stderr
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('the limits of a stop', () => {
  it('end it within ten seconds, whatever is under way', () => {
    const { stopGrace, stopCatchUp, stopTimeout } = LIMITS;
    expect(stopGrace + stopCatchUp + stopTimeout).to.be.below(10_000);
  });
});

describe('pension serve', () => {
  let world: string;
  let body: Uint8Array;
  before(async () => {
    world = await demoWorld();
    body = withCvr(world, readFileSync(REQUEST));
  });

  /** A call whose body is not sent yet; the service has taken it. */
  async function callInFlight(url: string): Promise<() => Promise<{ status: number; answer: string }>> {
    const { cert, key, ca } = clientIdentity(world, 'udk');
    const headers = { 'Content-Type': 'text/xml; charset=utf-8', Expect: '100-continue' };
    const options = { method: 'POST', headers: { ...headers, 'Content-Length': body.length } };
    const tls = { cert: readFileSync(cert), key: readFileSync(key), ca: readFileSync(ca) };
    const to = url + PENSION_SERVICE.path;
    const call = url.startsWith('https:')
      ? https.request(to, { ...options, agent: new https.Agent({ ...tls, keepAlive: true }) })
      : http.request(to, options);
    call.on('error', () => undefined); // seen by whoever awaits the answer
    call.flushHeaders();
    await once(call, 'continue');
    return async () => {
      const answered = once(call, 'response') as Promise<[http.IncomingMessage]>;
      call.end(body);
      const [response] = await answered;
      return { status: response.statusCode!, answer: await text(response) };
    };
  }

  it('says on stdout where it listens, in one line, and nothing else', async () => {
    const serve = await startServe(worldEnv(world));
    expect(serve.url).to.match(/^https:\/\/127\.0\.0\.1:[1-9][0-9]*$/);
    const finish = await callInFlight(serve.url); // it does serve when the line has come
    expect((await finish()).status).to.equal(200);
    serve.signal('SIGTERM');
    const { code, stdout, stderr } = await serve.result;
    expect({ code, stdout }).to.deep.equal({ code: 0, stdout: `listening ${serve.url}\n` });
    expect(stderr, 'no personnummer in the log').not.to.contain(PERSONNUMMER);
    const log = logOf(stderr);
    for (const line of log) expect(line).to.include.keys('time', 'level', 'message');
    expect(log.map((line) => line.message)).to.deep.equal([
      'files read',
      'listening',
      'answered',
      'stopping',
      'audit trail sealed',
      'stopped',
    ]);
  });

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    it(`answers what is in flight, then ends with code 0, on ${signal}`, async () => {
      const env = worldEnv(world);
      const serve = await startServe(env);
      const finish = await callInFlight(serve.url);
      serve.signal(signal);
      await serve.sees('stderr', /"message":"stopping"/);
      const { status, answer } = await finish();
      const answered = performance.now();
      expect(status, answer).to.equal(200);
      expect((await serve.result).code).to.equal(0);
      expect(performance.now() - answered, 'kept-alive connections hold nothing up').to.be.below(3_000);
      const [, identifier] = /CreatedItemIdentifier>([^<]+)</.exec(answer)!;
      const again = await startServe(env);
      const { stdout } = await pension(['call', 'get', PERSONNUMMER, '--url', again.url, '--world', world]);
      expect(stdout, 'what was answered is kept').to.contain(identifier);
      again.signal('SIGTERM');
      await again.result;
    });
  }

  it('ends at once on a second signal', async () => {
    const serve = await startServe(worldEnv(world));
    await callInFlight(serve.url);
    serve.signal('SIGTERM');
    await serve.sees('stderr', /"message":"stopping"/);
    serve.signal('SIGTERM');
    expect((await serve.result).signal).to.equal('SIGTERM');
  });

  it('serves plain HTTP with PENSION_TLS=off, and warns loudly', async () => {
    const { PENSION_ORGANISATIONER, PENSION_STORE } = worldEnv(world);
    const env = { PENSION_ORGANISATIONER, PENSION_STORE, PENSION_PORT: '0', PENSION_TLS: 'off' };
    const serve = await startServe(env);
    expect(serve.url).to.match(/^http:\/\/127\.0\.0\.1:[1-9][0-9]*$/);
    expect((await (await callInFlight(serve.url))()).status).to.equal(200);
    serve.signal('SIGTERM');
    const { code, stderr } = await serve.result;
    expect(code).to.equal(0);
    const warnings = logOf(stderr).filter((line) => line.level === 'warn');
    expect(warnings.map((line) => line.message)).to.match(
      /TLS IS OFF: the caller is whoever the headers say/,
    );
  });

  it('says loudly that TLS is off, whatever the log level', async () => {
    const { PENSION_ORGANISATIONER, PENSION_STORE } = worldEnv(world);
    const env = { PENSION_ORGANISATIONER, PENSION_STORE, PENSION_PORT: '0', PENSION_TLS: 'off' };
    const serve = await startServe({ ...env, PENSION_LOG_LEVEL: 'error' });
    expect((await stop(serve)).stderr).to.match(
      /^TLS IS OFF: the caller is whoever the headers say[^{\n]*\n$/,
    );
  });

  it('makes its store where there is none, with the folder, for its owner only', async () => {
    const store = path.join(tempDir(), 'not', 'yet', 'pension.db');
    const serve = await startServe({ ...worldEnv(world), PENSION_STORE: `sqlite:${store}` });
    await stop(serve);
    expect(statSync(store).mode & 0o077).to.equal(0);
  });

  it('warns of a variable that looks like a setting and is none', async () => {
    const serve = await startServe({ ...worldEnv(world), PENSION_PROT: '1' });
    const [warning, ...others] = logOf((await stop(serve)).stderr).filter(({ level }) => level === 'warn');
    expect(warning!.message).to.match(/^PENSION_PROT is not a setting of this program/);
    expect(others).to.deep.equal([]);
  });

  it('logs no more than PENSION_LOG_LEVEL asks for', async () => {
    const serve = await startServe({ ...worldEnv(world), PENSION_LOG_LEVEL: 'error' });
    expect((await stop(serve)).stderr).to.equal('');
  });
});

async function stop(serve: RunningCli) {
  serve.signal('SIGTERM');
  return serve.result;
}

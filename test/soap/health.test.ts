// GET /health: anybody may ask how the service is, at any time, and nobody learns more from it than that.

import { rmSync } from 'node:fs';
import { connect } from 'node:net';
import { expect } from 'chai';
import { readFault } from '../support/answers.ts';
import { getEnvelope } from '../support/envelopes.ts';
import { fileOf } from '../support/new-store.ts';
import { send } from '../support/raw-client.ts';
import { startTestService } from '../support/service.ts';

const ask = { caller: 'none', method: 'GET', path: '/health', headers: {} } as const;

describe('how the service is', () => {
  it('is told to anybody, without a certificate', async () => {
    const service = await startTestService();
    const answer = await send(service, ask);
    expect(answer.status).to.equal(200);
    expect(answer.headers).to.include({ 'content-type': 'application/json', 'cache-control': 'no-store' });
    expect(JSON.parse(answer.body)).to.deep.equal({ status: 'ok' });
    expect((await send(service, { ...ask, path: '/HEALTH?verbose' })).status).to.equal(200);
    const head = await send(service, { ...ask, method: 'HEAD' });
    expect(head).to.include({ status: 200, body: '' });
    const post = await send(service, { ...ask, method: 'POST', body: 'x' });
    expect(post.status).to.equal(405);
    expect(post.headers.allow).to.equal('GET, HEAD');
    await service.stop();
  });

  it('is bad when the store fails: 503 with the cause, and since when', async () => {
    const service = await startTestService();
    rmSync(fileOf(service.store));
    const fault = readFault((await send(service, { body: getEnvelope('2902610009') })).body)!;
    expect(fault).to.include({ errorCode: 1011 });
    const answer = await send(service, ask);
    expect(answer.status).to.equal(503);
    expect(answer.headers['retry-after']).to.equal('5');
    const said = JSON.parse(answer.body) as { status: string; cause: string; since: string };
    expect(said.status).to.equal('failing');
    expect(said.cause).to.include('removed or replaced').and.not.include(fileOf(service.store));
    expect(Date.now() - Date.parse(said.since)).to.be.within(0, 10_000);
    expect(service.logLines.join('\n')).to.include('the store failed, answered 1011');
    await service.stop();
  });

  it('is "stopping" to a connection that is still answered while the service stops', async () => {
    const service = await startTestService({ PENSION_TLS: 'off' });
    const { hostname, port } = new URL(service.url);
    const socket = connect(Number(port), hostname);
    let said = '';
    socket.on('data', (chunk) => {
      said += chunk.toString('latin1');
    });
    socket.write('GET /health HTTP/1.1\r\nHost: x\r\n\r\n');
    while (!said.includes('"ok"')) await new Promise((resolve) => setTimeout(resolve, 5));
    const stopped = service.stop();
    socket.write('GET /health HTTP/1.1\r\nHost: x\r\n\r\n');
    await stopped;
    expect(said).to.include('503 Service Unavailable').and.to.include('{"status":"stopping"}');
  });
});

// The balancer of the experiments: who gets a connection, and that bytes, ends and resets are passed on both ways.

import { once } from 'node:events';
import net from 'node:net';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { Balancer } from './balancer.ts';

/** A backend that is told what to do with each connection. */
async function backend(take: (socket: net.Socket) => void): Promise<net.Server & { port: number }> {
  const server = net.createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => undefined);
    take(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return Object.assign(server, { port: (server.address() as net.AddressInfo).port });
}

const connect = (port: number): net.Socket =>
  net.connect({ port, host: '127.0.0.1', allowHalfOpen: true }).on('error', () => undefined);

describe('the balancer', () => {
  const open: { close(): unknown }[] = [];
  const start = async (takes: readonly ((socket: net.Socket) => void)[]) => {
    const servers = await Promise.all(takes.map(backend));
    const balancer = await Balancer.start(servers.map(({ port }) => port));
    open.push(...servers, { close: () => balancer.stop() });
    return { balancer, servers };
  };
  afterEach(async () => {
    for (const one of open.splice(0).reverse()) await one.close();
  });

  it('gives each connection to the next backend, and leaves out one that does not listen', async () => {
    const named = ['a', 'b', 'c'].map((name) => (socket: net.Socket) => void socket.end(name));
    const { balancer, servers } = await start(named);
    const ask = (): Promise<string> => text(connect(balancer.port).end());
    expect([await ask(), await ask(), await ask(), await ask()].join('')).to.equal('abca');
    await new Promise((resolve) => servers[1]!.close(resolve));
    expect([await ask(), await ask(), await ask()].join('')).to.equal('cac');
  });

  it('cuts a connection off when nobody takes it, and goes on when somebody does again', async () => {
    const { balancer, servers } = await start([(socket) => void socket.end('here')]);
    const { port } = servers[0]!;
    await new Promise((resolve) => servers[0]!.close(resolve));
    const [error] = (await once(net.connect(balancer.port, '127.0.0.1'), 'error')) as [NodeJS.ErrnoException];
    expect([error.code, balancer.refused]).to.deep.equal(['ECONNRESET', 1]);
    servers[0]!.listen(port, '127.0.0.1');
    await once(servers[0]!, 'listening');
    expect(await text(connect(balancer.port).end())).to.equal('here');
  });

  it('passes all bytes both ways, also behind an end of the other side', async () => {
    const much = Buffer.alloc(3_000_000, 'æ');
    const { balancer } = await start([
      // Answers when it has seen the end of what it is sent.
      (socket) => void text(socket).then((sent) => socket.end(`${sent.length} ${sent}`)),
    ]);
    const answer = await text(connect(balancer.port).end(much));
    expect(answer === `1500000 ${much.toString()}`).to.equal(true);
  });

  it('passes a reset on, from either side', async () => {
    const seen: Promise<unknown>[] = [];
    const { balancer } = await start([
      (socket) => void socket.once('data', () => socket.resetAndDestroy()),
      (socket) => void seen.push(once(socket.resume(), 'error')),
    ]);
    const cut = connect(balancer.port);
    cut.write('x');
    const [error] = (await new Promise((resolve) => cut.once('error', (one) => resolve([one])))) as [
      NodeJS.ErrnoException,
    ];
    expect(error.code).to.equal('ECONNRESET');
    const cutting = connect(balancer.port);
    await once(cutting, 'connect');
    while (seen.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    cutting.resetAndDestroy();
    const [other] = (await seen[0]) as [NodeJS.ErrnoException];
    expect(other.code).to.equal('ECONNRESET');
  });
});

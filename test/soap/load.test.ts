// What is under way is limited: one below each limit is taken on, one above is refused at once, with a word on when to
// come again, and to nobody else than it must be.

import { EventEmitter } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { expect } from 'chai';
import { LIMITS } from '../../src/contract/limits.ts';
import { PENSION_SERVICE } from '../../src/contract/names.ts';
import { Connections } from '../../src/soap/connections.ts';
import { Load } from '../../src/soap/load.ts';
import { limitSockets } from '../../src/soap/server.ts';
import { Turns } from '../../src/soap/turns.ts';
import { openConnection } from '../../src/store/sqlite/connection.ts';
import { getEnvelope } from '../support/envelopes.ts';
import { fileOf } from '../support/new-store.ts';
import { startTestService, type TestService } from '../support/service.ts';

const envelope = getEnvelope('2902610009');
const head = (length: number, path: string = PENSION_SERVICE.path): string =>
  `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\nContent-Length: ${length}\r\n\r\n`;
const call = head(Buffer.byteLength(envelope)) + envelope;

describe('the connections of a server', () => {
  const openOn = (): { open(owner?: string): Duplex; connections: Connections } => {
    const server = new EventEmitter();
    let next: string | undefined;
    const connections = new Connections(server as Server, 'connection', () => next);
    return {
      connections,
      open(owner) {
        next = owner;
        const socket: EventEmitter = Object.assign(new EventEmitter(), {
          destroy: () => socket.emit('close'),
        });
        server.emit('connection', socket);
        return socket as unknown as Duplex;
      },
    };
  };

  for (const [whose, most, owner] of [
    ['in all', LIMITS.maxConnections, undefined],
    ['of one certificate', LIMITS.maxConnectionsEach, 'a certificate'],
  ] as const) {
    it(`${whose}: ${most} are served, one more is too many, and not when one has gone`, () => {
      const { open, connections } = openOn();
      const served = Array.from({ length: most }, () => open(owner));
      expect(served.some((socket) => connections.isSurplus(socket))).to.equal(false);
      expect(connections.isSurplus(open(owner))).to.equal(true);
      if (owner) expect(connections.isSurplus(open('another')), 'of another').to.equal(false);
      served[0]!.emit('close');
      expect(connections.isSurplus(open(owner)), 'when one has gone').to.equal(false);
      expect(connections.isSurplus(open(owner))).to.equal(true);
    });
  }

  it('that one owner has too many of take no place of others, and are closed soon', async () => {
    const { open, connections } = openOn();
    for (let count = 0; count < LIMITS.maxConnections + 10; count += 1) open('greedy');
    expect(connections.isSurplus(open('another'))).to.equal(false);
    expect(connections.count).to.equal(LIMITS.maxConnections + 11);
    await new Promise((resolve) => setTimeout(resolve, LIMITS.surplusTimeout + 200));
    expect(connections.count).to.equal(LIMITS.maxConnectionsEach + 1);
  });

  it('are closed at once beyond the last limit, and the log says so', async () => {
    expect(LIMITS.maxSockets).to.be.above(LIMITS.maxConnections);
    const logged: unknown[] = [];
    const log = { warn: (_: string, fields: unknown) => logged.push(fields) };
    const server = createServer((_, response) => response.end());
    limitSockets(server, log as never, 2);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const open = (): Socket => connect(port, '127.0.0.1').on('error', () => undefined);
    const sockets = [open(), open()];
    await Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once('connect', resolve))));
    const surplus = open();
    await new Promise((resolve) => surplus.once('close', resolve));
    expect(sockets.some((socket) => socket.closed)).to.equal(false);
    expect(logged).to.deep.equal([{ dropped: 1, most: 2 }]);
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
});

describe('the load of a server', () => {
  const never = (): Promise<never> => new Promise<never>(() => undefined);
  const response = () => Object.assign(new EventEmitter(), { destroyed: false }) as unknown as ServerResponse;

  it(`takes on ${LIMITS.maxInFlightEach} calls of one system and not one more, and still some of another`, () => {
    const load = new Load();
    for (let count = 0; count < LIMITS.maxInFlightEach; count += 1) {
      expect(load.refusalTo('udk')).to.equal(undefined);
      void load.calling('udk', never);
    }
    expect(load.refusalTo('udk')?.status).to.equal(503);
    expect(load.refusalTo('udk')?.text).to.include('You have too many calls');
    expect(load.refusalTo('star')).to.equal(undefined);
  });

  it(`takes on ${LIMITS.maxInFlight} calls in all and not one more, until one has its answer`, async () => {
    const load = new Load();
    let finish = (): void => undefined;
    const first = load.calling('1', () => new Promise<void>((resolve) => (finish = resolve)));
    for (let count = 1; count < LIMITS.maxInFlight; count += 1) {
      expect(load.refusal()).to.equal(undefined);
      void load.calling(String(count % 3), never);
    }
    expect(load.refusal()?.headers).to.deep.equal({ 'Retry-After': String(LIMITS.retryAfterSeconds) });
    expect(load.refusalTo('new'), 'to a new one').to.equal(load.refusal());
    await new Promise(setImmediate); // the first has begun
    finish();
    await first;
    expect(load.refusal()).to.equal(undefined);
  });

  it(`takes on ${LIMITS.maxInFlightStrangers} calls of strangers, all together, and not one more`, () => {
    const load = new Load();
    for (let count = 0; count < LIMITS.maxInFlightStrangers; count += 1) {
      expect(load.refusalToStranger()).to.equal(undefined);
      void load.callingStranger(never);
    }
    expect(load.refusalToStranger()?.status).to.equal(503);
    expect(load.refusalTo('udk')).to.equal(undefined);
  });

  it('forgets a call that failed', async () => {
    const load = new Load();
    for (let count = 0; count < LIMITS.maxInFlightEach + 1; count += 1)
      await load.calling('udk', () => Promise.reject(new Error('broken'))).catch(() => undefined);
    expect(load.refusalTo('udk')).to.equal(undefined);
  });

  it(`has ${LIMITS.maxAtStore} of them with the store, and then serves each system in its turn`, async () => {
    const load = new Load();
    const begun: string[] = [];
    const finish: (() => void)[] = [];
    const call = (system: string): void =>
      void load.calling(system, () => {
        begun.push(system);
        return new Promise<void>((resolve) => finish.push(resolve));
      });
    for (let count = 0; count < LIMITS.maxAtStore + 5; count += 1) call('greedy');
    for (const modest of ['udk', 'udk', 'star']) call(modest);
    const turns = async (count: number): Promise<string[]> => {
      for (let at = 0; at < count; at += 1) finish.shift()!();
      await new Promise(setImmediate);
      return begun.splice(0);
    };
    expect(await turns(0)).to.deep.equal(Array(LIMITS.maxAtStore).fill('greedy'));
    expect(await turns(6)).to.deep.equal(['greedy', 'udk', 'star', 'greedy', 'udk', 'greedy']);
  });

  it('does not carry out a call whose turn came too late', async () => {
    const turns = new Turns(1, 30);
    expect(await turns.next('udk')).to.equal(true);
    const [late, later] = [turns.next('udk'), turns.next('star')];
    await new Promise((resolve) => setTimeout(resolve, 60));
    const inTime = turns.next('udk');
    turns.done();
    expect(await Promise.all([late, later, inTime])).to.deep.equal([false, false, true]);
    turns.done();
    expect(await turns.next('star'), 'nobody waits').to.equal(true);
  });

  it(`reads ${LIMITS.maxReadingEach} bytes of one system and ${LIMITS.maxReading} in all, and not one more`, () => {
    const load = new Load();
    const [one, another] = [load.reading('11'), load.reading('22')];
    expect(one.take(LIMITS.maxReadingEach)).to.equal(true);
    expect(one.take(1)).to.equal(false);
    expect(another.take(LIMITS.maxReading - LIMITS.maxReadingEach)).to.equal(true);
    expect(another.take(1)).to.equal(false);
    one.giveBack(1);
    expect(another.take(1)).to.equal(true);
  });

  it(`lets a system leave ${LIMITS.maxUndelivered} bytes of answers untaken and not one more`, () => {
    const load = new Load();
    const last = response();
    load.delivering('11', 'x'.repeat(LIMITS.maxUndelivered), response());
    expect(load.refusalTo('11')).to.equal(undefined);
    load.delivering('11', 'x', last);
    expect(load.refusalTo('11')?.text).to.include('Take the answers to your earlier calls first');
    expect(load.refusalTo('22')).to.equal(undefined);
    last.emit('close');
    expect(load.refusalTo('11')).to.equal(undefined);
  });

  it('counts no answer to a client that has gone already', () => {
    const load = new Load();
    for (let count = 0; count < 3; count += 1)
      load.delivering(
        '11',
        'x'.repeat(LIMITS.maxUndelivered),
        Object.assign(response(), { destroyed: true }),
      );
    expect(load.refusalTo('11')).to.equal(undefined);
  });
});

describe('a service that is asked for too much', function () {
  this.timeout(60_000);
  let service: TestService;
  before(async () => {
    service = await startTestService({ PENSION_TLS: 'off' });
  });
  after(() => service.stop());

  const open = (): Promise<Socket> => {
    const { hostname, port } = new URL(service.url);
    return new Promise((resolve, reject) => {
      const socket = connect(Number(port), hostname, () => resolve(socket));
      socket.once('error', reject);
    });
  };
  /** Sends it on a new connection; gives the statuses of what comes back, when it is `count` of them or the end. */
  const exchange = async (
    text: string,
    count = 1,
  ): Promise<{ statuses: number[]; said: string; socket: Socket }> => {
    const socket = await open();
    let said = '';
    const statuses = (): number[] =>
      [...said.matchAll(/HTTP\/1\.1 ([0-9]{3}) /g)].map(([, code]) => Number(code));
    const done = new Promise<void>((resolve) => {
      socket.on('data', (chunk) => {
        said += chunk.toString('latin1');
        if (statuses().length >= count) resolve();
      });
      socket.on('close', () => resolve());
    });
    socket.write(text);
    await done;
    return { statuses: statuses(), said, socket };
  };

  /** Holds the store as another process would; gives what lets go of it. */
  const hold = (): (() => void) => {
    const other = openConnection(fileOf(service.store));
    other.exec('BEGIN IMMEDIATE');
    return () => {
      other.exec('COMMIT');
      other.close();
    };
  };

  it(`answers ${LIMITS.maxPipelined} requests that were sent without waiting, and refuses to queue more`, async () => {
    const fine = await exchange(call.repeat(LIMITS.maxPipelined), LIMITS.maxPipelined);
    expect(fine.statuses).to.deep.equal(Array(LIMITS.maxPipelined).fill(200));
    fine.socket.destroy();
    const letGo = hold();
    const surplus = exchange(call.repeat(LIMITS.maxPipelined + 30), LIMITS.maxPipelined + 30);
    await new Promise((resolve) => setTimeout(resolve, 300)); // all of it has come, and nothing is answered
    letGo();
    const tooMany = await surplus;
    expect(tooMany.statuses).to.deep.equal([...Array(LIMITS.maxPipelined).fill(200), 503]);
    expect(tooMany.said)
      .to.include('Retry-After: 5')
      .and.to.match(/Connection: close/);
  });

  it('queues calls while the store is held, refuses the rest at once, and answers all it took', async () => {
    const letGo = hold();
    const surplus = 40;
    const answers = Array.from({ length: LIMITS.maxInFlightEach + surplus }, () => exchange(call));
    let refused = 0;
    await new Promise<void>((resolve) => {
      for (const answer of answers)
        void answer.then(({ statuses, said }) => {
          if (statuses[0] !== 503) return;
          expect(said).to.include('Retry-After: 5');
          refused += 1;
          if (refused === surplus) resolve();
        });
    });
    letGo();
    const all = await Promise.all(answers);
    expect(all.filter(({ statuses }) => statuses[0] === 200)).to.have.length(LIMITS.maxInFlightEach);
    for (const { socket } of all) socket.destroy();
  });

  it('has room for so many bytes of bodies that are on their way, and for calls again when they are gone', async () => {
    const megabyte = 1_048_576;
    const begun = await Promise.all(
      Array.from({ length: LIMITS.maxReadingEach / megabyte }, async () => {
        const socket = await open();
        await new Promise((resolve) =>
          socket.write(head(megabyte) + 'x'.repeat(megabyte - 1), () => resolve(undefined)),
        );
        return socket;
      }),
    );
    const isBusy = async (): Promise<boolean> => {
      const { statuses, said, socket } = await exchange(call);
      socket.destroy();
      if (statuses[0] === 503) expect(said).to.include('busy reading');
      return statuses[0] === 503;
    };
    while (!(await isBusy())) await new Promise((resolve) => setTimeout(resolve, 20));
    for (const socket of begun) socket.destroy();
    while (await isBusy()) await new Promise((resolve) => setTimeout(resolve, 20));
  });
});

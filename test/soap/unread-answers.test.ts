// Clients that ask for much and read nothing: what they are answered does not pile up in memory.

import { connect as connectPlain, type Socket } from 'node:net';
import { expect } from 'chai';
import { LIMITS } from '../../src/contract/limits.ts';
import { WSRM_MESSAGE_SERVICE } from '../../src/contract/names.ts';
import { textOf } from '../support/answers.ts';
import { akasse, createEnvelope, fetchEnvelope, saveEnvelope } from '../support/envelopes.ts';
import { lookInto } from '../support/new-store.ts';
import { member, startQueueService } from '../support/queue.ts';
import type { TestService } from '../support/service.ts';
import { kompensation } from '../support/store-fixtures.ts';

const ASKED = 60;

describe('answers that nobody reads', function () {
  this.timeout(60_000);
  let service: TestService;
  after(() => service.stop());

  const post = async (path: string, body: string): Promise<string> =>
    (
      await fetch(service.url + path, {
        method: 'POST',
        headers: { 'Content-Type': 'text/xml; charset=utf-8' },
        body,
      })
    ).text();
  const fetches = async (): Promise<number> =>
    (
      await lookInto<{ n: number }>(
        service.store,
        "SELECT count(*) AS n FROM audit_entry WHERE operation = 'GetTidligPensionVersion1'",
      )
    )[0]!.n;

  /** Asks that often for a whole sequence, on a connection of its own, and reads nothing. */
  let askAndNotRead: (times: number) => Socket;
  before(async () => {
    service = await startQueueService({ PENSION_TLS: 'off' });
    const path = '/PjaktassWCFTservice/1/PensionService.svc';
    const save = () =>
      post(path, saveEnvelope({ Personnummer: member('22', 1), ...kompensation('2026-01-01') }));
    for (let nr = 0; nr < LIMITS.maxSequence; nr += 50) await Promise.all(Array.from({ length: 50 }, save));
    const created = await post('/PjaktassWCFTservice/3/WsrmService.svc', createEnvelope(akasse('22')));
    const body = fetchEnvelope(textOf(created, 'Identifier')!, akasse('22'));
    const request =
      `POST ${WSRM_MESSAGE_SERVICE.path} HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
    const { hostname, port } = new URL(service.url);
    askAndNotRead = (times) => {
      const socket = connectPlain({ host: hostname, port: Number(port) });
      socket.on('error', () => undefined);
      socket.pause();
      socket.write(request.repeat(times));
      return socket;
    };
  });

  it('are made one at a time on a connection, and the client that reads them gets them all', async () => {
    const socket = askAndNotRead(ASKED);
    let made = -1;
    while (made !== (await fetches())) {
      made = await fetches();
      await new Promise((resolve) => setTimeout(resolve, 700));
    }
    // What the operating system holds for a connection is all that is made ahead.
    expect(made).to.be.within(1, ASKED - 10);
    let answered = 0;
    let tail = '';
    await new Promise<void>((resolve) => {
      socket.on('data', (chunk) => {
        tail += chunk.toString('latin1');
        answered += tail.split('HTTP/1.1 200 ').length - 1;
        tail = tail.slice(-12);
        if (answered === ASKED) resolve();
      });
      socket.resume();
    });
    socket.destroy();
    expect(await fetches()).to.equal(ASKED);
  });

  it('are counted: a system that takes none of too many gets 503, until it takes them or is gone', async () => {
    const sockets = Array.from({ length: 60 }, () => askAndNotRead(20));
    const answers = async (): Promise<boolean> => {
      const answer = await fetch(`${service.url}/PjaktassWCFTservice/3/WsrmService.svc`, {
        method: 'POST',
        headers: { 'Content-Type': 'text/xml; charset=utf-8' },
        body: createEnvelope(akasse('11')),
      });
      const text = await answer.text();
      if (answer.status === 503) expect(text).to.include('Take the answers to your earlier calls first');
      return answer.status === 200;
    };
    const until = async (wanted: boolean): Promise<void> => {
      while ((await answers()) !== wanted) await new Promise((resolve) => setTimeout(resolve, 100));
    };
    await until(false);
    for (const socket of sockets) socket.destroy();
    await until(true);
  });
});

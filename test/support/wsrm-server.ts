// The queue of one a-kasse as wsrm.md tells of it, in memory and on plain HTTP, with a network of any badness in front:
// for the tests of those who empty it. It keeps what it has seen.

import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import {
  encodeEnvelope,
  encodeFault,
  encodeResponse,
  encodeSequenceResponse,
} from '../../src/contract/encode.ts';
import { afvist, fejl, ok, type Resultat } from '../../src/contract/fejlkatalog.ts';
import type { TidligPensionRegistration } from '../../src/contract/messages.ts';
import { type OperationName, WSRM_MESSAGE_SERVICE, WSRM_SERVICE } from '../../src/contract/names.ts';
import { schemaErrors, textOf } from './answers.ts';
import type { OwnAnswer } from './faulty-server.ts';

export type WsrmOperation = Exclude<OperationName, 'SaveTidligPension' | 'GetTidligPension'>;

/** What becomes of a call. */
export type WsrmFate =
  | 'answered'
  /** Never reaches the service. */
  | 'request lost'
  /** Carried out, and nothing comes back. */
  | 'answer lost'
  /** Carried out, and half of the answer comes back. */
  | 'answer cut'
  /** Carried out twice; the second answer comes back. */
  | 'doubled'
  /** Nothing comes back, and it is carried out after all when two more calls have come. */
  | 'delayed'
  | OwnAnswer
  /** The answer as somebody has changed it on its way. */
  | ((answer: string) => string);

/** A call as it came. */
export interface SeenCall {
  /** Counted from 1, in the order of arrival. */
  readonly number: number;
  readonly operation: WsrmOperation;
  readonly identifier: string | undefined;
  readonly body: string;
}

export interface WsrmServer {
  readonly url: string;
  readonly calls: readonly SeenCall[];
  readonly queue: WsrmQueue;
  stop(): Promise<void>;
}

/** The state table of a queue. */
export class WsrmQueue {
  readonly waiting: TidligPensionRegistration[];
  readonly #most: number;
  readonly #ended = new Map<string, 'terminated' | 'closed'>();
  #open: { readonly identifier: string; readonly held: readonly TidligPensionRegistration[] } | undefined;
  #sequences = 0;

  constructor(waiting: readonly TidligPensionRegistration[], most = 500) {
    this.waiting = [...waiting];
    this.#most = most;
  }

  /** The sequence that is open. */
  get open(): string | undefined {
    return this.#open?.identifier;
  }

  /** Opens one, as another program of the same a-kasse would. */
  create(): Resultat<{ identifier: string; count: number }> {
    if (this.#open !== undefined)
      return afvist(fejl(1014, `Sequence ${this.#open.identifier} is open; close it or terminate it first.`));
    this.#sequences += 1;
    const identifier = `5e900000-0000-4000-8000-${String(this.#sequences).padStart(12, '0')}`;
    const held = this.waiting.slice(0, this.#most);
    if (held.length === 0) this.#ended.set(identifier, 'terminated');
    else this.#open = { identifier, held };
    return ok({ identifier, count: held.length });
  }

  fetch(identifier: string): Resultat<readonly TidligPensionRegistration[]> {
    return this.#open?.identifier === identifier ? ok(this.#open.held) : this.#notOpen(identifier);
  }

  /** Ends one: `terminated` removes its beskeder. Ending it the same way again has no effect. */
  end(identifier: string, how: 'terminated' | 'closed'): Resultat<void> {
    if (this.#open?.identifier !== identifier)
      return this.#ended.get(identifier) === how ? ok(undefined) : this.#notOpen(identifier);
    if (how === 'terminated') {
      const held = new Set(this.#open.held);
      this.waiting.splice(0, this.waiting.length, ...this.waiting.filter((besked) => !held.has(besked)));
    }
    this.#ended.set(identifier, how);
    this.#open = undefined;
    return ok(undefined);
  }

  #notOpen(identifier: string): ReturnType<typeof afvist> {
    return afvist(fejl(1014, `Sequence ${identifier} is ${this.#ended.get(identifier) ?? 'unknown'}.`));
  }
}

const SOURCE = '00000000-0000-4000-8000-000000000000';

/** Carries a call out and gives the envelope of its answer. */
function carryOut(queue: WsrmQueue, { operation, identifier = '' }: SeenCall): Resultat<string> {
  switch (operation) {
    case 'CreateSequence': {
      const created = queue.create();
      if (!created.ok) return created;
      const { identifier: Identifier, count } = created.value;
      const item = {
        ServiceName: 'GetTidligPensionVersion1',
        ServiceEndpoint: `https://127.0.0.1:8443${WSRM_MESSAGE_SERVICE.path}`,
        MessageCount: count,
      };
      const ServiceInventoryCollection = { ServiceItem: count === 0 ? [] : [item] };
      return ok(encodeEnvelope(encodeResponse(operation, { Identifier, ServiceInventoryCollection })));
    }
    case 'GetTidligPensionVersion1': {
      const held = queue.fetch(identifier);
      if (!held.ok) return held;
      const body = encodeResponse(operation, { TidligPensionRegistration: held.value });
      return ok(encodeEnvelope(body, encodeSequenceResponse({ Identifier: identifier })));
    }
    case 'TerminateSequence':
    case 'CloseSequence': {
      const ended = queue.end(identifier, operation === 'CloseSequence' ? 'closed' : 'terminated');
      return ended.ok ? ok(encodeEnvelope(encodeResponse(operation, { Identifier: identifier }))) : ended;
    }
  }
}

function answerTo(queue: WsrmQueue, call: SeenCall): OwnAnswer {
  const wrong = schemaErrors(call.body);
  const result =
    wrong.length > 0 ? afvist(fejl(1014, 'It is not valid by the schemas.')) : carryOut(queue, call);
  return {
    status: result.ok ? 200 : 500,
    headers: { 'Content-Type': 'text/xml; charset=utf-8' },
    body: result.ok ? result.value : encodeEnvelope(encodeFault(result.fejl, SOURCE)),
  };
}

function readCall(url: string, body: string, number: number): SeenCall | undefined {
  const service = [WSRM_SERVICE, WSRM_MESSAGE_SERVICE].find(({ path }) => path === url);
  const operation = service?.operations.find(({ request }) => new RegExp(`[<:]${request}[\\s/>]`).test(body));
  if (operation === undefined) return undefined;
  const identifier = textOf(body, 'Identifier');
  return { number, operation: operation.name as WsrmOperation, identifier, body };
}

/** Starts one over that queue. `decide` is asked for each call. */
export async function startWsrmServer(
  queue: WsrmQueue,
  decide: (call: SeenCall) => WsrmFate | Promise<WsrmFate> = () => 'answered',
): Promise<WsrmServer> {
  const calls: SeenCall[] = [];
  const late: { readonly call: SeenCall; readonly when: number }[] = [];

  async function take(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const body = (await buffer(request)).toString('utf8');
    const call = readCall(request.url ?? '', body, calls.length + 1);
    if (call === undefined) return void response.writeHead(404).end('There is no service at this path.\n');
    calls.push(call);
    for (const due of late.filter(({ when }) => when <= call.number)) {
      late.splice(late.indexOf(due), 1);
      answerTo(queue, due.call);
    }
    const fate = await decide(call);
    if (typeof fate === 'object') return void response.writeHead(fate.status, fate.headers).end(fate.body);
    if (fate === 'delayed') late.push({ call, when: call.number + 2 });
    if (fate === 'delayed' || fate === 'request lost') return void response.destroy();
    if (fate === 'doubled') answerTo(queue, call);
    const answer = answerTo(queue, call);
    if (fate === 'answer lost') return void response.destroy();
    const bytes = Buffer.from(typeof fate === 'function' ? fate(answer.body) : answer.body);
    response.writeHead(answer.status, { ...answer.headers, 'Content-Length': bytes.length });
    if (fate === 'answer cut') response.write(bytes.subarray(0, bytes.length >> 1), () => response.destroy());
    else response.end(bytes);
  }

  const server = http.createServer((request, response) => {
    take(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    queue,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

// What a request becomes, step by step: the guard judges its head, the caller is identified, the body is read, and
// the endpoint of the service answers.

import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { PROBLEM } from '../access/certificates/problems.ts';
import { logonFailed } from '../access/identitet.ts';
import type { Organisationer } from '../access/organisationer.ts';
import { maskPersonnumre } from '../contract/mask.ts';
import type { ServiceContract } from '../contract/names.ts';
import type { Ports } from '../domain/ports.ts';
import type { StoreFailure } from '../store/health.ts';
import { answer, answerEarly, type HttpAnswer, PLAIN, XML } from './answering.ts';
import { readBody } from './body.ts';
import { type Callers, type KnownBy, makeCallers, ownerOf } from './caller.ts';
import { answerClientErrors } from './client-errors.ts';
import { Connections } from './connections.ts';
import type { FindDocument } from './documents.ts';
import type { Endpoint, EndpointAnswer } from './endpoint.ts';
import { type HttpRefusal, noSuchDocument, route, tooLarge, unknownExpectation } from './guard.ts';
import { healthAnswer } from './health.ts';
import {
  isRefusal,
  Load,
  type ServerLoad,
  tooManyConnections,
  tooManyPipelined,
  tooMuchAtOnce,
} from './load.ts';
import type { Log } from './log.ts';
import { callFields, type LogFields, loggedPath, WENT_AWAY } from './log-fields.ts';

/** What the edge needs of the server it stands in. */
export interface EdgeParts {
  readonly callers: KnownBy;
  /** Bytes of a request body. */
  readonly maxBody: number;
  readonly organisationer: () => Organisationer;
  readonly ports: Ports;
  readonly log: Log;
  /** What is wrong with the store now, if something is. */
  readonly storeFailure: () => StoreFailure | undefined;
}

/** A request and all that is needed to answer it. */
interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly correlationId: string;
  /** The client has asked to be told before it sends the body. */
  readonly waits: boolean;
  /** Says that the answer is the last of its connection. */
  ends(): void;
}

/** Takes the requests of one server. */
export class Edge {
  readonly connections: Connections;
  readonly #parts: EdgeParts;
  readonly #endpoints: ReadonlyMap<string, Endpoint>;
  readonly #documents: FindDocument;
  readonly #callers: Callers;
  readonly #tooSlow: WeakSet<Duplex>;
  /** Requests that have not been answered yet, however far they are. */
  readonly #open = new Set<Promise<void>>();
  /** Calls that the store is asked about are counted: refused ones too, for their entries are written. */
  readonly #load = new Load();
  #isStopping = false;

  /** Takes over the server. */
  constructor(
    server: Server,
    parts: EdgeParts,
    endpoints: ReadonlyMap<string, Endpoint>,
    documents: FindDocument,
  ) {
    this.#parts = parts;
    this.#endpoints = endpoints;
    this.#documents = documents;
    const callers = makeCallers(server, parts);
    this.#callers = callers;
    this.connections = Connections.of(server, (socket) => ownerOf(callers.factsOf(socket)));
    this.#tooSlow = answerClientErrors(server, {
      log: parts.log,
      newId: () => parts.ports.newId(),
      answered: (socket) => this.connections.answered(socket),
      refuseCertificate: (correlationId, socket) => this.#refuseCertificate(correlationId, socket),
    });
    const answer = (exchange: Exchange): Promise<LogFields> => this.#answer(exchange);
    server.on('request', (request, response) => this.#take(request, response, false, answer));
    server.on('checkContinue', (request, response) => this.#take(request, response, true, answer));
    server.on('checkExpectation', (request, response) =>
      this.#take(request, response, false, (exchange) => this.#refuse(exchange, unknownExpectation)),
    );
  }

  /** What is under way. */
  load(): ServerLoad {
    const { calls, refused } = this.#load;
    return { connections: this.connections.count, calls, refused };
  }

  /** From now on the next answer of each connection is its last. */
  beginStop(): void {
    this.#isStopping = true;
  }

  /** Resolves when every request that was taken has been answered or given up, and logged. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#open);
  }

  /** Takes a request, runs what answers it, and logs what came of it. */
  #take(
    request: IncomingMessage,
    response: ServerResponse,
    waits: boolean,
    work: (exchange: Exchange) => Promise<LogFields>,
  ): void {
    const { log, ports } = this.#parts;
    const { socket } = request;
    const correlationId = ports.newId();
    if (!this.connections.take(socket, response)) {
      request.resume();
      if (this.connections.isFirstBehind(socket))
        log.info('not carried out: it came behind the last answer of its connection', { correlationId });
      return;
    }
    const began = performance.now();
    response.setHeader('X-Correlation-Id', correlationId);
    const ends = (): void => this.connections.end(socket);
    // Node closes after an answer to a client that was never told to go on.
    if (this.#isStopping || waits) ends();
    const tooMany = this.connections.hasTooMany(socket);
    if (tooMany) ends();
    if (this.#isStopping) response.setHeader('Connection', 'close');
    const open = this.connections
      .turn(socket, response)
      .then(() => {
        if (socket.destroyed) return WENT_AWAY;
        const exchange = { request, response, correlationId, waits, ends };
        return tooMany ? this.#refuse(exchange, tooManyPipelined) : work(exchange);
      })
      .then((fields) => {
        const milliseconds = Math.round((performance.now() - began) * 10) / 10;
        // Who asks how the service is asks every second.
        log[fields.health === 200 ? 'debug' : 'info']('answered', { correlationId, ...fields, milliseconds });
      })
      .catch((error: unknown) => {
        log.error('request ended by an unexpected error', { correlationId, error: String(error) });
        response.destroy();
      })
      .finally(() => this.#open.delete(open));
    this.#open.add(open);
  }

  async #answer(exchange: Exchange): Promise<LogFields> {
    const { request, response, correlationId, waits } = exchange;
    const { maxBody } = this.#parts;
    const head = { method: request.method ?? '', url: request.url ?? '', headers: request.headers };
    const to = route(head, maxBody);
    if (to.kind === 'health') return this.#sendHealth(exchange);
    if (this.connections.isSurplus(request.socket)) return this.#refuse(exchange, tooManyConnections);
    if (to.kind === 'document') return this.#sendDocument(exchange, to.service, to.query);
    if (to.kind === 'refused') return this.#refuse(exchange, to.refusal);
    const overloaded = this.#load.refusal();
    if (overloaded) return this.#refuse(exchange, overloaded);
    const endpoint = this.#endpoints.get(to.service.name)!;
    const { identitet, facts } = this.#callers.of(request, correlationId);
    if (!identitet.ok) {
      const tooMuch = this.#load.refusalToStranger();
      if (tooMuch) return this.#refuse(exchange, tooMuch);
      const refused = await this.#load.callingStranger(() =>
        endpoint.refuse(correlationId, identitet.fejl, facts),
      );
      if (isRefusal(refused)) return this.#refuse(exchange, refused);
      await answerEarly(request, response, soapAnswer(refused), exchange);
      return callFields(refused);
    }
    const system = identitet.value.system?.name ?? identitet.value.certificate;
    const refusal = this.#load.refusalTo(system);
    if (refusal) return this.#refuse(exchange, refusal);
    if (waits) {
      response.writeContinue();
      if (!this.#isStopping) this.connections.goOn(request.socket);
    }
    const body = await readBody(request, maxBody, this.#load.reading(system));
    if (body.kind === 'too-large')
      return this.#refuse({ ...exchange, waits: false }, tooLarge(maxBody).refusal);
    if (body.kind === 'no-room') return this.#refuse({ ...exchange, waits: false }, tooMuchAtOnce);
    if (body.kind === 'aborted') {
      const slow = this.#tooSlow.has(request.socket);
      return slow ? { outcome: 'cut off: the request did not come in time' } : WENT_AWAY;
    }
    // Others may have come while it was read.
    const late = this.#load.refusalTo(system);
    if (late) return this.#refuse({ ...exchange, waits: false }, late);
    const soapAction = request.headers.soapaction;
    const answered = await this.#load.calling(system, () =>
      endpoint.answer({
        correlationId,
        body: body.bytes,
        soapAction: Array.isArray(soapAction) ? soapAction.join(', ') : soapAction,
        identitet: identitet.value,
      }),
    );
    if (isRefusal(answered)) return this.#refuse({ ...exchange, waits: false }, answered);
    this.#load.delivering(system, answered.xml, response);
    answer(response, soapAnswer(answered));
    return callFields(answered);
  }

  async #refuseCertificate(correlationId: string, socket: Duplex): Promise<string> {
    const facts = this.#callers.factsOf(socket);
    const refusal = logonFailed(PROBLEM.badSignature, facts.certificate);
    const endpoint = [...this.#endpoints.values()][0]!;
    const refused = await this.#load.callingStranger(() => endpoint.refuse(correlationId, refusal, facts));
    if (isRefusal(refused)) throw new Error('too many strangers'); // the connection is closed without a word
    this.#parts.log.info('answered', { correlationId, ...callFields(refused) });
    return refused.xml;
  }

  async #sendDocument(exchange: Exchange, service: ServiceContract, query: string): Promise<LogFields> {
    const text = this.#documents(service, query);
    if (text === undefined) return this.#refuse(exchange, noSuchDocument);
    await answerEarly(exchange.request, exchange.response, { status: 200, contentType: XML, text }, exchange);
    return { document: maskPersonnumre(query), service: service.name, status: 200 };
  }

  async #sendHealth(exchange: Exchange): Promise<LogFields> {
    const what = healthAnswer(this.#parts.storeFailure(), this.#isStopping);
    await answerEarly(exchange.request, exchange.response, what, exchange);
    return { health: what.status };
  }

  async #refuse(exchange: Exchange, { status, text, headers }: HttpRefusal): Promise<LogFields> {
    const { request, response } = exchange;
    if (status === 503) this.#load.countRefused();
    const what = { status, contentType: PLAIN, text: `${text}\n`, ...(headers && { headers }) };
    await answerEarly(request, response, what, exchange);
    return { status, method: request.method, path: loggedPath(request.url ?? '') };
  }
}

const soapAnswer = ({ status, xml }: EndpointAnswer): HttpAnswer => ({ status, contentType: XML, text: xml });

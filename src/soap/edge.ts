// What a request becomes, step by step: the guard judges its head, the caller is identified, the body is read, and
// the endpoint of the service answers.

import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import {
  type ClientCertificate,
  fingerprintOf,
  type Identitet,
  identify,
  logonFailed,
  TLS_OFF,
} from '../access/identitet.ts';
import type { Organisationer } from '../access/organisationer.ts';
import { ok, type Resultat } from '../contract/fejlkatalog.ts';
import { LIMITS } from '../contract/limits.ts';
import { maskPersonnumre } from '../contract/mask.ts';
import type { ServiceContract } from '../contract/names.ts';
import type { Ports } from '../domain/ports.ts';
import { answer, answerEarly, type HttpAnswer, PLAIN, XML } from './answering.ts';
import { readBody } from './body.ts';
import { rememberCertificates } from './client-certificates.ts';
import { answerClientErrors } from './client-errors.ts';
import type { FindDocument } from './documents.ts';
import type { Endpoint, EndpointAnswer } from './endpoint.ts';
import { type HttpRefusal, overloaded, route, tooLarge } from './guard.ts';
import type { Log } from './log.ts';

/** What the edge needs of the server it stands in. */
export interface EdgeParts {
  /** Without TLS the caller is whoever the headers say. */
  readonly tlsOff: boolean;
  /** Bytes of a request body. */
  readonly maxBody: number;
  readonly organisationer: () => Organisationer;
  readonly ports: Ports;
  readonly log: Log;
}

/** Takes the requests of one server. */
export class Edge {
  readonly #parts: EdgeParts;
  readonly #endpoints: ReadonlyMap<string, Endpoint>;
  readonly #documents: FindDocument;
  /** The latest response on each connection. */
  readonly #responses = new WeakMap<Duplex, ServerResponse>();
  readonly #certificateOf: (socket: Duplex) => ClientCertificate | undefined;
  readonly #tooSlow: WeakSet<Duplex>;
  /** Requests that have not been answered yet, however far they are. */
  readonly #open = new Set<Promise<void>>();
  /** Calls whose body has been read and that are being worked on. */
  #inFlight = 0;
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
    this.#tooSlow = answerClientErrors(server, {
      log: parts.log,
      newId: () => parts.ports.newId(),
      isAnswering: (socket) => isUnderWay(this.#responses.get(socket)),
      refuseCertificate: (correlationId, socket) => this.#refuseCertificate(correlationId, socket),
    });
    this.#certificateOf = rememberCertificates(server);
    server.on('request', (request, response) => this.#take(request, response, false));
    server.on('checkContinue', (request, response) => this.#take(request, response, true));
    server.on('checkExpectation', (request, response) => this.#refuseExpectation(request, response));
  }

  /** Takes a request. `waits` when the client has asked to be told before it sends the body. */
  #take(request: IncomingMessage, response: ServerResponse, waits: boolean): void {
    this.#run(request, response, (correlationId) => this.#answer(request, response, correlationId, waits));
  }

  /** Runs what answers a request, and logs what came of it. */
  #run(
    request: IncomingMessage,
    response: ServerResponse,
    work: (correlationId: string) => Promise<Readonly<Record<string, unknown>>>,
  ): void {
    const { log, ports } = this.#parts;
    const began = performance.now();
    const correlationId = ports.newId();
    response.setHeader('X-Correlation-Id', correlationId);
    this.#responses.set(request.socket, response);
    if (this.#isStopping) response.setHeader('Connection', 'close');
    const open = work(correlationId)
      .then((fields) => {
        const milliseconds = Math.round((performance.now() - began) * 10) / 10;
        log.info('answered', { correlationId, ...fields, milliseconds });
      })
      .catch((error: unknown) => {
        log.error('request ended by an unexpected error', { correlationId, error: String(error) });
        response.destroy();
      })
      .finally(() => this.#open.delete(open));
    this.#open.add(open);
  }

  /** From now on every answer ends its connection. */
  beginStop(): void {
    this.#isStopping = true;
  }

  /** Resolves when every request that was taken has been answered or given up, and logged. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#open);
  }

  /** Answers an Expect header that asks for something else than to be told to go on. */
  #refuseExpectation(request: IncomingMessage, response: ServerResponse): void {
    this.#run(request, response, () =>
      this.#refuse(
        request,
        response,
        { status: 417, text: 'Only Expect: 100-continue is understood.' },
        true,
      ),
    );
  }

  async #answer(request: IncomingMessage, response: ServerResponse, correlationId: string, waits: boolean) {
    const { maxBody } = this.#parts;
    const head = { method: request.method ?? '', url: request.url ?? '', headers: request.headers };
    const to = route(head, maxBody);
    if (to.kind === 'document') return this.#sendDocument(request, response, to.service, to.query);
    if (to.kind === 'refused') return this.#refuse(request, response, to.refusal, waits);
    if (this.#inFlight >= LIMITS.maxInFlight) return this.#refuse(request, response, overloaded, waits);
    const endpoint = this.#endpoints.get(to.service.name)!;
    const { identitet, certificate } = this.#identify(request);
    if (!identitet.ok) {
      const refused = await endpoint.refuse(correlationId, identitet.fejl, certificate);
      await answerEarly(request, response, soapAnswer(refused), waits);
      return callFields(refused);
    }
    if (waits) response.writeContinue();
    const body = await readBody(request, maxBody);
    if (body.kind === 'too-large') return this.#refuse(request, response, tooLarge(maxBody).refusal, false);
    if (body.kind === 'aborted') {
      const slow = this.#tooSlow.has(request.socket);
      return { outcome: slow ? 'cut off: the request did not come in time' : 'the client went away' };
    }
    const soapAction = request.headers.soapaction;
    this.#inFlight += 1;
    try {
      const answered = await endpoint.answer({
        correlationId,
        body: body.bytes,
        soapAction: Array.isArray(soapAction) ? soapAction.join(', ') : soapAction,
        identitet: identitet.value,
      });
      answer(response, soapAnswer(answered));
      return callFields(answered);
    } finally {
      this.#inFlight -= 1;
    }
  }

  #identify(request: IncomingMessage): { identitet: Resultat<Identitet>; certificate?: string } {
    if (this.#parts.tlsOff) return { identitet: ok(TLS_OFF) };
    const certificate = this.#certificateOf(request.socket);
    return {
      identitet: identify(certificate, this.#parts.organisationer(), this.#parts.ports.now()),
      ...(certificate && { certificate: fingerprintOf(certificate.x509) }),
    };
  }

  async #refuseCertificate(correlationId: string, socket: Duplex): Promise<string> {
    const certificate = this.#certificateOf(socket);
    const fingerprint = certificate && fingerprintOf(certificate.x509);
    const refusal = logonFailed('its signature is not that of a trusted authority', fingerprint);
    const endpoint = [...this.#endpoints.values()][0]!;
    const refused = await endpoint.refuse(correlationId, refusal, fingerprint);
    this.#parts.log.info('answered', { correlationId, ...callFields(refused) });
    return refused.xml;
  }

  async #sendDocument(
    request: IncomingMessage,
    response: ServerResponse,
    service: ServiceContract,
    query: string,
  ) {
    const text = this.#documents(service, query);
    if (text === undefined) {
      return this.#refuse(
        request,
        response,
        { status: 404, text: 'There is no such document; try ?wsdl.' },
        false,
      );
    }
    answer(response, { status: 200, contentType: XML, text });
    return { document: maskPersonnumre(query), service: service.name, status: 200 };
  }

  async #refuse(request: IncomingMessage, response: ServerResponse, refusal: HttpRefusal, waits: boolean) {
    const { status, headers } = refusal;
    const what = { status, contentType: PLAIN, text: `${refusal.text}\n`, ...(headers && { headers }) };
    await answerEarly(request, response, what, waits);
    return { status, method: request.method, path: loggedPath(request.url ?? '') };
  }
}

const isUnderWay = (response: ServerResponse | undefined): boolean =>
  response?.headersSent === true && !response.writableFinished;

/** A path for the log: short, and without a digit, for a client may write anything there. */
const loggedPath = (url: string): string =>
  url
    .split('?')[0]!
    .slice(0, 100)
    .replace(/[0-9%]/g, '#');

const soapAnswer = ({ status, xml }: EndpointAnswer): HttpAnswer => ({ status, contentType: XML, text: xml });

/** What the log says of a call. */
const callFields = ({ status, kald, fejl: refusal }: EndpointAnswer) => ({
  status,
  operation: kald.operation,
  system: kald.system,
  organisation:
    kald.activeOrganisation &&
    `${kald.activeOrganisation.OrganisationTypeIdentifier}:${kald.activeOrganisation.OrganisationCode}`,
  fejlkode: refusal?.kode,
});

// What a request becomes, step by step: the guard judges its head, the caller is identified, the body is read, and
// the endpoint of the service answers.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TLSSocket } from 'node:tls';
import {
  type ClientCertificate,
  fingerprintOf,
  type Identitet,
  identify,
  TLS_OFF,
} from '../access/identitet.ts';
import type { Organisationer } from '../access/organisationer.ts';
import { ok, type Resultat } from '../contract/fejlkatalog.ts';
import { LIMITS } from '../contract/limits.ts';
import { maskPersonnumre } from '../contract/mask.ts';
import type { ServiceContract } from '../contract/names.ts';
import type { Ports } from '../domain/ports.ts';
import { discardBody, readBody } from './body.ts';
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
  #inFlight = 0;

  constructor(parts: EdgeParts, endpoints: ReadonlyMap<string, Endpoint>, documents: FindDocument) {
    this.#parts = parts;
    this.#endpoints = endpoints;
    this.#documents = documents;
  }

  /** Takes a request. `waits` when the client has asked to be told before it sends the body. */
  take(request: IncomingMessage, response: ServerResponse, waits: boolean): void {
    const began = performance.now();
    const correlationId = this.#parts.ports.newId();
    response.setHeader('X-Correlation-Id', correlationId);
    this.#inFlight += 1;
    this.#answer(request, response, correlationId, waits)
      .then((fields) => {
        const milliseconds = Math.round((performance.now() - began) * 10) / 10;
        this.#parts.log.info('answered', { correlationId, ...fields, milliseconds });
      })
      .catch((error: unknown) => {
        this.#parts.log.error('request ended by an unexpected error', {
          correlationId,
          error: String(error),
        });
        response.destroy();
      })
      .finally(() => {
        this.#inFlight -= 1;
      });
  }

  async #answer(request: IncomingMessage, response: ServerResponse, correlationId: string, waits: boolean) {
    const { maxBody } = this.#parts;
    const head = { method: request.method ?? '', url: request.url ?? '', headers: request.headers };
    const to = route(head, maxBody);
    if (to.kind === 'document') return this.#sendDocument(request, response, to.service, to.query);
    if (to.kind === 'refused') return this.#refuse(request, response, to.refusal, waits);
    if (this.#inFlight > LIMITS.maxInFlight) return this.#refuse(request, response, overloaded, waits);
    const endpoint = this.#endpoints.get(to.service.name)!;
    const { identitet, certificate } = this.#identify(request);
    if (!identitet.ok) {
      if (!waits) await discardBody(request, maxBody);
      return sendAnswer(response, await endpoint.refuse(correlationId, identitet.fejl, certificate), waits);
    }
    if (waits) response.writeContinue();
    const body = await readBody(request, maxBody);
    if (body.kind === 'aborted') return { outcome: 'the client went away before the end of its request' };
    if (body.kind === 'too-large') return this.#refuse(request, response, tooLarge(maxBody).refusal, waits);
    const soapAction = request.headers.soapaction;
    return sendAnswer(
      response,
      await endpoint.answer({
        correlationId,
        body: body.bytes,
        soapAction: Array.isArray(soapAction) ? soapAction.join(', ') : soapAction,
        identitet: identitet.value,
      }),
      false,
    );
  }

  #identify(request: IncomingMessage): { identitet: Resultat<Identitet>; certificate?: string } {
    if (this.#parts.tlsOff) return { identitet: ok(TLS_OFF) };
    const certificate = certificateOf(request.socket as TLSSocket);
    return {
      identitet: identify(certificate, this.#parts.organisationer(), this.#parts.ports.now()),
      ...(certificate && { certificate: fingerprintOf(certificate.x509) }),
    };
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
    await send(response, 200, 'text/xml; charset=utf-8', text);
    return { document: maskPersonnumre(query), service: service.name, status: 200 };
  }

  async #refuse(request: IncomingMessage, response: ServerResponse, refusal: HttpRefusal, waits: boolean) {
    // A client that is still sending would not read the answer: take what it sends, up to a limit, first.
    const whole = !waits && (await discardBody(request, this.#parts.maxBody));
    for (const [name, value] of Object.entries(refusal.headers ?? {})) response.setHeader(name, value);
    if (!whole) response.setHeader('Connection', 'close');
    await send(response, refusal.status, 'text/plain; charset=utf-8', `${refusal.text}\n`);
    return { status: refusal.status, method: request.method, path: (request.url ?? '').split('?')[0] };
  }
}

async function sendAnswer(response: ServerResponse, answer: EndpointAnswer, close: boolean) {
  if (close) response.setHeader('Connection', 'close');
  await send(response, answer.status, 'text/xml; charset=utf-8', answer.xml);
  const { kald, fejl: refusal } = answer;
  return {
    status: answer.status,
    operation: kald.operation,
    system: kald.system,
    organisation:
      kald.activeOrganisation &&
      `${kald.activeOrganisation.OrganisationTypeIdentifier}:${kald.activeOrganisation.OrganisationCode}`,
    fejlkode: refusal?.kode,
  };
}

/** Writes an answer whole; resolves when it has been handed to the system or the client has gone. */
function send(response: ServerResponse, status: number, contentType: string, text: string): Promise<void> {
  return new Promise((resolve) => {
    response.once('finish', resolve);
    response.once('close', resolve);
    response.writeHead(status, { 'Content-Type': contentType, 'Content-Length': Buffer.byteLength(text) });
    response.end(text);
  });
}

/** The certificate that came with the connection and what the handshake found wrong with it. */
function certificateOf(socket: TLSSocket): ClientCertificate | undefined {
  const x509 = socket.getPeerX509Certificate();
  if (x509 === undefined) return undefined;
  const error = socket.authorizationError as unknown;
  if (socket.authorized || error === null || error === undefined) return { x509 };
  return {
    x509,
    handshakeError:
      error instanceof Error ? ((error as NodeJS.ErrnoException).code ?? error.message) : String(error),
  };
}

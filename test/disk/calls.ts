// Calls of the experiments on the disk: plain HTTP to a service without TLS, and what came of each.

import http from 'node:http';
import { PENSION_SERVICE, WSRM_MESSAGE_SERVICE, WSRM_SERVICE } from '../../src/contract/names.ts';
import { readFault, textOf } from '../support/answers.ts';
import {
  akasse,
  closeEnvelope,
  createEnvelope,
  fetchEnvelope,
  getEnvelope,
  type HeaderOrganisation,
  saveEnvelope,
  terminateEnvelope,
  UDK,
} from '../support/envelopes.ts';
import type { Call, History } from '../support/history.ts';
import { messageOfWish } from '../support/said-messages.ts';

/** The a-kasse of these experiments. */
export const AKASSE = '22';

/** What was answered. A call that got no answer is undefined. */
export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly correlationId: string;
  readonly fejlkode?: number;
  readonly message?: string;
}

/** One connection to a service, and the calls of UDK and of an a-kasse over it. */
export class Caller {
  readonly #url: string;
  readonly #agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

  constructor(url: string) {
    this.#url = url;
  }

  /** Makes the call, with its mark, and notes in the history how it ended. */
  async save(history: History, call: Call): Promise<Answer | undefined> {
    const envelope = saveEnvelope(messageOfWish(call), { ...UDK, user: call.mark });
    const answer = await this.#send(PENSION_SERVICE.path, envelope);
    if (answer === undefined) history.lose(call);
    else if (answer.status === 200)
      history.acknowledge(
        call,
        answer.correlationId,
        textOf(answer.body, 'CreatedItemIdentifier')!.toLowerCase(),
      );
    else history.refuse(call, answer.correlationId, answer.fejlkode ?? 0);
    return answer;
  }

  get(personnummer: string, organisation?: HeaderOrganisation): Promise<Answer | undefined> {
    return this.#send(PENSION_SERVICE.path, getEnvelope(personnummer, organisation));
  }

  create(): Promise<Answer | undefined> {
    return this.#send(WSRM_SERVICE.path, createEnvelope(akasse(AKASSE)));
  }

  fetch(identifier: string): Promise<Answer | undefined> {
    return this.#send(WSRM_MESSAGE_SERVICE.path, fetchEnvelope(identifier, akasse(AKASSE)));
  }

  terminate(identifier: string): Promise<Answer | undefined> {
    return this.#send(WSRM_SERVICE.path, terminateEnvelope(identifier, akasse(AKASSE)));
  }

  close(identifier: string): Promise<Answer | undefined> {
    return this.#send(WSRM_SERVICE.path, closeEnvelope(identifier, akasse(AKASSE)));
  }

  /** Lets the connection go. */
  hangUp(): void {
    this.#agent.destroy();
  }

  #send(path: string, body: string): Promise<Answer | undefined> {
    return new Promise((resolve) => {
      const nothing = (): void => resolve(undefined);
      const headers = { 'Content-Type': 'text/xml; charset=utf-8' };
      const request = http.request(this.#url + path, { method: 'POST', agent: this.#agent, headers });
      request.on('error', nothing);
      request.on('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', nothing);
        response.on('close', nothing); // after the end it changes nothing
        response.on('end', () => resolve(answerOf(response, Buffer.concat(chunks).toString('utf8'))));
      });
      request.end(body);
    });
  }
}

function answerOf({ statusCode, headers }: http.IncomingMessage, body: string): Answer {
  const fault = statusCode === 200 ? undefined : readFault(body);
  return {
    status: statusCode ?? 0,
    body,
    correlationId: String(headers['x-correlation-id']),
    ...(fault && { fejlkode: fault.errorCode, message: fault.message }),
  };
}

/** The identifier of the sequence that a CreateSequence opened, or of the one that it found open. */
export const sequenceIn = ({ body, message }: Answer): string | undefined =>
  textOf(body, 'Identifier') ?? /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/.exec(message ?? '')?.[0];

/** How many beskeder the new sequence holds. */
export const countIn = ({ body }: Answer): number => Number(textOf(body, 'MessageCount') ?? 0);

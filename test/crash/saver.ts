// One of the clients that save while a service is killed or stopped: it chooses what it says by a seed, makes one call
// after the other on a connection that it keeps, and notes in the history what came of each.

import http from 'node:http';
import https from 'node:https';
import type { Target } from '../../src/cli/client/target.ts';
import { PENSION_SERVICE } from '../../src/contract/names.ts';
import { getEnvelope, type HeaderOrganisation, saveEnvelope } from '../support/envelopes.ts';
import type { Call, History } from '../support/history.ts';
import { messageOfWish } from '../support/said-messages.ts';
import type { Seeded } from '../support/seeded.ts';
import { type Kind, type Shared, Wishes } from './wishes.ts';

/** What all clients of an experiment share. */
export interface Common extends Shared {
  readonly history: History;
  /** Requests without a place in the history: how each answered one was answered, and how many were not. */
  readonly others: { readonly answered: Answered[]; unanswered: number };
  /** What must never happen, in words. */
  readonly problems: string[];
  /**
   * Whether what the service stands on may fail as well: then 1011 is an honest answer, and a call that was not answered
   * may still be under way when nobody is there any more who could answer it.
   */
  readonly mayFail?: boolean;
}

/** An answer as the audit trail must know it. */
export interface Answered {
  readonly correlationId: string;
  readonly fejlkode?: number;
}

/** Answered when a call could not be carried out; of such a call the audit trail may know nothing. */
export const INTERNAL_ERROR = 1011;

export class Saver {
  readonly #common: Common;
  readonly wishes: Wishes;
  /** The Save of which all has been sent, and no answer has come yet. */
  sent: Call | undefined;
  readonly #agents = {
    'http:': new http.Agent({ keepAlive: true, maxSockets: 1 }),
    'https:': new https.Agent({ keepAlive: true, maxSockets: 1 }),
  };

  constructor(common: Common, chance: Seeded) {
    this.#common = common;
    this.wishes = new Wishes(common, chance);
  }

  /** Makes calls for as long as it is asked to and somebody is there, each when the one before it has ended. */
  async run(target: Target, goesOn: () => boolean): Promise<void> {
    for (let last: Answer | Silence = 'no answer'; goesOn() && last !== 'nobody there'; )
      last = await this.one(target);
  }

  disconnect(): void {
    for (const agent of Object.values(this.#agents)) agent.destroy();
  }

  /** The envelope of a Save, with the mark of its call. */
  envelopeOf({ organisation }: Target, call: Call): string {
    return saveEnvelope(messageOfWish(call), headerOf(organisation, call.mark));
  }

  /** Notes what an answer says of a call, or that there is none. */
  settle(call: Call, answer: Answer | Silence): void {
    const { history, mayFail = false } = this.#common;
    if (answer === 'nobody there') history.withdraw(call);
    else if (answer === 'no answer' || (mayFail && answer.isUncertain)) {
      if (mayFail) history.doubt(call);
      else history.lose(call);
      this.wishes.unanswered(call);
    } else if (answer.made !== undefined) {
      history.acknowledge(call, answer.correlationId, answer.made);
      this.wishes.remember(call, answer.made);
    } else {
      history.refuse(call, answer.correlationId, answer.fejlkode ?? 0);
      this.#doubt(answer);
    }
  }

  /** Makes one call. */
  async one(target: Target, kind: Kind = this.wishes.kind()): Promise<Answer | Silence> {
    if (kind === 'broken') return this.#other(target, '<not-an-envelope/>');
    if (kind === 'get') {
      const reader = headerOf(target.organisation, 'læser');
      return this.#other(target, getEnvelope(this.wishes.borger(), reader));
    }
    const call = this.#common.history.invoke(this.wishes.of(kind));
    const answer = await this.#send(target, this.envelopeOf(target, call), () => {
      this.sent = call;
    });
    this.sent = undefined;
    this.settle(call, answer);
    return answer;
  }

  async #other(target: Target, body: string): Promise<Answer | Silence> {
    const { others } = this.#common;
    const answer = await this.#send(target, body);
    if (answer === 'no answer') others.unanswered += 1;
    else if (answer !== 'nobody there') {
      this.#doubt(answer);
      const { correlationId, fejlkode } = answer;
      if (fejlkode === INTERNAL_ERROR) others.unanswered += 1;
      else others.answered.push({ correlationId, ...(fejlkode !== undefined && { fejlkode }) });
    }
    return answer;
  }

  /** An answer without a code is none, and only a service that is out of order says 1011. */
  #doubt({ status, fejlkode }: Answer): void {
    const isFailing = fejlkode === INTERNAL_ERROR && this.#common.mayFail !== true;
    if (isFailing || (fejlkode === undefined && status !== 200))
      this.#common.problems.push(`a call was answered with ${fejlkode ?? `HTTP ${status}`}`);
  }

  /** Sends one request, and tells when all of it has gone out. */
  #send({ url, tls }: Target, body: string, onSent?: () => void): Promise<Answer | Silence> {
    const secure = tls !== undefined;
    return new Promise((resolve) => {
      const options = {
        method: 'POST',
        agent: this.#agents[secure ? 'https:' : 'http:'],
        headers: { 'Content-Type': 'text/xml; charset=utf-8', 'Content-Length': Buffer.byteLength(body) },
        ...tls,
      };
      const gone = ({ code }: NodeJS.ErrnoException): void =>
        resolve(code === 'ECONNREFUSED' ? 'nobody there' : 'no answer');
      const sent = (secure ? https : http).request(url + PENSION_SERVICE.path, options, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('error', gone).on('end', () => {
          resolve(answerOf(response.statusCode ?? 0, String(response.headers['x-correlation-id']), text));
        });
      });
      if (onSent) sent.on('finish', onSent);
      sent.on('error', gone).end(body);
    });
  }
}

const headerOf = (
  { OrganisationTypeIdentifier: type, OrganisationCode: code }: Target['organisation'],
  user: string,
): HeaderOrganisation => ({ type, code, user });

/** No whole answer came; or nobody listened, so that nothing was sent. */
export type Silence = 'no answer' | 'nobody there';

/** An answer, as far as it matters here. */
export interface Answer extends Answered {
  readonly status: number;
  /** The forløb that a Save has made or changed. */
  readonly made?: string;
  /** A 1011 that says that it is not certain whether the call was kept. */
  readonly isUncertain: boolean;
}

/** Reads an answer. By pattern: there are many, and the form of answers is held elsewhere. */
export function answerOf(status: number, correlationId: string, body: string): Answer {
  const made = /CreatedItemIdentifier>([^<]+)</.exec(body)?.[1]?.toLowerCase();
  const code = /ErrorCode>([0-9]+)</.exec(body)?.[1];
  return {
    status,
    correlationId,
    isUncertain: Number(code) === INTERNAL_ERROR && /not certain/.test(body),
    ...(made !== undefined && status === 200 && { made }),
    ...(code !== undefined && { fejlkode: Number(code) }),
  };
}

// Clients that save through the proxy, each Save under an identifier of its own and about a citizen of its own, and what
// came of each: what was answered is in the history, and so is what was not.

import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import https from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Target } from '../../src/cli/client/target.ts';
import { PENSION_SERVICE } from '../../src/contract/names.ts';
import { answerOf } from '../crash/saver.ts';
import { saveEnvelope } from '../support/envelopes.ts';
import { type Call, History } from '../support/history.ts';
import { messageOfWish } from '../support/said-messages.ts';

/** An answer of the proxy; of a call that may have been carried out, the status 502 or 504. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export const POST = { method: 'POST', headers: { 'Content-Type': 'text/xml; charset=utf-8' } } as const;
/** How long a client of nobody's waits before it asks again, in milliseconds. */
const PAUSE = 5;

/** Makes one request. Rejects when no whole answer comes. */
export const ask = (url: string, options: https.RequestOptions, body: string): Promise<HttpAnswer> =>
  new Promise((resolve, reject) => {
    const sent = https.request(url, options, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('error', reject).on('end', () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text });
      });
    });
    sent.on('error', reject).end(body);
  });

/** A load of so many clients. */
export class Load {
  readonly history = new History();
  /** Everything that was answered otherwise than with 200, and every call without an answer, in words. */
  readonly failures: string[] = [];
  readonly #target: Target;
  #isOver = false;
  readonly #clients: Promise<void>[];
  /** Each numbers its own citizens. */
  readonly #borger: () => string;

  private constructor(target: Target, clients: number, borger: () => string) {
    this.#target = target;
    this.#borger = borger;
    this.#clients = Array.from({ length: clients }, () => this.#run());
  }

  /** Starts it; resolves when the first call has been answered. */
  static async start(target: Target, clients: number, borger: () => string): Promise<Load> {
    const load = new Load(target, clients, borger);
    await load.history.nextAnswer(10_000);
    return load;
  }

  /** Resolves when that many more Saves have been acknowledged, so that every process has met the load. */
  async goesOn(saves: number, patience = 20_000): Promise<void> {
    const goal = this.history.count('acknowledged') + saves;
    for (
      const until = performance.now() + patience;
      this.history.count('acknowledged') < goal;
      await sleep(5)
    )
      if (performance.now() > until) throw new Error(`no ${saves} Saves in ${patience} ms`);
  }

  /** Lets the calls under way end. */
  async end(): Promise<void> {
    this.#isOver = true;
    await Promise.all(this.#clients);
  }

  async #run(): Promise<void> {
    const agent = new https.Agent({ keepAlive: true, maxSockets: 1, ...this.#target.tls });
    while (!this.#isOver) {
      const call = this.history.invoke({
        borger: this.#borger(),
        forloebId: randomUUID(),
        said: {
          overgangsdato: '2026-01-01',
          afgoerelsesdato: '2025-12-01',
          ophoersdato: null,
          kompensationsafgoerelsesdato: null,
        },
      });
      if (!(await this.#save(call, agent))) await sleep(PAUSE);
    }
    agent.destroy();
  }

  async #save(call: Call, agent: https.Agent): Promise<boolean> {
    const { OrganisationTypeIdentifier: type, OrganisationCode: code } = this.#target.organisation;
    const body = saveEnvelope(messageOfWish(call), { type, code, user: call.mark });
    try {
      const {
        status,
        headers,
        body: text,
      } = await ask(this.#target.url + PENSION_SERVICE.path, { ...POST, agent }, body);
      const { made, fejlkode, correlationId } = answerOf(status, String(headers['x-correlation-id']), text);
      if (made !== undefined) {
        this.history.acknowledge(call, correlationId, made);
        return true;
      }
      this.failures.push(`HTTP ${status}${fejlkode === undefined ? '' : `, ${fejlkode}`}`);
      if (fejlkode === undefined) this.history.doubt(call);
      else this.history.refuse(call, correlationId, fejlkode);
    } catch (error) {
      this.failures.push(`no answer: ${(error as NodeJS.ErrnoException).code ?? String(error)}`);
      this.history.doubt(call);
    }
    return false;
  }
}

/** Citizens that no other test has: days that never were, one after the other. */
export function citizens(): () => string {
  let nr = -1;
  return () => {
    nr += 1;
    return `2902${String(61 + 4 * Math.floor(nr / 10_000)).padStart(2, '0')}${String(nr % 10_000).padStart(4, '0')}`;
  };
}

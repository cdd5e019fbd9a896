// A network that loses, doubles and delays: stands between a client and a service, and does to each request and answer
// what it is told. Plain HTTP, so that it can tell one call from the next.

import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';

/** What becomes of a call. Where the client gets no answer its connection is cut. */
export type Fate =
  | { readonly kind: 'pass' }
  /** The service never sees it. */
  | { readonly kind: 'request lost' }
  /** The service carries it out, and the client never hears of it. */
  | { readonly kind: 'answer lost' }
  /** The client gets the beginning of the answer. */
  | { readonly kind: 'answer cut' }
  /** The service sees it twice at once; the client gets the first or the second answer. */
  | { readonly kind: 'request doubled'; readonly answeredBy: 0 | 1 }
  /** The client gets the answer twice on its connection. */
  | { readonly kind: 'answer doubled' }
  /** The client hears nothing; the service sees it when so many further calls have come, or the network heals. */
  | { readonly kind: 'request delayed'; readonly calls: number }
  /** The client gets its answer after so many milliseconds. */
  | { readonly kind: 'answer delayed'; readonly milliseconds: number };

interface Call {
  readonly path: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** A lossy network before one service. */
export class LossyProxy {
  /** Calls that have reached the service. */
  reached = 0;
  readonly #server: http.Server;
  readonly #target: URL;
  readonly #agent = new http.Agent({ keepAlive: true, maxSockets: 4 });
  #fate: () => Fate;
  #held: { readonly call: Call; wait: number }[] = [];
  readonly #underWay = new Set<Promise<unknown>>();

  private constructor(target: string, fate: () => Fate) {
    this.#target = new URL(target);
    this.#fate = fate;
    this.#server = http.createServer((request, response) => {
      const handled = this.#take(request, response)
        .catch(() => request.socket.destroy())
        .finally(() => this.#underWay.delete(handled));
      this.#underWay.add(handled);
    });
  }

  /** Starts it on a free port. `fate` is asked at each call. */
  static async start(target: string, fate: () => Fate): Promise<LossyProxy> {
    const proxy = new LossyProxy(target, fate);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** What becomes of the calls from now on. */
  become(fate: () => Fate): void {
    this.#fate = fate;
  }

  /** Everything passes from now on; what was delayed arrives first. */
  async heal(): Promise<void> {
    this.become(() => ({ kind: 'pass' }));
    await Promise.all(this.#underWay);
    const held = this.#held;
    this.#held = [];
    for (const { call } of held) await this.#forward(call);
  }

  async stop(): Promise<void> {
    await Promise.all(this.#underWay);
    this.#agent.destroy();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #take(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const call: Call = {
      path: request.url ?? '/',
      headers: request.headers,
      body: await text(request),
    };
    await this.#deliverDue();
    const fate = this.#fate();
    const cut = (): void => void request.socket.destroy();
    switch (fate.kind) {
      case 'request lost':
        return cut();
      case 'request delayed':
        this.#held.push({ call, wait: fate.calls });
        return cut();
      case 'request doubled': {
        const answers = await Promise.all([this.#forward(call), this.#forward(call)]);
        return give(response, answers[fate.answeredBy]!);
      }
      case 'answer lost':
        await this.#forward(call);
        return cut();
      case 'answer cut': {
        const { body, ...head } = await this.#forward(call);
        response.writeHead(head.status, {
          'Content-Type': head.contentType,
          'Content-Length': Buffer.byteLength(body),
        });
        response.write(body.slice(0, Math.floor(body.length / 2)), cut);
        return;
      }
      case 'answer doubled': {
        const answer = await this.#forward(call);
        request.socket.write(raw(answer) + raw(answer));
        return;
      }
      case 'answer delayed': {
        const answer = await this.#forward(call);
        await sleep(fate.milliseconds);
        return give(response, answer);
      }
      case 'pass':
        return give(response, await this.#forward(call));
    }
  }

  /** Calls whose delay is over reach the service now; their answers reach nobody. */
  async #deliverDue(): Promise<void> {
    for (const held of this.#held) held.wait -= 1;
    const due = this.#held.filter(({ wait }) => wait <= 0);
    this.#held = this.#held.filter(({ wait }) => wait > 0);
    for (const { call } of due) await this.#forward(call);
  }

  #forward({ path, headers, body }: Call): Promise<Answer> {
    this.reached += 1;
    return new Promise((resolve, reject) => {
      const sent = http.request(
        {
          host: this.#target.hostname,
          port: this.#target.port,
          path,
          method: 'POST',
          agent: this.#agent,
          headers: {
            'Content-Type': headers['content-type'],
            SOAPAction: headers.soapaction ?? '',
            'Content-Length': Buffer.byteLength(body),
          },
        },
        (answer) => {
          text(answer).then(
            (content) =>
              resolve({
                status: answer.statusCode ?? 0,
                contentType: answer.headers['content-type'] ?? '',
                body: content,
              }),
            reject,
          );
        },
      );
      sent.on('error', reject);
      sent.end(body);
    });
  }
}

function give(response: http.ServerResponse, { status, contentType, body }: Answer): void {
  response.writeHead(status, { 'Content-Type': contentType, 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
}

const raw = ({ status, contentType, body }: Answer): string =>
  `HTTP/1.1 ${status} X\r\nContent-Type: ${contentType}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

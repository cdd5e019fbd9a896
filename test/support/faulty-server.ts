// A service as a bad network makes it: in front of a real one, it loses requests and answers, cuts answers short, and
// answers by itself. It keeps what it has seen.

import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { clientIdentity } from '../../src/cli/world/world.ts';
import { encodeEnvelope, encodeFault } from '../../src/contract/encode.ts';
import { type Fejlkode, fejl } from '../../src/contract/fejlkatalog.ts';
import { textOf } from './answers.ts';
import { send } from './raw-client.ts';
import type { TestService } from './service.ts';

/** What becomes of a request. */
export type Fate =
  | 'answered'
  /** Never reaches the service. */
  | 'request lost'
  /** Carried out, and nothing comes back. */
  | 'answer lost'
  /** Carried out, and half of the answer comes back. */
  | 'answer cut'
  | OwnAnswer;

/** An answer that the service itself never gave. */
export interface OwnAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A request as it came. */
export interface SeenRequest {
  /** Counted from 1, in the order of arrival. */
  readonly number: number;
  readonly personnummer: string;
  readonly identifier: string | undefined;
  readonly body: string;
  /** How many requests were under way when it came, itself included. */
  readonly underWay: number;
}

export interface FaultyServer {
  readonly url: string;
  readonly requests: readonly SeenRequest[];
  stop(): Promise<void>;
}

/** A fault of the catalogue, as the service would send it. */
export const faultAnswer = (kode: Fejlkode, message: string): OwnAnswer => ({
  status: 500,
  headers: { 'Content-Type': 'text/xml; charset=utf-8' },
  body: encodeEnvelope(encodeFault(fejl(kode, message), '00000000-0000-4000-8000-000000000000')),
});

/** Starts one with the certificate of the service, or on plain HTTP. `decide` is asked for each request. */
export async function startFaultyServer(
  service: TestService,
  decide: (request: SeenRequest) => Fate | Promise<Fate>,
): Promise<FaultyServer> {
  const requests: SeenRequest[] = [];
  let underWay = 0;

  async function take(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const body = (await buffer(request)).toString('utf8');
    underWay += 1;
    try {
      const seen: SeenRequest = {
        number: requests.length + 1,
        personnummer: textOf(body, 'Personnummer') ?? '',
        identifier: textOf(body, 'TidligPensionIdentifier'),
        body,
        underWay,
      };
      requests.push(seen);
      const fate = await decide(seen);
      if (typeof fate === 'object') {
        response.writeHead(fate.status, fate.headers).end(fate.body);
        return;
      }
      if (fate === 'request lost') return void response.destroy();
      const soapAction = String(request.headers.soapaction ?? '""');
      const answer = await send(service, { body, headers: { SOAPAction: soapAction } });
      if (fate === 'answer lost') return void response.destroy();
      const bytes = Buffer.from(answer.body);
      response.writeHead(answer.status, {
        'Content-Type': String(answer.headers['content-type']),
        'Content-Length': bytes.length,
      });
      if (fate === 'answered') response.end(bytes);
      else response.write(bytes.subarray(0, bytes.length >> 1), () => response.destroy());
    } finally {
      underWay -= 1;
    }
  }

  const { cert, key } = clientIdentity(service.world, 'server');
  const answer = (request: http.IncomingMessage, response: http.ServerResponse): void =>
    void take(request, response).catch(() => response.destroy());
  const server = service.url.startsWith('https:')
    ? https.createServer({ cert: readFileSync(cert), key: readFileSync(key) }, answer)
    : http.createServer(answer);
  server.on('tlsClientError', () => undefined); // a client that was killed
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${new URL(service.url).protocol}//127.0.0.1:${port}`,
    requests,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

// HTTP for node-soap as client: kept-alive connections, a fixed number of them, and a time limit for each call.

import http from 'node:http';
import https from 'node:https';
import type { ClientTls } from './target.ts';

/** What came back: any status counts as an answer here. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface HttpConnections {
  /** Sends a POST. Rejects when there is no whole answer in time. */
  post(url: string, body: string, headers: Readonly<Record<string, string>>): Promise<HttpAnswer>;
  close(): void;
}

/** Bytes of an answer: a citizen has a handful of forløb, and 500 beskeder are a third of this at most. */
const LONGEST_ANSWER = 8_388_608;

/** Opens connections as they are needed, at most `connections` at once. `timeout` is in milliseconds. */
export function makeConnections(
  tls: ClientTls | undefined,
  connections: number,
  timeout: number,
): HttpConnections {
  const common = { keepAlive: true, maxSockets: connections, scheduling: 'lifo' as const };
  const agent =
    tls === undefined
      ? new http.Agent(common)
      : new https.Agent({ ...common, ...tls, minVersion: 'TLSv1.2' });
  const request = tls === undefined ? http.request : https.request;
  return {
    post: (url, body, headers) =>
      new Promise((resolve, reject) => {
        const options = {
          method: 'POST',
          agent,
          headers: { ...headers, 'Content-Length': Buffer.byteLength(body) },
          signal: AbortSignal.timeout(timeout),
        };
        const sent = request(url, options, (response) => {
          const chunks: Buffer[] = [];
          let size = 0;
          response.on('data', (chunk: Buffer) => {
            size += chunk.length;
            if (size > LONGEST_ANSWER)
              sent.destroy(new Error(`the answer is longer than ${LONGEST_ANSWER} bytes`));
            else chunks.push(chunk);
          });
          response.on('end', () =>
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              body: Buffer.concat(chunks).toString('utf8'),
            }),
          );
          response.on('error', reject);
        });
        sent.on('error', reject);
        sent.end(body);
      }),
    close: () => agent.destroy(),
  };
}

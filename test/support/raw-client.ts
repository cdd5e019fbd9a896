// Sends bytes over HTTPS as one of the demo world's systems, and gives what came back, whatever it is.

import { readFileSync } from 'node:fs';
import https from 'node:https';
import { clientIdentity } from '../../src/cli/world/world.ts';
import { PENSION_SERVICE } from '../../src/contract/names.ts';
import type { TestService } from './service.ts';

export interface RawRequest {
  /** Name of the certificate files; `none` sends no certificate. */
  readonly caller?: string;
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

const agents = new Map<string, https.Agent>();

function agentFor(world: string, caller: string): https.Agent {
  const key = `${world} ${caller}`;
  let agent = agents.get(key);
  if (agent === undefined) {
    const identity = clientIdentity(world, caller === 'none' ? 'udk' : caller);
    const own =
      caller === 'none' ? {} : { cert: readFileSync(identity.cert), key: readFileSync(identity.key) };
    agent = new https.Agent({ keepAlive: true, maxSockets: 8, ca: readFileSync(identity.ca), ...own });
    agents.set(key, agent);
  }
  return agent;
}

/** Sends one request. Rejects only when the connection itself fails. */
export function send(service: TestService, request: RawRequest = {}): Promise<RawAnswer> {
  const { caller = 'udk', method = 'POST', path = PENSION_SERVICE.path, body, headers } = request;
  return new Promise((resolve, reject) => {
    const sent = https.request(
      service.url + path,
      {
        method,
        agent: agentFor(service.world, caller),
        headers: { 'Content-Type': 'text/xml; charset=utf-8', ...headers },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString('utf8'),
          }),
        );
        response.on('error', reject);
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

// The HTTP server: where it listens, with which certificates and time limits, and how it stops.

import { constants } from 'node:crypto';
import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { LIMITS } from '../contract/limits.ts';
import { SERVICES } from '../contract/names.ts';
import { makeDocuments } from './documents.ts';
import { Edge } from './edge.ts';
import { type Endpoint, type EndpointParts, makeEndpoint } from './endpoint.ts';

/** PEM texts. Without `crl` nothing is looked up for revocation. */
export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
  readonly crl?: string;
}

export interface ServerParts extends EndpointParts {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Without TLS the caller is whoever the headers say. */
  readonly tls: TlsFiles | 'off';
  /** Bytes of a request body. */
  readonly maxBody: number;
  /** Scheme, host and port that documents name; by default those the server listens on. */
  readonly publicUrl?: string;
}

export interface RunningServer {
  /** Scheme, host and port. */
  readonly url: string;
  /** Takes no more connections, waits for calls in flight (at most LIMITS.stopTimeout), then closes the rest. */
  stop(): Promise<void>;
}

const TIMEOUTS = {
  headersTimeout: LIMITS.headersTimeout,
  requestTimeout: LIMITS.requestTimeout,
  keepAliveTimeout: LIMITS.keepAliveTimeout,
  maxHeaderSize: LIMITS.maxHttpHeaders,
  connectionsCheckingInterval: 1_000,
};

/** Milliseconds between looks for idle connections while stopping. */
const IDLE_CHECK = 20;

/** Starts serving. Rejects when the address is taken or the contract files or certificates are wrong. */
export async function startServer(parts: ServerParts): Promise<RunningServer> {
  const endpoints = new Map<string, Endpoint>();
  for (const service of SERVICES) endpoints.set(service.name, await makeEndpoint(parts, service));
  const { tls } = parts;
  const server: Server =
    tls === 'off'
      ? createHttpServer(TIMEOUTS)
      : createHttpsServer({
          ...TIMEOUTS,
          ...tls,
          requestCert: true,
          rejectUnauthorized: false, // judged by us, so that the refusal can be read
          minVersion: 'TLSv1.2',
          handshakeTimeout: LIMITS.handshakeTimeout,
          // A second handshake on a connection could change who calls.
          secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
        });
  await listen(server, parts);
  const url = urlOf(server.address() as AddressInfo, tls === 'off' ? 'http' : 'https');
  const documents = makeDocuments(parts.files, SERVICES, parts.publicUrl ?? url);
  const edge = new Edge(server, { ...parts, tlsOff: tls === 'off' }, endpoints, documents);
  return { url, stop: () => stop(server, edge) };
}

function listen(server: Server, { host, port }: ServerParts): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

const urlOf = ({ address, family, port }: AddressInfo, scheme: string): string =>
  `${scheme}://${family === 'IPv6' ? `[${address}]` : address}:${port}`;

async function stop(server: Server, edge: Edge): Promise<void> {
  edge.beginStop();
  // What clients have sent by now on connections that look idle still arrives and is answered.
  await sleep(LIMITS.stopGrace);
  edge.connections.closeUnused();
  await new Promise<void>((resolve) => {
    const force = setTimeout(() => server.closeAllConnections(), LIMITS.stopTimeout);
    const idle = setInterval(() => server.closeIdleConnections(), IDLE_CHECK);
    server.close(() => {
      clearTimeout(force);
      clearInterval(idle);
      resolve();
    });
  });
  await edge.settled();
}

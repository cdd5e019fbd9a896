// The HTTP server: where it listens, with which certificates and time limits, how it takes new ones, how it stops.

import { constants } from 'node:crypto';
import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import type { SecureContextOptions } from 'node:tls';
import type { Trust } from '../access/certificates/trust.ts';
import { LIMITS } from '../contract/limits.ts';
import { SERVICES } from '../contract/names.ts';
import type { StoreFailure } from '../store/health.ts';
import { makeDocuments } from './documents.ts';
import { Edge } from './edge.ts';
import { type Endpoint, type EndpointParts, makeEndpoint } from './endpoint.ts';
import type { ServerLoad } from './load.ts';
import type { Log } from './log.ts';
import type { ProxySettings } from './proxy-certificate.ts';

/** PEM texts. */
export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
}

/**
 * Without TLS the caller is whoever the headers say. Otherwise TLS is ended here, or by a proxy, and certificates are
 * judged by `trust`, which is asked for at every call, for it may be reloaded.
 */
export type Tls =
  | 'off'
  | { readonly trust: () => Trust; readonly files: TlsFiles }
  | { readonly trust: () => Trust; readonly proxy: ProxySettings };

export interface ServerParts extends EndpointParts {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly tls: Tls;
  /** Bytes of a request body. */
  readonly maxBody: number;
  /** What is wrong with the store now, if something is. */
  readonly storeFailure: () => StoreFailure | undefined;
  /** Scheme, host and port that documents name; by default those the server listens on. */
  readonly publicUrl?: string;
}

export interface RunningServer {
  /** Scheme, host and port. */
  readonly url: string;
  /** Takes new certificates for the connections to come, and keeps those that there are. Throws for bad ones. */
  useTls(files: TlsFiles): void;
  /** What is under way now. */
  load(): ServerLoad;
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
/** Turns of the event loop in which what is on the connections is read: one does it, and a few more where it is TLS. */
const READING_TURNS = 4;

/** Starts serving. Rejects when the address is taken or the contract files or certificates are wrong. */
export async function startServer(parts: ServerParts): Promise<RunningServer> {
  const { tls } = parts;
  const endpoints = new Map<string, Endpoint>();
  for (const service of SERVICES) endpoints.set(service.name, await makeEndpoint(parts, service));
  const secure = tls !== 'off' && 'files' in tls ? createTlsServer(tls.files) : undefined;
  const server: Server = secure ?? createHttpServer(TIMEOUTS);
  server.setTimeout(LIMITS.stallTimeout);
  answerHalfClosed(server);
  limitSockets(server, parts.log);
  await listen(server, parts);
  const url = urlOf(server.address() as AddressInfo, secure ? 'https' : 'http');
  const documents = makeDocuments(parts.files, SERVICES, parts.publicUrl ?? url);
  const edge = new Edge(server, { ...parts, callers: tls }, endpoints, documents);
  return {
    url,
    useTls: (files) => secure?.setSecureContext(contextOf(files)),
    load: () => edge.load(),
    stop: () => stop(server, edge),
  };
}

/**
 * A client may close its side behind a request and still wait for the answer. Node would close the other side too, before
 * the store has answered; the property is in no list, but has been there since its beginnings.
 */
const answerHalfClosed = (server: Server): void => void Object.assign(server, { httpAllowHalfOpen: true });

/** Milliseconds between log lines about sockets that were closed at once. */
const DROP_LOG_INTERVAL = 10_000;

/** The last resort: beyond so many sockets one is closed before anything is read from it. */
export function limitSockets(server: Server, log: Log, most: number = LIMITS.maxSockets): void {
  server.maxConnections = most;
  let dropped = 0;
  let toldAt = Number.NEGATIVE_INFINITY;
  server.on('drop', () => {
    dropped += 1;
    if (performance.now() - toldAt < DROP_LOG_INTERVAL) return;
    toldAt = performance.now();
    log.warn('sockets were closed at once: there are too many', { dropped, most });
    dropped = 0;
  });
}

const createTlsServer = (files: TlsFiles): HttpsServer =>
  createHttpsServer({
    ...TIMEOUTS,
    ...contextOf(files),
    requestCert: true,
    rejectUnauthorized: false, // judged by us, so that the refusal can be read
    handshakeTimeout: LIMITS.handshakeTimeout,
  });

/**
 * What a handshake is made with. `ca` is the list of issuers that clients such as Java choose their certificate by.
 * There is no revocation list: it is looked at on every call, and in the handshake it would only hide other verdicts.
 */
const contextOf = ({ cert, key, ca }: TlsFiles): SecureContextOptions => ({
  cert,
  key,
  ca,
  minVersion: 'TLSv1.2',
  // A second handshake on a connection could change who calls.
  secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
});

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
  await takeWhatHasCome(server);
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

/**
 * Resolves when nothing that has been sent is left unseen. Time alone does not tell: a process that had none of its own
 * may not have looked since, and the system hands it one connection a turn. A turn without one says that none waits.
 */
async function takeWhatHasCome(server: Server): Promise<void> {
  const latest = performance.now() + LIMITS.stopCatchUp;
  let isNew = true;
  const come = (): void => {
    isNew = true;
  };
  server.on('connection', come);
  while (isNew && performance.now() < latest) {
    isNew = false;
    await turn();
  }
  server.off('connection', come);
  for (let turns = 0; turns < READING_TURNS; turns += 1) await turn();
}

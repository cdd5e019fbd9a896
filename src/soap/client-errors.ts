// What never becomes a request: bytes that are not HTTP, headers too large, a client that is too slow. Answered with a
// bare status and a log line, after the answers to what came before it on the connection.

import { type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { LIMITS } from '../contract/limits.ts';
import { PLAIN, XML } from './answering.ts';
import type { Log } from './log.ts';

const STATUS_OF: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/** What OpenSSL says of bytes that the peer of the handshake did not send: they say nothing about its certificate. */
const RECORD_ERROR = /^ERR_SSL_.*(RECORD|WRONG_VERSION_NUMBER|UNEXPECTED_MESSAGE|PACKET_LENGTH)/;

/** What the handler asks of the edge. */
export interface ClientErrorParts {
  readonly log: Log;
  newId(): string;
  /** Resolves when every request taken on that connection has been answered. */
  answered(socket: Duplex): Promise<void>;
  /** The fault (1012) for a certificate that TLS itself stumbles over once the handshake is done. */
  refuseCertificate(correlationId: string, socket: Duplex): Promise<string>;
}

/** Answers them on that server. Gives which connections were cut off for being too slow. */
export function answerClientErrors(server: Server, parts: ClientErrorParts): WeakSet<Duplex> {
  const tooSlow = new WeakSet<Duplex>();
  /** One such answer ends a connection, however much more of the same comes. */
  const ended = new WeakSet<Duplex>();

  const end = async (socket: Duplex, status: number, reason: string | undefined): Promise<void> => {
    await parts.answered(socket);
    const correlationId = parts.newId();
    parts.log.info('answered', { correlationId, status, reason });
    write(socket, correlationId, status, PLAIN, `${STATUS_CODES[status]}\n`);
  };
  const endWithFault = async (socket: Duplex): Promise<void> => {
    const correlationId = parts.newId();
    write(socket, correlationId, 500, XML, await parts.refuseCertificate(correlationId, socket));
  };

  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    if (ended.has(socket)) return;
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    ended.add(socket);
    const status = STATUS_OF[error.code ?? ''] ?? 400;
    if (status === 408) tooSlow.add(socket);
    if (RECORD_ERROR.test(error.code ?? '')) {
      parts.log.info('cut off: bytes that are not of the TLS connection', { reason: error.code });
      socket.destroy();
      return;
    }
    // OpenSSL keeps what it found wrong with a certificate until the first read.
    const isTls = /^ERR_(SSL|OSSL)/.test(error.code ?? '');
    (isTls ? endWithFault(socket) : end(socket, status, error.code)).catch(() => socket.destroy());
  });
  server.on('connect', (_request: IncomingMessage, socket: Duplex) => {
    ended.add(socket);
    end(socket, 405, 'CONNECT').catch(() => socket.destroy());
  });
  return tooSlow;
}

/** Writes an answer without a request, and closes once the client has had time to read it. */
function write(
  socket: Duplex,
  correlationId: string,
  status: number,
  contentType: string,
  text: string,
): void {
  socket.on('error', () => undefined);
  if (socket.writable) {
    socket.end(
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nX-Correlation-Id: ${correlationId}\r\n` +
        `Content-Type: ${contentType}\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
    );
  }
  // What the client goes on to send is taken, or closing would take the answer away from it.
  socket.resume();
  setTimeout(() => socket.destroy(), LIMITS.discardTimeout).unref();
}

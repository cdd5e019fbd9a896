// What never becomes a request: bytes that are not HTTP, headers too large, a client that is too slow. Answered with a
// bare status, and a log line.

import { type Server, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { LIMITS } from '../contract/limits.ts';
import { PLAIN, XML } from './answering.ts';
import type { Log } from './log.ts';

const STATUS_OF: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/** What the handler asks of the edge. */
export interface ClientErrorParts {
  readonly log: Log;
  newId(): string;
  /** Whether an answer is on its way on that connection already. */
  isAnswering(socket: Duplex): boolean;
  /** The fault (1012) for a certificate that TLS itself stumbles over once the handshake is done. */
  refuseCertificate(correlationId: string, socket: Duplex): Promise<string>;
}

/** Answers them on that server. Gives which connections were cut off for being too slow. */
export function answerClientErrors(server: Server, parts: ClientErrorParts): WeakSet<Duplex> {
  const tooSlow = new WeakSet<Duplex>();
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    if (error.code === 'ECONNRESET' || !socket.writable || parts.isAnswering(socket)) {
      socket.destroy();
      return;
    }
    const correlationId = parts.newId();
    if (/^ERR_(SSL|OSSL)/.test(error.code ?? '')) {
      // OpenSSL keeps what it found wrong with a certificate until the first read.
      parts
        .refuseCertificate(correlationId, socket)
        .then((xml) => write(socket, correlationId, 500, XML, xml))
        .catch(() => socket.destroy());
      return;
    }
    const status = STATUS_OF[error.code ?? ''] ?? 400;
    if (status === 408) tooSlow.add(socket);
    parts.log.info('answered', { correlationId, status, reason: error.code });
    write(socket, correlationId, status, PLAIN, `${STATUS_CODES[status]}\n`);
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
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nX-Correlation-Id: ${correlationId}\r\n` +
      `Content-Type: ${contentType}\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
  );
  // What the client goes on to send is taken, or closing would take the answer away from it.
  socket.resume();
  setTimeout(() => socket.destroy(), LIMITS.discardTimeout).unref();
}

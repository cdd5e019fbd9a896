// The certificate of each connection, read once, when its handshake is done: later the connection may say otherwise.

import type { Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import type { ClientCertificate } from '../access/identitet.ts';

/** Reads them on that server. Gives the certificate that came with a connection, if one did. */
export function rememberCertificates(server: Server): (socket: Duplex) => ClientCertificate | undefined {
  const certificates = new WeakMap<Duplex, ClientCertificate | undefined>();
  server.on('secureConnection', (socket: TLSSocket) => certificates.set(socket, certificateOf(socket)));
  return (socket) => certificates.get(socket);
}

/** The certificate and what the handshake found wrong with it. */
function certificateOf(socket: TLSSocket): ClientCertificate | undefined {
  const x509 = socket.getPeerX509Certificate();
  if (x509 === undefined) return undefined;
  const error = socket.authorizationError as unknown;
  if (socket.authorized || error === null || error === undefined) return { x509 };
  return {
    x509,
    handshakeError:
      error instanceof Error ? ((error as NodeJS.ErrnoException).code ?? error.message) : String(error),
  };
}

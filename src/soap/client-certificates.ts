// The certificate of each TLS connection, read once, when its handshake is done: later the connection may say
// otherwise. A resumed session has the certificate, but no more the authorities that came with it.

import type { X509Certificate } from 'node:crypto';
import type { Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { type ClientCertificate, clientCertificate } from '../access/certificates/client-certificate.ts';

/** Reads them on that server. Gives the certificate that came with a connection, if one did. */
export function rememberCertificates(server: Server): (socket: Duplex) => ClientCertificate | undefined {
  const certificates = new WeakMap<Duplex, ClientCertificate | undefined>();
  server.on('secureConnection', (socket: TLSSocket) => certificates.set(socket, certificateOf(socket)));
  return (socket) => certificates.get(socket);
}

function certificateOf(socket: TLSSocket): ClientCertificate | undefined {
  const x509 = socket.getPeerX509Certificate();
  return x509 && clientCertificate([x509, ...above(x509)]);
}

/** What the client sent along, in its order. */
function* above(x509: X509Certificate): Generator<X509Certificate> {
  for (let at = x509.issuerCertificate; at !== undefined; at = at.issuerCertificate) yield at;
}

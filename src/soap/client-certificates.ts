// The certificate of each TLS connection, read once, when its handshake is done: later the connection may say
// otherwise. A resumed session has the certificate, but no more the authorities that came with it.

import { X509Certificate } from 'node:crypto';
import type { Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { DetailedPeerCertificate, TLSSocket } from 'node:tls';
import { BoundedMap } from '../access/certificates/bounded-map.ts';
import { type ClientCertificate, clientCertificate } from '../access/certificates/client-certificate.ts';

/** Certificates that are kept read: clients come again and again. */
const MAX_READ = 1_000;

/** Reads them on that server. Gives the certificate that came with a connection, if one did. */
export function rememberCertificates(server: Server): (socket: Duplex) => ClientCertificate | undefined {
  const certificates = new WeakMap<Duplex, ClientCertificate | undefined>();
  const known = new BoundedMap<string, X509Certificate>(MAX_READ);
  const read = ({ raw, fingerprint256 }: DetailedPeerCertificate): X509Certificate => {
    const x509 = known.get(fingerprint256) ?? new X509Certificate(raw);
    known.set(fingerprint256, x509);
    return x509;
  };
  server.on('secureConnection', (socket: TLSSocket) => certificates.set(socket, certificateOf(socket, read)));
  return (socket) => certificates.get(socket);
}

/**
 * Node's own getPeerX509Certificate would be shorter, but keeps ten kilobytes of each connection for ever (24.20, on a
 * server); so only the bytes are taken, and read anew.
 */
function certificateOf(
  socket: TLSSocket,
  read: (sent: DetailedPeerCertificate) => X509Certificate,
): ClientCertificate | undefined {
  const [x509, ...sent] = [...sentBy(socket.getPeerCertificate(true))].map(read);
  return x509 && clientCertificate([x509, ...sent]);
}

/** The certificate and what stands above it; nothing where the client has sent none. */
function* sentBy(certificate: DetailedPeerCertificate): Generator<DetailedPeerCertificate> {
  const seen = new Set<string>(); // one that issued itself stands above itself
  let at: DetailedPeerCertificate | undefined = certificate;
  while (at?.raw !== undefined && !seen.has(at.fingerprint256)) {
    seen.add(at.fingerprint256);
    yield at;
    at = at.issuerCertificate;
  }
}

// Whether this Node.js shows a server the authorities that a client sends along: 24.21.0 and 26.8 to 26.9 lose them
// (nodejs/node#65579).

import { once } from 'node:events';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import tls, { type TLSSocket } from 'node:tls';
import { authority, certificate } from './pki.ts';

/** Why tests are skipped where it does not. */
export const SENT_AUTHORITIES_LOST = `Node.js ${process.version} loses what a client sends along (nodejs/node#65579)`;

/** Makes a handshake to find out. */
export async function showsSentAuthorities(): Promise<boolean> {
  const root = await authority('CN=root');
  const issuing = await authority('CN=issuing', { issuer: root });
  const [own, client] = await Promise.all([certificate(), certificate({ issuer: issuing })]);
  const server = https.createServer({
    cert: own.pem,
    key: own.key,
    ca: root.pem,
    requestCert: true,
    rejectUnauthorized: false,
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const taken = once(server, 'secureConnection') as Promise<[TLSSocket]>;
  const cert = client.pem + issuing.pem;
  const socket = tls.connect({ port, host: '127.0.0.1', cert, key: client.key, rejectUnauthorized: false });
  socket.on('error', () => undefined);
  const [connection] = await taken;
  const isShown = connection.getPeerX509Certificate()?.issuerCertificate !== undefined;
  connection.destroy();
  socket.destroy();
  server.close();
  return isShown;
}

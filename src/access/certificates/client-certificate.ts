// A client's certificate as it came: by a TLS handshake, or in a header of the proxy that ended TLS.

import { X509Certificate } from 'node:crypto';
import { pemBlocks } from './pem.ts';

/** A certificate that was presented, and what came with it. Nothing of it has been judged. */
export interface ClientCertificate {
  readonly x509: X509Certificate;
  /** SHA-256, 64 hexadecimal digits in lower case. */
  readonly fingerprint: string;
  /** The authorities that the client sent along, in any order. */
  readonly sent: readonly X509Certificate[];
}

/** Certificates taken of those a client sends along; a longer chain leads nowhere. */
const MAX_SENT = 8;

const LABEL = 'CERTIFICATE';
const BLOCK = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

/** SHA-256 of the certificate, 64 hexadecimal digits in lower case. */
export const fingerprintOf = (x509: X509Certificate): string =>
  x509.fingerprint256.replaceAll(':', '').toLowerCase();

/** Puts together what came. */
export const clientCertificate = ([x509, ...sent]: readonly [
  X509Certificate,
  ...X509Certificate[],
]): ClientCertificate => ({
  x509,
  fingerprint: fingerprintOf(x509),
  sent: sent.slice(0, MAX_SENT),
});

/** The certificates in a PEM text, whatever else stands in it. Throws when one cannot be read. */
export const certificatesIn = (pem: string): X509Certificate[] =>
  pemBlocks(pem, LABEL).map((der) => new X509Certificate(der));

/** True when a PEM text holds certificates and nothing besides. */
export const isCertificatesOnly = (pem: string): boolean => pem.replace(BLOCK, '').trim() === '';

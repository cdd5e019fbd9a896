// Looks at PEM files before they are used: OpenSSL takes many a wrong file in silence and then trusts nobody.

import { createPrivateKey, X509Certificate } from 'node:crypto';

const CERTIFICATES = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;
const REVOCATION_LIST = /-----BEGIN X509 CRL-----[\s\S]+?-----END X509 CRL-----/;

/** What is wrong with a file that should hold one or more certificates; undefined when nothing is. */
export function certificateProblem(pem: string): string | undefined {
  const blocks = pem.match(CERTIFICATES) ?? [];
  if (blocks.length === 0) return 'it holds no certificate in PEM form';
  return blocks.every(isCertificate) ? undefined : 'a certificate in it cannot be read as PEM';
}

/** What is wrong with a file that should hold a private key without a password. */
export const keyProblem = (pem: string): string | undefined =>
  readKey(pem) === undefined ? 'it holds no private key in PEM form, or one with a password' : undefined;

/** What is wrong with a file that should hold a revocation list. */
export const revocationListProblem = (pem: string): string | undefined =>
  REVOCATION_LIST.test(pem) ? undefined : 'it holds no revocation list in PEM form (BEGIN X509 CRL)';

/** Whether a certificate and a key, both usable by themselves, belong together. */
export const belongTogether = (certificate: string, key: string): boolean =>
  new X509Certificate(certificate).checkPrivateKey(readKey(key)!);

function isCertificate(block: string): boolean {
  try {
    return new X509Certificate(block).serialNumber !== '';
  } catch {
    return false;
  }
}

function readKey(pem: string) {
  try {
    return createPrivateKey(pem);
  } catch {
    return undefined;
  }
}

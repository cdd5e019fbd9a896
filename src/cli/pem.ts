// Looks at PEM files before they are used: OpenSSL takes many a wrong file in silence and then trusts nobody.

import { createPrivateKey, X509Certificate } from 'node:crypto';
import { certificatesIn } from '../access/certificates/client-certificate.ts';

/** What is wrong with a file that should hold one or more certificates; undefined when nothing is. */
export function certificateProblem(pem: string): string | undefined {
  try {
    return certificatesIn(pem).length === 0 ? 'it holds no certificate in PEM form' : undefined;
  } catch {
    return 'a certificate in it cannot be read as PEM';
  }
}

/** What is wrong with a file that should hold a private key without a password. */
export const keyProblem = (pem: string): string | undefined =>
  readKey(pem) === undefined ? 'it holds no private key in PEM form, or one with a password' : undefined;

/** Whether a certificate and a key, both usable by themselves, belong together. */
export const belongTogether = (certificate: string, key: string): boolean =>
  new X509Certificate(certificate).checkPrivateKey(readKey(key)!);

function readKey(pem: string) {
  try {
    return createPrivateKey(pem);
  } catch {
    return undefined;
  }
}

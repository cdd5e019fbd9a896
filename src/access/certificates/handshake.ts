// OpenSSL's verdict in the handshake, as a second opinion: only on what is not judged at every call anyway, for a
// handshake's verdict on trust or time would outlive a reload on a connection that is kept.

import { PROBLEM } from './problems.ts';

/** What `trust.ts` judges itself. */
const JUDGED_HERE = new Set([
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'CERT_UNTRUSTED',
  'CERT_REJECTED',
  'CERT_NOT_YET_VALID',
  'CERT_HAS_EXPIRED',
  'CERT_REVOKED',
  'UNABLE_TO_GET_CRL',
  'CRL_NOT_YET_VALID',
  'CRL_HAS_EXPIRED',
  'INVALID_PURPOSE',
]);

const TEXTS: Readonly<Record<string, string>> = {
  CERT_SIGNATURE_FAILURE: PROBLEM.badSignature,
  PATH_LENGTH_EXCEEDED: PROBLEM.pathTooLong,
  INVALID_CA: PROBLEM.notAnAuthority,
};

/** What OpenSSL adds to our own verdict; undefined for nothing. */
export function handshakeProblem(code: string | undefined): string | undefined {
  if (code === undefined || JUDGED_HERE.has(code)) return undefined;
  return TEXTS[code] ?? `the certificate cannot be verified (${code})`;
}

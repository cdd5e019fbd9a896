// From the certificate of a connection to the system that calls. Every certificate is taken through the handshake
// and judged here, on every call, so that each refusal can be read.

import type { X509Certificate } from 'node:crypto';
import { afvist, type Fejl, fejl, ok, type Resultat } from '../contract/fejlkatalog.ts';
import type { Organisationer, System } from './organisationer.ts';

/** What the handshake says of the client's certificate. */
export interface ClientCertificate {
  readonly x509: X509Certificate;
  /** OpenSSL's verdict on chain, dates, revocation and purpose; undefined when it found nothing wrong. */
  readonly handshakeError?: string;
}

/** Who calls. Without TLS (`off`) there is no system, and the caller is whoever the headers say. */
export interface Identitet {
  /** SHA-256 of the certificate, 64 hexadecimal digits; `(tls off)` without TLS. */
  readonly certificate: string;
  readonly system?: System;
}

export const TLS_OFF: Identitet = { certificate: '(tls off)' };

const SELF_SIGNED = 'the certificate is self-signed';
const NOT_TRUSTED = 'the certificate was issued by an authority that is not trusted here';

const REASONS: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'the certificate has expired',
  CERT_NOT_YET_VALID: 'the certificate is not yet valid',
  CERT_REVOKED: 'the certificate has been revoked',
  DEPTH_ZERO_SELF_SIGNED_CERT: SELF_SIGNED,
  SELF_SIGNED_CERT_IN_CHAIN: NOT_TRUSTED,
  UNABLE_TO_GET_ISSUER_CERT: NOT_TRUSTED,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: NOT_TRUSTED,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: NOT_TRUSTED,
  CERT_SIGNATURE_FAILURE: 'the signature of the certificate is not that of a trusted authority',
  INVALID_PURPOSE: 'the certificate is not for client use',
  CRL_HAS_EXPIRED: 'the revocation list of the service has expired; tell its operators',
};

/** SHA-256 of the certificate, 64 hexadecimal digits in lower case. */
export const fingerprintOf = (x509: X509Certificate): string =>
  x509.fingerprint256.replaceAll(':', '').toLowerCase();

/** Judges the certificate of a call: none 1101, not trusted or mapped to no system 1012, naming the reason. */
export function identify(
  certificate: ClientCertificate | undefined,
  organisationer: Organisationer,
  now: Date,
): Resultat<Identitet> {
  if (certificate === undefined) {
    return afvist(
      fejl(
        1101,
        'No client certificate came with the connection. Configure one, with its key; some clients withhold a certificate whose issuer the service does not list.',
      ),
    );
  }
  const { x509, handshakeError } = certificate;
  const problem = datesProblem(x509, now) ?? (handshakeError && reasonFor(handshakeError, x509));
  const fingerprint = fingerprintOf(x509);
  if (problem !== undefined) return afvist(logonFailed(problem, fingerprint));
  const system = organisationer.systems.find((known) => isSystem(known, x509, fingerprint));
  if (system === undefined)
    return afvist(logonFailed('the certificate is valid but belongs to no system known here', fingerprint));
  return ok({ certificate: fingerprint, system });
}

/** The refusal of a certificate, naming what is wrong with it. */
export const logonFailed = (problem: string, fingerprint?: string): Fejl =>
  fejl(
    1012,
    `Logon failed: ${problem}${fingerprint === undefined ? '' : ` (SHA-256 fingerprint ${fingerprint})`}.`,
  );

/** With a revocation list set, OpenSSL misses the list of an unknown issuer before it misses the issuer. */
const reasonFor = (code: string, x509: X509Certificate): string =>
  code === 'UNABLE_TO_GET_CRL' ? (x509.checkIssued(x509) ? SELF_SIGNED : NOT_TRUSTED) : reasonOf(code);

const reasonOf = (code: string): string => REASONS[code] ?? `the certificate cannot be verified (${code})`;

function datesProblem(x509: X509Certificate, now: Date): string | undefined {
  if (now > x509.validToDate) return REASONS.CERT_HAS_EXPIRED;
  if (now < x509.validFromDate) return REASONS.CERT_NOT_YET_VALID;
  return undefined;
}

function isSystem(system: System, x509: X509Certificate, fingerprint: string): boolean {
  if (system.fingerprint256 !== undefined) return system.fingerprint256 === fingerprint;
  const subject = nameParts(x509.subject);
  const wanted = system.subject!;
  return (
    sameName(system.issuer!, x509.issuer) &&
    (wanted.organizationIdentifier === undefined ||
      subject.includes(`organizationIdentifier=${wanted.organizationIdentifier}`)) &&
    (wanted.serialNumber === undefined || subject.includes(`serialNumber=${wanted.serialNumber}`))
  );
}

/** The parts of a distinguished name, written on lines or separated by commas. */
const nameParts = (name: string): string[] =>
  name
    .split(/\n|(?<!\\),\s*(?=[A-Za-z0-9.]+=)/)
    .map((part) => part.trim())
    .filter((part) => part !== '');

const sameName = (a: string, b: string): boolean =>
  nameParts(a).toSorted().join('\n') === nameParts(b).toSorted().join('\n');

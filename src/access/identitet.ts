// Who calls: from the certificate of a call to the system that it belongs to. Judged on every call, so that each
// refusal can be read and no verdict outlives its reason.

import type { X509Certificate } from 'node:crypto';
import { afvist, type Fejl, fejl, ok, type Resultat } from '../contract/fejlkatalog.ts';
import type { ClientCertificate } from './certificates/client-certificate.ts';
import {
  isSameName,
  ORGANIZATION_IDENTIFIER,
  partsOfText,
  SERIAL_NUMBER,
} from './certificates/distinguished-name.ts';
import { fieldsOf } from './certificates/fields.ts';
import { PROBLEM } from './certificates/problems.ts';
import type { Trust } from './certificates/trust.ts';
import type { Organisationer, System } from './organisationer.ts';

/** Who calls. Without TLS (`off`) there is no system, and the caller is whoever the headers say. */
export interface Identitet {
  /** SHA-256 of the certificate, 64 hexadecimal digits; `(tls off)` without TLS. */
  readonly certificate: string;
  readonly system?: System;
}

export const TLS_OFF: Identitet = { certificate: '(tls off)' };

/** What a certificate is judged by: both may be other ones at the next call. */
export interface Judges {
  readonly trust: Trust;
  readonly organisationer: Organisationer;
}

/** Judges the certificate of a call: none 1101, not trusted or mapped to no system 1012, naming the reason. */
export function identify(
  certificate: ClientCertificate | undefined,
  { trust, organisationer }: Judges,
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
  const { x509, fingerprint } = certificate;
  const problem = trust.problemOf(certificate, now);
  if (problem !== undefined) return afvist(logonFailed(problem, fingerprint));
  const system = organisationer.systems.find((known) => isSystem(known, x509, fingerprint));
  if (system === undefined) return afvist(logonFailed(PROBLEM.noSystem, fingerprint));
  return ok({ certificate: fingerprint, system });
}

/** The refusal of a certificate, naming what is wrong with it. */
export const logonFailed = (problem: string, fingerprint?: string): Fejl =>
  fejl(
    1012,
    `Logon failed: ${problem}${fingerprint === undefined ? '' : ` (SHA-256 fingerprint ${fingerprint})`}.`,
  );

function isSystem(system: System, x509: X509Certificate, fingerprint: string): boolean {
  if (system.fingerprint256 === fingerprint) return true;
  if (system.subject === undefined) return false;
  const { issuerParts, subjectParts } = fieldsOf(x509);
  const has = (type: string, wanted: string | undefined): boolean =>
    wanted === undefined || subjectParts.some((part) => part.type === type && part.value === wanted);
  return (
    has(ORGANIZATION_IDENTIFIER, system.subject.organizationIdentifier) &&
    has(SERIAL_NUMBER, system.subject.serialNumber) &&
    isSameName(issuerParts, partsOfText(system.issuer!))
  );
}

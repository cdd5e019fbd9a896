// From a certificate up to an authority that is trusted: which ways there are, and whether a way holds. Nothing here
// depends on the time.

import type { X509Certificate } from 'node:crypto';
import { type CertificateFields, fieldsOf, isReadable } from './fields.ts';
import { PROBLEM } from './problems.ts';

/** The certificate first, then each one's issuer, last an authority that is trusted. */
export type Path = readonly X509Certificate[];

/** Certificates in a path. */
const MAX_LENGTH = 6;
/** Candidates looked at for one certificate: a stranger may send authorities that all bear the same name. */
const MAX_STEPS = 100;

const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';

/**
 * The paths that a certificate claims, by names and key identifiers; no signature has been looked at. A path ends at
 * an authority whose own issuer is not listed: where an issuing authority is listed with its root, it goes to the
 * root, so that the root's revocation list counts.
 */
export function* claimedPaths(
  leaf: X509Certificate,
  authorities: readonly X509Certificate[],
  intermediates: readonly X509Certificate[],
): Generator<Path> {
  const listed = new Set(authorities.map((x509) => x509.fingerprint256));
  const others = unlisted(intermediates, listed);
  let steps = 0;
  function* climb(path: Path): Generator<Path> {
    const last = path.at(-1)!;
    const isIssuer = (candidate: X509Certificate): boolean =>
      !path.some((x509) => x509.fingerprint256 === candidate.fingerprint256) && last.checkIssued(candidate);
    const isListed = path.length > 1 && listed.has(last.fingerprint256);
    const isRoot = isListed && isSelfIssued(last);
    const above = isRoot ? [] : [...authorities, ...(isListed ? [] : others)].filter(isIssuer);
    if (isListed && above.length === 0) yield path;
    if (path.length === MAX_LENGTH) return;
    for (const issuer of above) {
      steps += 1;
      if (steps > MAX_STEPS) return;
      yield* climb([...path, issuer]);
    }
  }
  yield* climb([leaf]);
}

/** Each certificate once, without those that are listed. */
const unlisted = (all: readonly X509Certificate[], listed: ReadonlySet<string>): X509Certificate[] => [
  ...new Map(
    all
      .map((x509) => [x509.fingerprint256, x509] as const)
      .filter(([fingerprint]) => !listed.has(fingerprint)),
  ).values(),
];

/** Whether a certificate bears its own name as that of its issuer. */
export const isSelfIssued = (x509: X509Certificate): boolean => x509.subject === x509.issuer;

/** What is wrong with a path, whatever the time; undefined when nothing is. */
export function pathProblem(path: Path): string | undefined {
  if (!isSigned(path)) return PROBLEM.badSignature;
  if (!path.every(isReadable)) return PROBLEM.unreadable;
  return formProblem(path, path.map(fieldsOf));
}

/** From above, so that no key of a stranger is ever used to verify anything. */
function isSigned(path: Path): boolean {
  try {
    for (let at = path.length - 2; at >= 0; at -= 1) {
      if (!path[at]!.verify(path[at + 1]!.publicKey)) return false;
    }
    return true;
  } catch {
    return false; // a key of an unknown kind
  }
}

function formProblem(path: Path, fields: readonly CertificateFields[]): string | undefined {
  if (!path.slice(1).every((x509) => x509.ca)) return PROBLEM.notAnAuthority;
  if (!fields.every(({ pathLength }, at) => at === 0 || authoritiesBelow(path, at) <= (pathLength ?? at)))
    return PROBLEM.pathTooLong;
  if (fields.some(({ hasUnknownCritical }) => hasUnknownCritical)) return PROBLEM.unknownExtension;
  // The signature of the last one is its own, or that of somebody who is not asked.
  const signatures = fields.slice(0, -1).every(({ isStrongSignature }) => isStrongSignature);
  if (!signatures || !fields.every(({ isStrongKey }) => isStrongKey)) return PROBLEM.tooWeak;
  return isForClients(fields) ? undefined : PROBLEM.notForClientUse;
}

/** Authorities between the one at `at` and the certificate; one that renews itself does not count. */
const authoritiesBelow = (path: Path, at: number): number =>
  path.slice(1, at).filter((x509) => !isSelfIssued(x509)).length;

/** Where purposes are named, client authentication is among them, for authorities too. */
function isForClients(fields: readonly CertificateFields[]): boolean {
  const { keyUsage } = fields[0]!;
  if (keyUsage !== undefined && !keyUsage.digitalSignature && !keyUsage.keyAgreement) return false;
  return fields.every(({ purposes }) => purposes === undefined || purposes.includes(CLIENT_AUTH));
}

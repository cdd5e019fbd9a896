// The judge of client certificates: at every call, whether a certificate leads to an authority that is trusted here,
// holds today, and has not been revoked. Signatures are verified once for each certificate; the time is looked at
// always.

import type { X509Certificate } from 'node:crypto';
import { BoundedMap } from './bounded-map.ts';
import { type ClientCertificate, certificatesIn } from './client-certificate.ts';
import { isReadable } from './fields.ts';
import { claimedPaths, isSelfIssued, type Path, pathProblem } from './path.ts';
import { PROBLEM } from './problems.ts';
import { isNamedBy, listsBy, makeRevocation, noRevocation } from './revocation.ts';
import { type RevocationList, revocationListsIn } from './revocation-list.ts';

export interface Trust {
  /** What is wrong with a certificate now; undefined when nothing is. */
  problemOf(certificate: ClientCertificate, now: Date): string | undefined;
  /** What the operators should know: authorities without a revocation list, lists without an authority. */
  readonly remarks: readonly string[];
}

/** Authorities or lists that cannot be used, and why. */
export class TrustError extends Error {
  override readonly name = 'TrustError';
}

/** Certificates whose path is remembered. */
const MAX_KNOWN = 1_000;
/** Intermediate authorities that are remembered. */
const MAX_INTERMEDIATES = 100;

/**
 * Intermediate authorities that clients have sent and that led to an authority trusted here: a resumed session has
 * no more of them. It outlives a reload, for what is remembered is verified anew by whoever uses it.
 */
export class Intermediates {
  readonly #known = new BoundedMap<string, X509Certificate>(MAX_INTERMEDIATES);

  /** Remembers the authorities between a certificate and the trusted one. */
  learn(path: Path): void {
    for (const x509 of path.slice(1, -1)) this.#known.set(x509.fingerprint256, x509);
  }

  all(): X509Certificate[] {
    return this.#known.values();
  }
}

/** Makes the judge. Throws TrustError for authorities, RevocationListError or TrustError for lists. */
export function makeTrust(
  authorities: readonly X509Certificate[],
  lists: readonly RevocationList[] | undefined,
  intermediates: Intermediates,
): Trust {
  const revocationProblem = lists === undefined ? noRevocation : makeRevocation(lists);
  const known = new BoundedMap<string, Path>(MAX_KNOWN);
  const timeProblem = (path: Path, now: Date): string | undefined =>
    datesProblem(path, now) ?? revocationProblem(path, now);

  const problemOf = ({ x509, fingerprint, sent }: ClientCertificate, now: Date): string | undefined => {
    const before = known.get(fingerprint);
    if (before !== undefined && timeProblem(before, now) === undefined) return undefined;
    // Another path may hold now: an authority has been renewed, say.
    known.delete(fingerprint);
    let problem: string | undefined;
    for (const path of claimedPaths(x509, authorities, [...sent, ...intermediates.all()])) {
      const found = pathProblem(path) ?? timeProblem(path, now);
      if (found === undefined) {
        known.set(fingerprint, path);
        intermediates.learn(path);
        return undefined;
      }
      problem ??= found;
    }
    return (
      datesProblem([x509], now) ?? problem ?? (isSelfIssued(x509) ? PROBLEM.selfSigned : PROBLEM.notTrusted)
    );
  };
  return { problemOf, remarks: lists === undefined ? [] : remarksOn(authorities, lists) };
}

/** Reads the authorities that are trusted. Throws TrustError when one cannot be. */
export function readAuthorities(pem: string): X509Certificate[] {
  const authorities = certificatesIn(pem);
  const wrong = authorities.find((x509) => !x509.ca);
  if (wrong !== undefined)
    throw new TrustError(
      `the certificate ${nameOf(wrong)} in it is not an authority's (basicConstraints CA)`,
    );
  const unreadable = authorities.find((x509) => !isReadable(x509));
  if (unreadable !== undefined)
    throw new TrustError(`the certificate ${nameOf(unreadable)} in it has an extension that cannot be read`);
  return authorities;
}

/** Reads the revocation lists. Throws TrustError when one that bears the name of an authority is not signed by it. */
export function readRevocationLists(
  pem: string,
  authorities: readonly X509Certificate[],
  parse: (pem: string) => RevocationList[] = revocationListsIn,
): RevocationList[] {
  const lists = parse(pem);
  for (const list of lists) {
    const named = authorities.filter((authority) => isNamedBy(list, authority));
    if (named.length > 0 && !named.some((authority) => list.isSignedBy(authority)))
      throw new TrustError(
        `the revocation list of ${nameOf(named[0]!)} in it was not signed by that authority`,
      );
  }
  return lists;
}

function remarksOn(authorities: readonly X509Certificate[], lists: readonly RevocationList[]): string[] {
  const without = authorities.filter((authority) => listsBy(authority, lists).length === 0);
  const unknown = lists.filter((list) => !authorities.some((authority) => isNamedBy(list, authority)));
  return [
    ...without.map(
      (x509) => `there is no revocation list of ${nameOf(x509)}: every certificate that it issued is refused`,
    ),
    ...(unknown.length === 0
      ? []
      : [`revocation lists of authorities that are not listed themselves: ${unknown.length}`]),
  ];
}

function datesProblem(path: Path, now: Date): string | undefined {
  for (const [at, x509] of path.entries()) {
    if (now > x509.validToDate) return at === 0 ? PROBLEM.expired : PROBLEM.authorityExpired;
    if (now < x509.validFromDate) return at === 0 ? PROBLEM.notYetValid : PROBLEM.authorityNotYetValid;
  }
  return undefined;
}

const nameOf = (x509: X509Certificate): string => `"${x509.subject.replaceAll('\n', ', ')}"`;

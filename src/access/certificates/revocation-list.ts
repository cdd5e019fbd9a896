// Reads revocation lists: who issued each, when it holds, which serial numbers are on it.

import type { X509Certificate } from 'node:crypto';
import {
  childrenOf,
  context,
  type DerElement,
  DerError,
  expectTag,
  integerHex,
  isTime,
  readDer,
  TAG,
  timeOf,
} from './der.ts';
import { extensionIn, extensionsIn, fieldsOf } from './fields.ts';
import { PemError, pemBlocks } from './pem.ts';
import { isSignedWith, signatureAlgorithm } from './signatures.ts';

export interface RevocationList {
  /** The distinguished name of the authority, as it is encoded. */
  readonly issuer: Buffer;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date;
  /** Serial numbers, as `serialNumberOf` gives them. */
  readonly revoked: ReadonlySet<string>;
  /** Whether the key of that authority signed the list, and may. */
  isSignedBy(authority: X509Certificate): boolean;
}

/** A list that cannot be used, and why. */
export class RevocationListError extends Error {
  override readonly name = 'RevocationListError';
}

/** The serial number of a certificate as lists have it. */
export const serialNumberOf = (x509: X509Certificate): string => fieldsOf(x509).serialNumber;

/** Every revocation list in a PEM text. Throws RevocationListError when one cannot be used. */
export function revocationListsIn(pem: string): RevocationList[] {
  try {
    const lists = pemBlocks(pem, 'X509 CRL');
    if (lists.length === 0)
      throw new RevocationListError('it holds no revocation list in PEM form (BEGIN X509 CRL)');
    return lists.map(readList);
  } catch (error) {
    if (!(error instanceof DerError || error instanceof PemError)) throw error;
    throw new RevocationListError('a revocation list in it cannot be read, or is cut off');
  }
}

function readList(der: Buffer): RevocationList {
  const [signed, identifier, signature] = childrenOf(readDer(der));
  const algorithm = signatureAlgorithm(expectTag(identifier, TAG.sequence));
  if (algorithm === undefined)
    throw new RevocationListError('a revocation list in it is signed with an algorithm that is not accepted');
  const parts = childrenOf(expectTag(signed, TAG.sequence));
  // version (optional), signature, issuer, thisUpdate, nextUpdate (optional), revoked (optional), extensions
  const [issuer, thisUpdate, ...rest] = parts.slice(parts[0]?.tag === TAG.integer ? 2 : 1);
  if (!isTime(rest[0]))
    throw new RevocationListError('a revocation list in it does not say until when it holds');
  const entries = rest[1]?.tag === TAG.sequence ? childrenOf(rest[1]) : [];
  checkExtensions(extensionsIn(rest.find(({ tag }) => tag === context(0))));
  const bits = expectTag(signature, TAG.bitString).content.subarray(1); // behind the number of unused bits
  return {
    issuer: expectTag(issuer, TAG.sequence).whole,
    thisUpdate: timeOf(thisUpdate),
    nextUpdate: timeOf(rest[0]),
    revoked: new Set(entries.map(serialNumberIn)),
    isSignedBy: (authority) =>
      fieldsOf(authority).keyUsage?.crlSign !== false &&
      isSignedWith(authority.publicKey, algorithm, signed!.whole, bits),
  };
}

/** `SEQUENCE { serialNumber, revocationDate, extensions (optional) }` */
function serialNumberIn(entry: DerElement): string {
  const [serialNumber, , extensions] = childrenOf(entry);
  if (extensions !== undefined) checkExtensions(childrenOf(extensions).map(extensionIn));
  return integerHex(serialNumber);
}

/**
 * A list that is partial, or only changes another one, or speaks for other authorities, says so in a critical
 * extension. To take it for a whole one would let revoked certificates in.
 */
function checkExtensions(
  extensions: readonly { readonly oid: string; readonly isCritical: boolean }[],
): void {
  const critical = extensions.find(({ isCritical }) => isCritical);
  if (critical === undefined) return;
  throw new RevocationListError(
    `a revocation list in it has the critical extension ${critical.oid}; use the authority's complete list of its own certificates`,
  );
}

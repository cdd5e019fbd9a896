// What a certificate says that Node.js does not show: path length, key usage, critical extensions, encoded names.

import type { X509Certificate } from 'node:crypto';
import {
  childrenOf,
  context,
  type DerElement,
  expectTag,
  integerHex,
  numberOf,
  oidOf,
  readDer,
  TAG,
} from './der.ts';
import { type NamePart, partsOfDer } from './distinguished-name.ts';
import { isStrong, signatureAlgorithm } from './signatures.ts';

export interface CertificateFields {
  /** Distinguished names as they are encoded. */
  readonly issuer: Buffer;
  readonly subject: Buffer;
  /** The same names, attribute by attribute. */
  readonly issuerParts: readonly NamePart[];
  readonly subjectParts: readonly NamePart[];
  /** As `integerHex` gives it. */
  readonly serialNumber: string;
  /** How many authorities may stand between this one and an end certificate. */
  readonly pathLength?: number;
  /** Absent when the certificate leaves it open. */
  readonly keyUsage?: KeyUsage;
  /** Extended key usage, by object identifier; absent when the certificate leaves it open. */
  readonly purposes?: readonly string[];
  readonly hasUnknownCritical: boolean;
  readonly isStrongKey: boolean;
  readonly isStrongSignature: boolean;
}

export interface KeyUsage {
  readonly digitalSignature: boolean;
  readonly keyAgreement: boolean;
  readonly crlSign: boolean;
}

const OID = {
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  nameConstraints: '2.5.29.30',
  crlDistributionPoints: '2.5.29.31',
  certificatePolicies: '2.5.29.32',
  extendedKeyUsage: '2.5.29.37',
};

/** What may be marked critical. Policies and alternative names decide nothing here. */
const UNDERSTOOD = new Set([
  OID.keyUsage,
  OID.subjectAltName,
  OID.basicConstraints,
  OID.crlDistributionPoints,
  OID.certificatePolicies,
  OID.extendedKeyUsage,
]);

interface Extension {
  readonly oid: string;
  readonly isCritical: boolean;
  readonly value: Buffer;
}

const read = new WeakMap<X509Certificate, CertificateFields>();

/** The fields of a certificate, read once. Throws for one that is not readable. */
export function fieldsOf(x509: X509Certificate): CertificateFields {
  const fields = read.get(x509) ?? readFields(x509);
  read.set(x509, fields);
  return fields;
}

/** Whether its fields can be read. */
export function isReadable(x509: X509Certificate): boolean {
  try {
    return fieldsOf(x509) !== undefined;
  } catch {
    return false; // an extension, a name or a key that is not what it should be
  }
}

function readFields(x509: X509Certificate): CertificateFields {
  const [signed, algorithm] = childrenOf(readDer(x509.raw));
  const parts = childrenOf(expectTag(signed, TAG.sequence));
  // version (optional), serialNumber, signature, issuer, validity, subject
  const issuerAt = parts[0]?.tag === context(0) ? 3 : 2;
  const found = extensionsIn(parts.find(({ tag }) => tag === context(3)));
  const extensionValue = (oid: string): DerElement | undefined => {
    const extension = found.find((other) => other.oid === oid);
    return extension && readDer(extension.value);
  };
  const pathLength = pathLengthIn(extensionValue(OID.basicConstraints));
  const keyUsage = extensionValue(OID.keyUsage);
  const purposes = extensionValue(OID.extendedKeyUsage);
  const issuer = expectTag(parts[issuerAt], TAG.sequence).whole;
  const subject = expectTag(parts[issuerAt + 2], TAG.sequence).whole;
  return {
    issuer,
    subject,
    issuerParts: partsOfDer(issuer),
    subjectParts: partsOfDer(subject),
    serialNumber: integerHex(parts[issuerAt - 2]),
    ...(pathLength !== undefined && { pathLength }),
    ...(keyUsage && { keyUsage: keyUsageIn(keyUsage) }),
    ...(purposes && { purposes: childrenOf(purposes).map(oidOf) }),
    // Constraints on names have to be obeyed wherever they stand, and nobody here can.
    hasUnknownCritical: found.some(
      ({ oid, isCritical }) => oid === OID.nameConstraints || (isCritical && !UNDERSTOOD.has(oid)),
    ),
    isStrongKey: isStrong(x509.publicKey),
    isStrongSignature: signatureAlgorithm(expectTag(algorithm, TAG.sequence)) !== undefined,
  };
}

/** The extensions of a certificate or a list: `[n] { SEQUENCE OF { oid, critical (default false), value } }`. */
export function extensionsIn(explicit: DerElement | undefined): Extension[] {
  if (explicit === undefined) return [];
  return childrenOf(expectTag(childrenOf(explicit)[0], TAG.sequence)).map(extensionIn);
}

/** One extension. */
export function extensionIn(element: DerElement): Extension {
  const [oid, ...rest] = childrenOf(element);
  const isCritical = rest[0]?.tag === TAG.boolean && rest[0].content[0] !== 0;
  return { oid: oidOf(oid), isCritical, value: expectTag(rest.at(-1), TAG.octetString).content };
}

/** `SEQUENCE { cA BOOLEAN, pathLenConstraint INTEGER (optional) }` */
const pathLengthIn = (constraints: DerElement | undefined): number | undefined => {
  const length = constraints && childrenOf(constraints).find(({ tag }) => tag === TAG.integer);
  return length && numberOf(length);
};

function keyUsageIn(element: DerElement): KeyUsage {
  const bits = expectTag(element, TAG.bitString).content[1] ?? 0; // behind the number of unused bits
  return {
    digitalSignature: (bits & 0x80) !== 0,
    keyAgreement: (bits & 0x08) !== 0,
    crlSign: (bits & 0x02) !== 0,
  };
}

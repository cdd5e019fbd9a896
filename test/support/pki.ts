// Certificates and revocation lists as a test needs them, good and bad, made on the spot.
import 'reflect-metadata'; // @peculiar/x509 does not load without it
import { webcrypto, X509Certificate } from 'node:crypto';
import * as x509 from '@peculiar/x509';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
/** Of RSA-PSS, which has to be told. */
const SALT = { saltLength: 32 };
const DAY = 86_400_000;
const HOUR = 3_600_000;

/** When the tests of certificates began. */
export const now = new Date();
/** So many hours later, or earlier when negative. */
export const later = (hours: number): Date => new Date(now.getTime() + hours * HOUR);

/** A certificate with its key, PEM, and what is needed to sign with it. */
export interface Party {
  readonly pem: string;
  readonly key: string;
  readonly x509: X509Certificate;
  readonly name: x509.Name;
  readonly keys: webcrypto.CryptoKeyPair;
}

/** What is special about a certificate; without any of it, it is a client's, good for a day. */
export interface CertificateOptions {
  readonly name?: string | x509.JsonName;
  /** By itself where there is none. */
  readonly issuer?: Pick<Party, 'name' | 'keys'>;
  readonly from?: Date;
  readonly to?: Date;
  /** An authority; `pathLength` as basic constraints have it. */
  readonly authority?: boolean | { readonly pathLength: number };
  readonly purposes?: readonly string[];
  readonly keyUsage?: number;
  readonly extensions?: readonly x509.Extension[];
  readonly serialNumber?: string;
  /** To issue a second certificate for the same key. */
  readonly keys?: webcrypto.CryptoKeyPair;
  /** Of the signature. */
  readonly hash?: string;
}

export const CLIENT_AUTH = x509.ExtendedKeyUsage.clientAuth as string;
export const SERVER_AUTH = x509.ExtendedKeyUsage.serverAuth as string;

export const KEY_USAGE = x509.KeyUsageFlags;
export const { Name } = x509;

let serialNumbers = 0;

/** Makes a key. */
export const newKeys = (algorithm: object = ALGORITHM): Promise<webcrypto.CryptoKeyPair> =>
  webcrypto.subtle.generateKey(algorithm as webcrypto.EcKeyGenParams, true, ['sign', 'verify']);

/** Makes a certificate. */
export async function certificate(options: CertificateOptions = {}): Promise<Party> {
  const keys = options.keys ?? (await newKeys());
  const name = new x509.Name((options.name ?? 'CN=client') as string);
  const { authority = false } = options;
  serialNumbers += 1;
  const extensions: x509.Extension[] = [
    new x509.BasicConstraintsExtension(
      authority !== false,
      typeof authority === 'object' ? authority.pathLength : undefined,
      true,
    ),
    ...(options.purposes ? [new x509.ExtendedKeyUsageExtension([...options.purposes])] : []),
    ...(options.keyUsage === undefined ? [] : [new x509.KeyUsagesExtension(options.keyUsage, true)]),
    ...(options.extensions ?? []),
  ];
  const made = await x509.X509CertificateGenerator.create({
    subject: name,
    issuer: options.issuer?.name ?? name,
    publicKey: keys.publicKey,
    signingKey: (options.issuer?.keys ?? keys).privateKey,
    signingAlgorithm: {
      ...ALGORITHM,
      ...SALT,
      ...(options.issuer?.keys ?? keys).privateKey.algorithm,
      hash: options.hash ?? 'SHA-256',
    },
    serialNumber: options.serialNumber ?? (0x40_0000 + serialNumbers).toString(16),
    notBefore: options.from ?? new Date(Date.now() - DAY),
    notAfter: options.to ?? new Date(Date.now() + DAY),
    extensions,
  });
  const der = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  const pem = x509.PemConverter.encode(made.rawData, 'CERTIFICATE');
  return {
    pem: `${pem}\n`,
    key: `${x509.PemConverter.encode(der, 'PRIVATE KEY')}\n`,
    x509: new X509Certificate(pem),
    name,
    keys,
  };
}

/** Makes an authority. */
export const authority = (name: string, options: CertificateOptions = {}): Promise<Party> =>
  certificate({ name, authority: true, ...options });

/** What is special about a revocation list; without any of it, it holds from yesterday to tomorrow. */
export interface ListOptions {
  readonly revoked?: readonly Party[];
  readonly from?: Date;
  readonly to?: Date | null;
  readonly extensions?: readonly x509.Extension[];
  /** Signs with another key than the issuer's. */
  readonly signer?: webcrypto.CryptoKeyPair;
}

/** Makes a revocation list, PEM. */
export async function revocationList(
  issuer: Pick<Party, 'name' | 'keys'>,
  {
    revoked = [],
    from = new Date(Date.now() - DAY),
    to = new Date(Date.now() + DAY),
    ...options
  }: ListOptions = {},
): Promise<string> {
  const crl = await x509.X509CrlGenerator.create({
    issuer: issuer.name,
    thisUpdate: from,
    ...(to && { nextUpdate: to }),
    signingAlgorithm: { ...ALGORITHM, ...SALT, ...issuer.keys.privateKey.algorithm, hash: 'SHA-256' },
    signingKey: (options.signer ?? issuer.keys).privateKey,
    entries: revoked.map((party) => ({
      serialNumber: party.x509.serialNumber.toLowerCase(),
      revocationDate: from,
    })),
    extensions: [...(options.extensions ?? [])],
  });
  return `${x509.PemConverter.encode(crl.rawData, 'X509 CRL')}\n`;
}

/** An extension of that number, critical or not. */
export const extension = (oid: string, isCritical: boolean, value = Uint8Array.of(5, 0)): x509.Extension =>
  new x509.Extension(oid, isCritical, value);

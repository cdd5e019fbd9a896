// A certificate authority of our own: its key, the certificates it signs, its list of revoked ones.
import 'reflect-metadata'; // @peculiar/x509 does not load without it
import { randomBytes, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const OID_CRL_NUMBER = '2.5.29.20';
// The label of RFC 7468; x509 itself writes "CRL", which OpenSSL, and so Node's `tls`, cannot read.
const CRL_LABEL = 'X509 CRL';
const DER_INTEGER_ONE = Uint8Array.of(2, 1, 1);

/** A subject, in the order and with the attributes of an OCES3 organisation certificate. */
export interface Subject {
  readonly organisation: string;
  readonly cvr: string;
  readonly uuid: string;
  readonly commonName: string;
}

/** From when until when a certificate or a list holds. */
export interface Validity {
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** A certificate and its private key (PKCS#8), both PEM. */
export interface Issued {
  readonly certificate: string;
  readonly key: string;
}

/** An authority that can sign for servers and clients and revoke what it signed. */
export interface Authority extends Issued {
  issue(subject: Subject, validity: Validity, use: 'server' | 'client'): Promise<Issued>;
  revoke(certificates: readonly string[], validity: Validity): Promise<string>;
}

/** Makes an authority with a new key; it may sign end certificates only. */
export async function createAuthority(subject: Subject, validity: Validity): Promise<Authority> {
  const keys = await newKeys();
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    name: distinguishedName(subject),
    keys,
    serialNumber: newSerialNumber(),
    ...validity,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(keys.publicKey),
    ],
  });

  async function issue(subject: Subject, validity: Validity, use: 'server' | 'client'): Promise<Issued> {
    const own = await newKeys();
    const certificate = await x509.X509CertificateGenerator.create({
      subject: distinguishedName(subject),
      issuer: ca.subjectName,
      publicKey: own.publicKey,
      signingKey: keys.privateKey,
      serialNumber: newSerialNumber(),
      ...validity,
      signingAlgorithm: ALGORITHM,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        ...purposeOf(use),
        await x509.SubjectKeyIdentifierExtension.create(own.publicKey),
        await x509.AuthorityKeyIdentifierExtension.create(keys.publicKey),
      ],
    });
    return { certificate: pemOf(certificate), key: await keyPemOf(own) };
  }

  async function revoke(certificates: readonly string[], validity: Validity): Promise<string> {
    const crl = await x509.X509CrlGenerator.create({
      issuer: ca.subjectName,
      thisUpdate: validity.notBefore,
      nextUpdate: validity.notAfter,
      signingAlgorithm: ALGORITHM,
      signingKey: keys.privateKey,
      entries: certificates.map((pem) => ({
        serialNumber: new x509.X509Certificate(pem).serialNumber,
        revocationDate: validity.notBefore,
        reason: x509.X509CrlReason.cessationOfOperation,
      })),
      extensions: [
        await x509.AuthorityKeyIdentifierExtension.create(keys.publicKey),
        new x509.Extension(OID_CRL_NUMBER, false, DER_INTEGER_ONE),
      ],
    });
    return pem(crl.rawData, CRL_LABEL);
  }

  return { certificate: pemOf(ca), key: await keyPemOf(keys), issue, revoke };
}

function purposeOf(use: 'server' | 'client'): x509.Extension[] {
  if (use === 'client') return [new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth])];
  return [
    new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
    new x509.SubjectAlternativeNameExtension([
      { type: 'dns', value: 'localhost' },
      { type: 'ip', value: '127.0.0.1' },
      { type: 'ip', value: '::1' },
    ]),
  ];
}

function distinguishedName({ organisation, cvr, uuid, commonName }: Subject): x509.Name {
  return new x509.Name([
    { C: ['DK'] },
    { '2.5.4.97': [`NTRDK-${cvr}`] },
    { O: [organisation] },
    { '2.5.4.5': [`UI:DK-O:G:${uuid}`] },
    { CN: [commonName] },
  ]);
}

/** 127 random bits whose first byte is neither zero nor above 7f: DER needs no padding, strict readers agree. */
function newSerialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = (bytes[0]! & 0x3f) | 0x40;
  return bytes.toString('hex');
}

async function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}

async function keyPemOf(keys: webcrypto.CryptoKeyPair): Promise<string> {
  const der = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  return pem(der, x509.PemConverter.PrivateKeyTag);
}

function pemOf(certificate: x509.X509Certificate): string {
  return pem(certificate.rawData, x509.PemConverter.CertificateTag);
}

function pem(der: ArrayBuffer, label: string): string {
  return `${x509.PemConverter.encode(der, label)}\n`;
}

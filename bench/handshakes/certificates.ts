// Worlds whose certificates are of a given kind: what `pension init` makes, with the certificates of the service and of
// UDK replaced by ones of other keys. Each side has an authority of its own, with a key of the same kind.

import 'reflect-metadata'; // @peculiar/x509 does not load without it
import { randomBytes, randomUUID, webcrypto } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import * as x509 from '@peculiar/x509';
import { organisationerJson } from '../../src/cli/world/organisationer.ts';
import { clientIdentity, makeWorld, worldFile } from '../../src/cli/world/world.ts';
import { datoI } from '../../src/domain/dato.ts';

/** The keys that are compared. */
export const KINDS = {
  ecdsa: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
  rsa: {
    name: 'RSASSA-PKCS1-v1_5',
    hash: 'SHA-256',
    modulusLength: 2048,
    publicExponent: Uint8Array.of(1, 0, 1),
  },
} as const;
export type Kind = keyof typeof KINDS;

/** The kinds in words. */
export const KIND_NAMES: Readonly<Record<Kind, string>> = { ecdsa: 'ECDSA P-256', rsa: 'RSA 2048' };

/** What a client needs, as PEM texts. */
export interface ClientFiles {
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
}

const DAY = 86_400_000;
const VALIDITY = { notBefore: new Date(Date.now() - DAY), notAfter: new Date(Date.now() + 365 * DAY) };
// The label that OpenSSL, and so Node, can read.
const CRL_LABEL = 'X509 CRL';

interface Issued {
  readonly cert: string;
  readonly key: string;
}

interface Authority {
  readonly cert: string;
  readonly crl: string;
  issue(name: string, extensions: readonly x509.Extension[]): Promise<Issued>;
}

/** Makes a world in `dir` with those kinds of certificates, and gives what its client needs. */
export async function makeWorldOf(dir: string, service: Kind, client: Kind): Promise<ClientFiles> {
  const now = new Date();
  await makeWorld(dir, { now });
  const [ofService, ofClients] = [await makeAuthority(service), await makeAuthority(client)];
  const server = await ofService.issue('service', [
    new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
    new x509.SubjectAlternativeNameExtension([{ type: 'ip', value: '127.0.0.1' }]),
  ]);
  const udk = await ofClients.issue('udk', [
    new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth]),
  ]);
  const files = {
    'server.pem': server.cert,
    'server.key': server.key,
    'udk.pem': udk.cert,
    'udk.key': udk.key,
    'ca.pem': ofClients.cert,
    'crl.pem': ofClients.crl,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(worldFile(dir, name), text);
  const certificateOf = (name: string): string => readFileSync(clientIdentity(dir, name).cert, 'utf8');
  writeFileSync(worldFile(dir, 'organisationer.json'), organisationerJson(datoI(now), certificateOf));
  return { ...udk, ca: ofService.cert };
}

async function makeAuthority(kind: Kind): Promise<Authority> {
  const algorithm = KINDS[kind];
  const newKeys = (): Promise<webcrypto.CryptoKeyPair> =>
    webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']) as Promise<webcrypto.CryptoKeyPair>;
  const keys = await newKeys();
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    name: nameOf('authority'),
    keys,
    serialNumber: newSerialNumber(),
    ...VALIDITY,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  const crl = await x509.X509CrlGenerator.create({
    issuer: ca.subjectName,
    thisUpdate: VALIDITY.notBefore,
    nextUpdate: VALIDITY.notAfter,
    signingAlgorithm: algorithm,
    signingKey: keys.privateKey,
    entries: [],
  });
  return {
    cert: ca.toString('pem'),
    crl: x509.PemConverter.encode(crl.rawData, CRL_LABEL),
    async issue(name, extensions) {
      const own = await newKeys();
      const certificate = await x509.X509CertificateGenerator.create({
        subject: nameOf(name),
        issuer: ca.subjectName,
        publicKey: own.publicKey,
        signingKey: keys.privateKey,
        serialNumber: newSerialNumber(),
        ...VALIDITY,
        signingAlgorithm: algorithm,
        extensions: [
          new x509.BasicConstraintsExtension(false, undefined, true),
          new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
          ...extensions,
          await x509.SubjectKeyIdentifierExtension.create(own.publicKey),
          await x509.AuthorityKeyIdentifierExtension.create(keys.publicKey),
        ],
      });
      const key = await webcrypto.subtle.exportKey('pkcs8', own.privateKey);
      return {
        cert: certificate.toString('pem'),
        key: x509.PemConverter.encode(key, x509.PemConverter.PrivateKeyTag),
      };
    },
  };
}

/** A name as long as that of an organisation's certificate. */
const nameOf = (name: string): x509.Name =>
  new x509.Name([
    { C: ['DK'] },
    { '2.5.4.97': ['NTRDK-99990001'] },
    { O: ['PensionService benchmark'] },
    { '2.5.4.5': [`UI:DK-O:G:${randomUUID()}`] },
    { CN: [`PensionService benchmark ${name}`] },
  ]);

/** Positive, and without a byte of padding. */
function newSerialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = (bytes[0]! & 0x3f) | 0x40;
  return bytes.toString('hex');
}

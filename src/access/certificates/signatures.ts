// Which signatures are accepted on certificates and revocation lists, and how those of a list are verified.

import { constants, type KeyObject, verify } from 'node:crypto';
import { childrenOf, context, type DerElement, numberOf, oidOf } from './der.ts';

const DIGESTS: Readonly<Record<string, string>> = {
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
};

/** The digest of each algorithm; null where the algorithm has its own. */
const ALGORITHMS: Readonly<Record<string, string | null>> = {
  '1.2.840.113549.1.1.11': 'sha256', // RSA
  '1.2.840.113549.1.1.12': 'sha384',
  '1.2.840.113549.1.1.13': 'sha512',
  '1.2.840.10045.4.3.2': 'sha256', // ECDSA
  '1.2.840.10045.4.3.3': 'sha384',
  '1.2.840.10045.4.3.4': 'sha512',
  '1.3.101.112': null, // Ed25519
  '1.3.101.113': null, // Ed448
};
const RSA_PSS = '1.2.840.113549.1.1.10';

interface SignatureAlgorithm {
  readonly digest: string | null;
  readonly pss?: { readonly padding: number; readonly saltLength: number };
}

/** The algorithm of an AlgorithmIdentifier; undefined when it is not accepted: MD5, SHA-1, or unknown. */
export function signatureAlgorithm(identifier: DerElement): SignatureAlgorithm | undefined {
  const [oid, parameters] = childrenOf(identifier);
  const name = oidOf(oid);
  if (name === RSA_PSS) return parameters && pssAlgorithm(parameters);
  const digest = ALGORITHMS[name];
  return digest === undefined ? undefined : { digest };
}

/** Without a digest in the parameters it would be SHA-1. The mask is made with the same digest. */
function pssAlgorithm(parameters: DerElement): SignatureAlgorithm | undefined {
  const fields = childrenOf(parameters);
  const field = (n: number) => {
    const found = fields.find(({ tag }) => tag === context(n));
    return found && childrenOf(found)[0];
  };
  const hash = field(0);
  const digest = hash && DIGESTS[oidOf(childrenOf(hash)[0])];
  const salt = field(2);
  return digest === undefined
    ? undefined
    : {
        digest,
        pss: {
          padding: constants.RSA_PKCS1_PSS_PADDING,
          saltLength: salt === undefined ? 20 : numberOf(salt),
        },
      };
}

/** Whether a key made a signature. */
export function isSignedWith(
  key: KeyObject,
  { digest, pss }: SignatureAlgorithm,
  signed: Buffer,
  signature: Buffer,
): boolean {
  try {
    return verify(digest, signed, { key, ...pss }, signature);
  } catch {
    return false; // a key of another kind
  }
}

/** Bits of the weakest RSA and elliptic-curve keys that are accepted. */
const LEAST_RSA = 2048;
const LEAST_EC = 224;

/** Whether a key is long enough. */
export function isStrong(key: KeyObject): boolean {
  const { modulusLength, namedCurve } = key.asymmetricKeyDetails ?? {};
  if (modulusLength !== undefined) return modulusLength >= LEAST_RSA;
  if (namedCurve !== undefined) return Number(/\d{3}/.exec(namedCurve)?.[0] ?? 0) >= LEAST_EC;
  return true; // Ed25519 and Ed448
}

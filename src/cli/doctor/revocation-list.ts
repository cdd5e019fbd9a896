// Reads what a revocation list says of itself: who issued it, and until when it holds. Node.js has no reader of its own.

import type { X509Certificate } from 'node:crypto';

const LISTS = /-----BEGIN X509 CRL-----([\s\S]+?)-----END X509 CRL-----/g;

/** The head of a revocation list. */
export interface RevocationList {
  /** The distinguished name of its issuer, as it is encoded. */
  readonly issuer: Buffer;
  readonly thisUpdate: Date;
  /** By when the next one is out; a list without says nothing of it. */
  readonly nextUpdate?: Date;
}

/** Every revocation list in a PEM text; undefined where one cannot be read. */
export function revocationListsIn(pem: string): RevocationList[] | undefined {
  try {
    return [...pem.matchAll(LISTS)].map(([, base64]) => readList(Buffer.from(base64!, 'base64')));
  } catch (error) {
    if (error instanceof NotDerError) return undefined;
    throw error;
  }
}

/** The distinguished name of a certificate's owner, as it is encoded. */
export function subjectOf(x509: X509Certificate): Buffer {
  const fields = childrenOf(childrenOf(read(x509.raw, 0))[0]!);
  // version (optional), serialNumber, signature, issuer, validity, subject
  return fields[fields[0]!.tag === VERSION ? 5 : 4]!.whole;
}

class NotDerError extends Error {}

const INTEGER = 0x02;
const UTC_TIME = 0x17;
const GENERALIZED_TIME = 0x18;
const VERSION = 0xa0;

interface Element {
  readonly tag: number;
  readonly whole: Buffer;
  readonly content: Buffer;
}

function readList(der: Buffer): RevocationList {
  const fields = childrenOf(childrenOf(read(der, 0))[0]!);
  // version (optional), signature, issuer, thisUpdate, nextUpdate (optional)
  const [issuer, thisUpdate, nextUpdate] = fields.slice(fields[0]?.tag === INTEGER ? 2 : 1);
  if (issuer === undefined || thisUpdate === undefined) throw new NotDerError();
  const hasNext = nextUpdate?.tag === UTC_TIME || nextUpdate?.tag === GENERALIZED_TIME;
  return {
    issuer: issuer.whole,
    thisUpdate: timeOf(thisUpdate),
    ...(hasNext && { nextUpdate: timeOf(nextUpdate) }),
  };
}

/** The element that begins at `at`. */
function read(bytes: Buffer, at: number): Element {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || first === undefined) throw new NotDerError();
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
  const start = at + 2 + lengthBytes;
  if (lengthBytes > 4 || start > bytes.length) throw new NotDerError();
  const length = lengthBytes === 0 ? first : bytes.readUIntBE(at + 2, lengthBytes);
  if (first === 0x80 || start + length > bytes.length) throw new NotDerError();
  return { tag, whole: bytes.subarray(at, start + length), content: bytes.subarray(start, start + length) };
}

function childrenOf({ content }: Element): Element[] {
  const children: Element[] = [];
  for (let at = 0; at < content.length; at += children.at(-1)!.whole.length) children.push(read(content, at));
  if (children.length === 0) throw new NotDerError();
  return children;
}

/** `YYMMDDHHMMSSZ` (1950 to 2049) or `YYYYMMDDHHMMSSZ`. */
function timeOf({ tag, content }: Element): Date {
  const text = content.toString('latin1');
  const full = tag === GENERALIZED_TIME ? text : `${Number(text.slice(0, 2)) < 50 ? '20' : '19'}${text}`;
  const match = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(full);
  if (match === null) throw new NotDerError();
  const [, year, month, day, hour, minute, second] = match;
  const time = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(time.getTime())) throw new NotDerError();
  return time;
}

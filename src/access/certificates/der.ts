// Reads DER, the encoding of certificates and revocation lists. Node.js shows only some of what stands in them, and
// the libraries that show all of it take seconds and limits for a list of many thousand entries.

/** One element: its tag, all of its bytes, and those behind the length. */
export interface DerElement {
  readonly tag: number;
  readonly whole: Buffer;
  readonly content: Buffer;
}

/** Bytes that are not what they should be. */
export class DerError extends Error {
  override readonly name = 'DerError';
}

export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
} as const;

/** The tag of the constructed element `[n]`. */
export const context = (n: number): number => 0xa0 | n;

/** The element that begins at `at`. */
export function readDer(bytes: Buffer, at = 0): DerElement {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || first === undefined || first === 0x80) throw new DerError('cut off');
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
  const start = at + 2 + lengthBytes;
  if (lengthBytes > 4 || start > bytes.length) throw new DerError('cut off');
  const length = lengthBytes === 0 ? first : bytes.readUIntBE(at + 2, lengthBytes);
  if (start + length > bytes.length) throw new DerError('cut off');
  return { tag, whole: bytes.subarray(at, start + length), content: bytes.subarray(start, start + length) };
}

/** The elements inside an element. */
export function childrenOf({ content }: DerElement): DerElement[] {
  const children: DerElement[] = [];
  for (let at = 0; at < content.length; ) {
    const child = readDer(content, at);
    children.push(child);
    at += child.whole.length;
  }
  return children;
}

/** The element, if it is there and has that tag. */
export function expectTag(element: DerElement | undefined, tag: number): DerElement {
  if (element?.tag !== tag) throw new DerError(`an element with the tag ${tag} is missing`);
  return element;
}

/** A small whole number that is not negative. */
export function numberOf(element: DerElement | undefined): number {
  const { content } = expectTag(element, TAG.integer);
  if (content.length === 0 || content.length > 4 || content[0]! >= 0x80) throw new DerError('a number');
  return content.readUIntBE(0, content.length);
}

/** A whole number of any size as its shortest encoding, in hexadecimal: the same for the same number, negative ones too. */
export function integerHex(element: DerElement | undefined): string {
  const { content } = expectTag(element, TAG.integer);
  let from = 0;
  while (from + 1 < content.length && isPadding(content[from]!, content[from + 1]!)) from += 1;
  return content.subarray(from).toString('hex');
}

const isPadding = (byte: number, next: number): boolean =>
  (byte === 0x00 && next < 0x80) || (byte === 0xff && next >= 0x80);

/** An object identifier, with dots. */
export function oidOf(element: DerElement | undefined): string {
  const { content } = expectTag(element, TAG.oid);
  const arcs: bigint[] = [];
  let arc = 0n;
  for (const byte of content) {
    arc = (arc << 7n) | BigInt(byte & 0x7f);
    if (byte >= 0x80) continue;
    arcs.push(arc);
    arc = 0n;
  }
  const [head, ...rest] = arcs;
  if (head === undefined || content.length > 32) throw new DerError('an object identifier');
  const top = head < 80n ? head / 40n : 2n;
  return [top, head - top * 40n, ...rest].join('.');
}

export const isTime = (element: DerElement | undefined): boolean =>
  element?.tag === TAG.utcTime || element?.tag === TAG.generalizedTime;

/** `YYMMDDHHMMSSZ` (1950 to 2049) or `YYYYMMDDHHMMSSZ`. */
export function timeOf(element: DerElement | undefined): Date {
  if (element === undefined || !isTime(element)) throw new DerError('a time');
  const text = element.content.toString('latin1');
  const full =
    element.tag === TAG.generalizedTime ? text : `${Number(text.slice(0, 2)) < 50 ? 20 : 19}${text}`;
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(full) ?? [];
  const time = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(time.getTime())) throw new DerError('a time');
  return time;
}

// Distinguished names: as they are encoded in a certificate, and as people write them in `organisationer.json`.

import { childrenOf, type DerElement, DerError, oidOf, readDer } from './der.ts';

/** One attribute of a name. */
export interface NamePart {
  /** Object identifier. */
  readonly type: string;
  readonly value: string;
}

export const ORGANIZATION_IDENTIFIER = '2.5.4.97';
export const SERIAL_NUMBER = '2.5.4.5';

/** What Node.js, OpenSSL, Java and Windows call the attributes, in lower case. */
const TYPES: Readonly<Record<string, string>> = {
  cn: '2.5.4.3',
  commonname: '2.5.4.3',
  sn: '2.5.4.4',
  surname: '2.5.4.4',
  serialnumber: SERIAL_NUMBER,
  c: '2.5.4.6',
  countryname: '2.5.4.6',
  l: '2.5.4.7',
  localityname: '2.5.4.7',
  st: '2.5.4.8',
  s: '2.5.4.8',
  stateorprovincename: '2.5.4.8',
  street: '2.5.4.9',
  streetaddress: '2.5.4.9',
  o: '2.5.4.10',
  organizationname: '2.5.4.10',
  ou: '2.5.4.11',
  organizationalunitname: '2.5.4.11',
  t: '2.5.4.12',
  title: '2.5.4.12',
  postalcode: '2.5.4.17',
  gn: '2.5.4.42',
  givenname: '2.5.4.42',
  organizationidentifier: ORGANIZATION_IDENTIFIER,
  uid: '0.9.2342.19200300.100.1.1',
  userid: '0.9.2342.19200300.100.1.1',
  dc: '0.9.2342.19200300.100.1.25',
  domaincomponent: '0.9.2342.19200300.100.1.25',
  e: '1.2.840.113549.1.9.1',
  emailaddress: '1.2.840.113549.1.9.1',
};

/** Where an attribute begins: at the start or behind a separator, `type =`. */
const BEGIN = /(?:^|[\n,;+/])\s*([A-Za-z][A-Za-z0-9]*|(?:OID\.)?\d+(?:\.\d+)+)\s*=\s*/gi;

/** What `openssl x509 -issuer` prints before a name. */
const LABEL = /^\s*(?:issuer|subject)\s*[=:]\s*(?=[A-Za-z0-9.]+\s*=)/i;

/** Whether a written name is one: it begins with an attribute, and all of them are known or object identifiers. */
export const isReadableName = (written: string): boolean => {
  const parts = partsOfText(written);
  const text = written.replace(LABEL, '');
  return (
    /^[\s/]*[A-Za-z0-9.]+\s*=/.test(text) &&
    parts.length > 0 &&
    parts.every(({ type }) => /^\d+(?:\.\d+)+$/.test(type))
  );
};

/** The attributes of an encoded name, those of one RDN and of several alike. Throws DerError. */
export const partsOfDer = (der: Buffer): NamePart[] =>
  childrenOf(readDer(der)).flatMap((set) =>
    childrenOf(set).map((attribute) => {
      const [type, value] = childrenOf(attribute);
      return { type: oidOf(type), value: textOf(value) };
    }),
  );

/**
 * The attributes of a written name: on lines, or separated by commas or slashes, in any order, with `+` inside an
 * RDN, with escapes or quotes. A separator counts only where an attribute begins behind it.
 */
export function partsOfText(written: string): NamePart[] {
  const text = written.replace(LABEL, '');
  const begins = [...text.matchAll(BEGIN)].filter(({ index }) => isOpen(text, index));
  return begins.map((begin, at) => {
    const value = text.slice(begin.index + begin[0].length, begins[at + 1]?.index);
    return { type: typeOf(begin[1]!), value: plainValue(value.trim()) };
  });
}

/** Whether two names have the same attributes, in whatever order. */
export const isSameName = (a: readonly NamePart[], b: readonly NamePart[]): boolean =>
  a.length > 0 && nameKey(a) === nameKey(b);

/** The same for names that are the same. */
export const nameKey = (parts: readonly NamePart[]): string =>
  JSON.stringify(parts.map(({ type, value }) => `${type}=${value.normalize()}`).toSorted());

const typeOf = (written: string): string => {
  const type = written.toLowerCase().replace(/^oid\./, '');
  return TYPES[type] ?? type;
};

/** Whether the character at `index` is neither escaped nor inside quotes. */
function isOpen(text: string, index: number): boolean {
  let isQuoted = false;
  for (let at = 0; at < index; at += 1) {
    if (text[at] === '\\') {
      at += 1;
      if (at === index) return false;
    } else if (text[at] === '"') isQuoted = !isQuoted;
  }
  return !isQuoted;
}

/** Without quotes and escapes; `\C3\B8` and `\xC3\xB8` are UTF-8, and `#…` an encoded value. */
function plainValue(written: string): string {
  if (/^#(?:[0-9a-f]{2})+$/i.test(written)) return encodedValue(written);
  const text = /^"(.*)"$/s.exec(written)?.[1] ?? written;
  const bytes = [...text.matchAll(/\\x?([0-9a-f]{2})|\\?([\s\S])/giu)].map(([, hex, character]) =>
    hex === undefined ? Buffer.from(character!) : Buffer.from(hex, 'hex'),
  );
  return Buffer.concat(bytes).toString('utf8');
}

function encodedValue(written: string): string {
  try {
    return textOf(readDer(Buffer.from(written.slice(1), 'hex')));
  } catch (error) {
    if (error instanceof DerError) return written;
    throw error;
  }
}

const LATIN_1 = 0x14;
const UTF_16 = 0x1e;

function textOf(element: DerElement | undefined): string {
  if (element === undefined) throw new DerError('a value is missing');
  const { tag, content } = element;
  if (tag === LATIN_1) return content.toString('latin1');
  if (tag === UTF_16 && content.length % 2 === 0) return Buffer.from(content).swap16().toString('utf16le');
  return content.toString('utf8');
}

// Attacks with a message: too much of something, names that programs stumble over, other encodings, values made for
// the patterns of the schema. Each with what becomes of it.

import { LIMITS } from '../../src/contract/limits.ts';
import { akasse, createEnvelope, getEnvelope, saveEnvelope } from '../support/envelopes.ts';
import { overgang } from '../support/store-fixtures.ts';

/** What becomes of an attack: refused with that code and text, refused by HTTP, or harmless and answered. */
export type Outcome = readonly [code: number, text: string] | { readonly status: number } | 'ignored';

/** One attack on one service. */
export interface Attack {
  readonly body: string | Uint8Array;
  /** By default PensionService. */
  readonly service?: 'WsrmService';
  /** Header lines besides those of any request, or in place of one of the same name. */
  readonly headers?: readonly string[];
  readonly outcome: Outcome;
}

const BORGER = '2902610008';
export const GET = getEnvelope(BORGER);
const SAVE = saveEnvelope({ Personnummer: BORGER, ...overgang('2026-01-01') });
const CREATE = createEnvelope(akasse('22'));
const OF_AKASSE = getEnvelope(BORGER, akasse('22'));

const inHeader = (xml: string): string => GET.replace('<s:Header>', () => `<s:Header>${xml}`);
const asValue = (text: string): string => GET.replace(BORGER, () => text);
const inAcksTo = (xml: string, attributes = ''): string =>
  CREATE.replace('</CreateSequence>', (close) => `<AcksTo${attributes}>${xml}</AcksTo>${close}`);
const inUser = (xml: string): string => GET.replace('</UserIdentifier>', (close) => close + xml);
const many = (count: number, make: (n: number) => string): string =>
  Array.from({ length: count }, (_, n) => make(n)).join('');

const MORE = (limit: number, what: string): Outcome => [1014, `The message has more than ${limit} ${what}.`];
const LEVELS = MORE(LIMITS.maxDepth, 'levels of elements');
const ELEMENTS = MORE(LIMITS.maxElements, 'elements');
const ATTRIBUTES = MORE(LIMITS.maxAttributes, 'attributes and namespace declarations');
const LONG = MORE(LIMITS.maxAttributeValue, 'characters in an attribute value or namespace name');
const MARKUP = MORE(LIMITS.maxMarkup, 'comments, CDATA sections and processing instructions');
const BROKEN: Outcome = [1014, 'The message is not well-formed XML'];
const NOT_UTF8: Outcome = [1014, 'The message holds bytes that are not UTF-8'];
const UTF16: Outcome = [1014, 'The message is encoded as UTF-16 or UTF-32'];
const OTHER_ENCODING: Outcome = [1014, 'The XML declaration names an encoding other than UTF-8'];
const DTD: Outcome = [1014, 'A document type declaration is not allowed'];
const VALUE: Outcome = [1014, 'the value is not valid; expected ten digits'];
const MB = 1_000_000;

const LAUGHS = many(12, (n) => `<!ENTITY a${n + 1} "${`&a${n};`.repeat(12)}">`);

/** Too much of something. */
export const GREAT: Readonly<Record<string, Attack>> = {
  'billion laughs': {
    body: asValue('&a12;').replace('<s:Env', `<!DOCTYPE a [<!ENTITY a0 "ha">${LAUGHS}]>$&`),
    outcome: DTD,
  },
  'quadratic blowup': {
    body: asValue('&a;'.repeat(50_000)).replace(
      '<s:Env',
      `<!DOCTYPE a [<!ENTITY a "${'a'.repeat(500_000)}">]>$&`,
    ),
    outcome: DTD,
  },
  'a DTD behind half a megabyte of comments': {
    body: GET.replace('<s:Env', `${'<!-- -->'.repeat(60_000)}<!DOCTYPE a>$&`),
    outcome: DTD,
  },
  'depth 75 000': { body: inHeader('<a>'.repeat(75_000) + '</a>'.repeat(75_000)), outcome: LEVELS },
  'depth 75 000, never closed': { body: inHeader('<a>'.repeat(75_000)), outcome: LEVELS },
  '25 000 elements': { body: inHeader('<a/>'.repeat(25_000)), outcome: ELEMENTS },
  '25 000 elements where anything is taken': {
    service: 'WsrmService',
    body: inAcksTo('<a/>'.repeat(25_000)),
    outcome: ELEMENTS,
  },
  '25 000 citizens': {
    body: GET.replace(/<Personnummer>.*<\/Personnummer>/, (one) => one.repeat(25_000)),
    outcome: ELEMENTS,
  },
  '25 000 attributes': { body: inHeader(`<a ${many(25_000, (n) => `b${n}="" `)}/>`), outcome: ATTRIBUTES },
  '25 000 attributes of one name': { body: inHeader(`<a ${'b="" '.repeat(25_000)}/>`), outcome: ATTRIBUTES },
  '25 000 namespace declarations': {
    body: inHeader(`<a ${many(25_000, (n) => `xmlns:b${n}="urn:${n}" `)}/>`),
    outcome: ATTRIBUTES,
  },
  'a name of 100 000 characters': { body: inHeader(`<${'n'.repeat(100_000)}/>`), outcome: BROKEN },
  'an attribute name of 100 000 characters': {
    body: inHeader(`<a ${'n'.repeat(100_000)}=""/>`),
    outcome: BROKEN,
  },
  'a prefix of 100 000 characters': {
    body: inHeader(`<${'n'.repeat(100_000)}:a xmlns:${'n'.repeat(100_000)}="urn:x"/>`),
    outcome: BROKEN,
  },
  'a namespace of 100 000 characters': {
    body: inHeader(`<a xmlns="urn:${'n'.repeat(100_000)}"/>`),
    outcome: LONG,
  },
  'an attribute value of 900 000 characters': {
    body: inHeader(`<a b="${'n'.repeat(900_000)}"/>`),
    outcome: LONG,
  },
  'a long namespace and 1 900 elements in it': {
    service: 'WsrmService',
    body: inAcksTo(`<a xmlns="urn:${'n'.repeat(900_000)}">${'<b/>'.repeat(1_900)}</a>`),
    outcome: LONG,
  },
  // As much as the limits let in.
  'a namespace of the greatest length and 1 900 elements in it': {
    service: 'WsrmService',
    body: inAcksTo(`<a xmlns="urn:${'n'.repeat(LIMITS.maxAttributeValue - 4)}">${'<b/>'.repeat(1_900)}</a>`),
    outcome: 'ignored',
  },
  'a value of 900 000 characters cut by as many comments as may be': {
    body: asValue(`${'2'.repeat(900_000 / LIMITS.maxMarkup)}<!---->`.repeat(LIMITS.maxMarkup)),
    outcome: VALUE,
  },
  'as many instructions as may be': {
    body: inHeader('<?a?>'.repeat(LIMITS.maxMarkup)),
    outcome: [1014, 'A processing instruction is not allowed (line 1).'],
  },
  'ten names of 45 000 characters around 1 900 wrong elements': {
    service: 'WsrmService',
    body: inAcksTo(
      `<${'n'.repeat(45_000)}>`.repeat(10) +
        '<SequenceRequest/>'.repeat(1_900) +
        `</${'n'.repeat(45_000)}>`.repeat(10),
    ),
    outcome: [1014, 'a child element is missing; expected Identifier. (1899 more found in this section)'],
  },
  'a comment of 900 000 characters': {
    body: inHeader(`<!--${'<a>'.repeat(300_000)}-->`),
    outcome: 'ignored',
  },
  'a CDATA section of 900 000 characters': {
    body: inHeader(`<a><![CDATA[${'<a>'.repeat(300_000)}]]></a>`),
    outcome: 'ignored',
  },
  'an instruction of 900 000 characters': {
    body: inHeader(`<?a ${'<a>'.repeat(300_000)}?>`),
    outcome: [1014, 'A processing instruction is not allowed (line 1).'],
  },
  '140 000 comments': { body: inHeader('<!---->'.repeat(140_000)), outcome: MARKUP },
  '190 000 instructions': { body: inHeader('<?a?>'.repeat(190_000)), outcome: MARKUP },
  'a value cut by 120 000 comments': { body: asValue('2<!---->'.repeat(120_000)), outcome: MARKUP },
  'a value of 80 000 CDATA sections': { body: asValue('<![CDATA[2]]>'.repeat(75_000)), outcome: MARKUP },
  'a megabyte that never closes a comment': { body: inHeader(`<!--${'-'.repeat(MB)}`), outcome: BROKEN },
  'a megabyte of opened comments': { body: inHeader('<!--'.repeat(250_000)), outcome: BROKEN },
  'a megabyte of angle brackets': { body: inHeader('<'.repeat(MB)), outcome: LEVELS },
  'a megabyte of quotes in a tag': { body: inHeader(`<a ${'"'.repeat(MB)}`), outcome: ATTRIBUTES },
  'a megabyte of ampersands': { body: asValue('&'.repeat(MB)), outcome: BROKEN },
  'a megabyte of character references': { body: asValue('&#50;'.repeat(200_000)), outcome: VALUE },
  'a character reference of 900 000 digits': { body: asValue(`&#${'0'.repeat(900_000)}50;`), outcome: VALUE },
  'a megabyte of white space before the root': {
    body: ' '.repeat(MB) + GET.replace(/^<\?xml.*?\?>/, ''),
    outcome: 'ignored',
  },
  'a megabyte of white space behind it': { body: GET + '\n'.repeat(MB), outcome: 'ignored' },
  'a declaration of a megabyte': {
    body: `<?xml version="1.0"${' encoding'.repeat(110_000)}?>${GET}`,
    outcome: BROKEN,
  },
};

/** Names of what every JavaScript object has. */
const INHERITED = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'];

/** The same names as element, attribute, header block and SOAPAction. */
export const NAMES: Readonly<Record<string, Attack>> = Object.fromEntries(
  INHERITED.flatMap((name): [string, Attack][] => [
    [
      `${name} as request`,
      { body: GET.replaceAll('GetTidligPensionRequest', name), outcome: [1014, 'no operation'] },
    ],
    [
      `${name} as element`,
      {
        body: GET.replace('</Personnummer>', `$&<${name}>x</${name}>`),
        outcome: [1014, 'it is not expected here'],
      },
    ],
    [
      `${name} in place of an element`,
      { body: GET.replaceAll('Personnummer>', `${name}>`), outcome: [1014, 'it is not expected here'] },
    ],
    [
      `${name} as attribute`,
      {
        body: GET.replace('<Personnummer', `$& ${name}="x"`),
        outcome: [1014, `the attribute ${name} is not allowed`],
      },
    ],
    [
      `${name} as header block`,
      { body: inHeader(`<${name} xmlns="urn:x"><${name}/></${name}>`), outcome: 'ignored' },
    ],
    [`${name} as prefix`, { body: inHeader(`<${name}:a xmlns:${name}="urn:x"/>`), outcome: 'ignored' }],
    [
      `${name} as value`,
      { body: OF_AKASSE.replace(/22(?=<\/OrganisationCode><\/Active)/, name), outcome: [1013, ''] },
    ],
    [
      `${name} as SOAPAction`,
      { body: GET, headers: [`SOAPAction: "${name}"`], outcome: [1014, 'SOAPAction does not agree'] },
    ],
    [`${name} as HTTP header`, { body: GET, headers: [`${name}: x`], outcome: 'ignored' }],
  ]),
);

const bytes = (text: string, encoding: BufferEncoding): Buffer => Buffer.from(text, encoding);
const declared = (encoding: string): string => GET.replace(/utf-8/, encoding);
const utf32 = (text: string): Buffer =>
  Buffer.concat(
    Array.from(text, (character) => {
      const four = Buffer.alloc(4);
      four.writeUInt32LE(character.codePointAt(0)!);
      return four;
    }),
  );
const withBytes = (...raw: number[]): Buffer =>
  Buffer.concat([
    bytes(GET.split(BORGER)[0]!, 'utf8'),
    Buffer.from(raw),
    bytes(GET.split(BORGER)[1]!, 'utf8'),
  ]);
/** `<?xml version="1.0"` in EBCDIC, as IBM037 has it. */
const EBCDIC = Buffer.from('4c6fa794937da58599a28996957e7ff14bf07f', 'hex');

/** Other encodings, and bytes that are of none. */
export const ENCODINGS: Readonly<Record<string, Attack>> = {
  'UTF-16 with a mark': { body: bytes(`\uFEFF${GET}`, 'utf16le'), outcome: UTF16 },
  'UTF-16 without one': { body: bytes(GET, 'utf16le'), outcome: UTF16 },
  'UTF-16, big end first': { body: bytes(`\uFEFF${GET}`, 'utf16le').swap16(), outcome: UTF16 },
  'UTF-32': { body: utf32(GET), outcome: UTF16 },
  EBCDIC: { body: EBCDIC, outcome: NOT_UTF8 },
  'ISO-8859-1': { body: bytes(GET, 'latin1'), outcome: NOT_UTF8 },
  'ISO-8859-1 in the declaration': { body: declared('iso-8859-1'), outcome: OTHER_ENCODING },
  'UTF-7 in the declaration': { body: declared('UTF-7'), outcome: OTHER_ENCODING },
  'UTF-7': { body: GET.replaceAll('<', '+ADw-').replaceAll('>', '+AD4-'), outcome: BROKEN },
  'EBCDIC in the declaration': { body: declared('IBM037'), outcome: OTHER_ENCODING },
  'overlong UTF-8': { body: withBytes(0xc0, 0xbc, 0x61, 0xc0, 0xbe), outcome: NOT_UTF8 },
  'a surrogate in UTF-8': { body: withBytes(0xed, 0xa0, 0x80), outcome: NOT_UTF8 },
  'half a character': { body: withBytes(0xe2, 0x82), outcome: NOT_UTF8 },
  'a NUL': { body: withBytes(0x32, 0), outcome: BROKEN },
  'a megabyte of NULs': { body: Buffer.alloc(MB), outcome: UTF16 },
  'a NUL as reference': { body: asValue('&#0;'), outcome: BROKEN },
  'two byte order marks': {
    body: `\uFEFF\uFEFF${GET}`,
    outcome: [1014, 'The byte order mark is there twice'],
  },
  'digits of another script': { body: asValue('٢٩٠٢٦١٠٠٠٨'), outcome: VALUE },
  'characters that turn the text about': { body: asValue('\u202E2902610008'), outcome: VALUE },
};

const EMAIL: Outcome = [8235, 'expected an address NAME@DOMAIN'];
const mail = (text: string): Attack => ({ body: inUser(`<UserEmail>${text}</UserEmail>`), outcome: EMAIL });
const registered = (text: string): Attack => ({
  body: GET.replace(/(<RegistrationDateTime>)[^<]*/, (_, open: string) => open + text),
  outcome: [8235, 'expected a date and time'],
});
const day = (text: string): Attack => ({
  body: SAVE.replace('2026-01-01', () => text),
  outcome: [1014, 'the value is not valid; expected an existing calendar date'],
});
const guid = (text: string): Attack => ({
  body: SAVE.replace(
    '</Personnummer>',
    (close) => `${close}<TidligPensionIdentifier>${text}</TidligPensionIdentifier>`,
  ),
  outcome: [1014, 'expected a GUID'],
});

/** Values that a pattern may take long over. */
export const VALUES: Readonly<Record<string, Attack>> = {
  'an e-mail of a megabyte': mail('a'.repeat(MB)),
  'an e-mail of a megabyte of @': mail('@'.repeat(MB)),
  'an e-mail nearly right': mail(`${'a'.repeat(191)}@${'b'.repeat(64)}!,`),
  'an e-mail of many parts': mail('a@'.repeat(400_000)),
  'a personnummer of a megabyte': { body: asValue('0'.repeat(MB)), outcome: VALUE },
  'a personnummer of many': { body: asValue(BORGER.repeat(90_000)), outcome: VALUE },
  'a GUID of a megabyte': guid('a'.repeat(MB)),
  'a GUID of many hyphens': guid('-'.repeat(900_000)),
  'a date of a megabyte': day('1'.repeat(MB)),
  'a date with a zone of a megabyte': day(`2026-01-01+${'0'.repeat(900_000)}`),
  'a date in a megabyte of white space': {
    body: SAVE.replace('2026-01-01', () => `${' '.repeat(450_000)}2026-01-0x${' '.repeat(450_000)}`),
    outcome: [1014, 'expected an existing calendar date'],
  },
  'a date that speaks like a schema': day('Expected is ('.repeat(70_000)),
  'a date that speaks like a schema, not cut': day('Expected is ('.repeat(4_600)),
  'a time with 900 000 decimals': registered(`2026-01-01T00:00:00.${'1'.repeat(900_000)}`),
  'a number of a megabyte': {
    body: GET.replace(
      '<OrganisationTypeIdentifier>50<',
      () => `<OrganisationTypeIdentifier>${'9'.repeat(MB)}<`,
    ),
    outcome: [8234, 'expected a whole number'],
  },
  'a name of a megabyte': {
    body: GET.replace(/(<UserFullName>)[^<]*/, (_, open: string) => open + 'x'.repeat(MB)),
    outcome: [8235, 'expected 1 to 140 characters'],
  },
};

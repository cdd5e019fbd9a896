// Attacks with what a message says: names that programs stumble over, other encodings, values made for the patterns of
// the schema. Each with what becomes of it.

import { akasse, getEnvelope, saveEnvelope } from '../support/envelopes.ts';
import { overgang } from '../support/store-fixtures.ts';
import {
  type Attack,
  asValue,
  BORGER,
  BROKEN,
  GET,
  inHeader,
  MB,
  type Outcome,
  UTF16,
  VALUE,
} from './attack.ts';

const SAVE = saveEnvelope({ Personnummer: BORGER, ...overgang('2026-01-01') });
const OF_AKASSE = getEnvelope(BORGER, akasse('22'));

const inUser = (xml: string): string => GET.replace('</UserIdentifier>', (close) => close + xml);

const NOT_UTF8: Outcome = [1014, 'The message holds bytes that are not UTF-8'];
const OTHER_ENCODING: Outcome = [1014, 'The XML declaration names an encoding other than UTF-8'];

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

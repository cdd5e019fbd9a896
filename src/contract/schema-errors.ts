// Turns what libxml2 says of an invalid section into words a client can act on: which element, on which line, and
// what was expected. Values are never repeated; they may be personnumre.

import { elementInWords } from './element-words.ts';
import { quoteClientText } from './mask.ts';
import { NS } from './names.ts';
import { type Element, elementAt, type XmlFinding } from './xml.ts';

/** What the value of an element must be, by its local name. A test holds this table against the schemas. */
export const EXPECTED_VALUES: Readonly<Record<string, string>> = {
  Personnummer: 'ten digits of which the first four are a possible day and month (DDMM)',
  TidligPensionIdentifier: 'a GUID of hexadecimal digits, 8-4-4-4-12, without braces or white space',
  TidligPensionOvergangsdato: 'an existing calendar date YYYY-MM-DD',
  TidligPensionAfgoerelsesdato: 'an existing calendar date YYYY-MM-DD',
  TidligPensionOphoersdato:
    'an existing calendar date YYYY-MM-DD (leave the element out where there is none)',
  Kompensationsafgoerelsesdato: 'an existing calendar date YYYY-MM-DD',
  CreatedItemIdentifier: 'a GUID of hexadecimal digits, 8-4-4-4-12',
  OrganisationTypeIdentifier: 'a whole number from 1 to 100',
  OrganisationCode: 'the code of an organisation',
  CodeListItemIdentifier: 'a whole number from 0 to 100000000',
  UserFullName: '1 to 140 characters',
  UserIdentifier: '1 to 255 characters',
  UserEmail: 'an address NAME@DOMAIN without white space (at most 191 and 64 characters)',
  RegistrationDateTime: 'a date and time YYYY-MM-DDThh:mm:ss, optionally with decimals (at most 40) and zone',
  Identifier: 'a GUID of hexadecimal digits, 8-4-4-4-12, as CreateSequence answered it',
  AcksTo: 'anything, or nothing',
  Expires: 'text',
  Offer: 'anything, or nothing',
  SubQueueIdentifier: 'nothing: there is only the default queue',
  ServiceName: 'the name of an operation',
  ServiceEndpoint: 'an address',
  MessageCount: 'a whole number',
  MessageIdentifier: 'a GUID of hexadecimal digits, 8-4-4-4-12',
  RegistrationType: 'Create or Update',
  EventDate: 'a date and time with its offset',
  ErrorCode: 'a whole number',
  Message: 'text',
  InnerException: 'text',
  StackTrace: 'text',
  Source: 'text',
};

/** What OrganisationCode must be depends on the header it stands in. */
const EXPECTED_IN: Readonly<Record<string, string>> = {
  [`{${NS.activeOrganisation}}OrganisationCode`]: '1 to 20 characters',
  [`{${NS.requestOrganisation}}OrganisationCode`]: '1 to 8 digits, or -1',
};

/** One sentence for the first of the findings: which element, what is wrong, what was expected. */
export function describeFindings(section: Element, findings: readonly XmlFinding[]): string {
  const first = findings[0]!;
  const found = first.xpath === undefined ? undefined : elementAt(section.doc.root, first.xpath);
  const name = /^Element '([^']*)'/.exec(first.message)?.[1] ?? section.name;
  const more = findings.length > 1 ? ` (${findings.length - 1} more found in this section)` : '';
  return `${elementInWords(found ?? section, first.line)}: ${whatIsWrong(name, first.message)}.${more}`;
}

/** How libxml2 begins to tell of a value that is not of its type, or not as a facet wants it. */
const SPEAKS_OF_VALUE = /^Element '[^']*'(?:, attribute '[^']*')?: (?:'|\[facet )/;

/** `name` is that of the element as libxml2 writes it: `{namespace}local`. */
function whatIsWrong(name: string, message: string): string {
  // What follows is the client's own value, which may say anything, and at length: it is not read for what is wrong.
  if (SPEAKS_OF_VALUE.test(message)) return `the value is not valid; expected ${expectedValue(name)}`;
  const expected = /Expected is (?:one of )?\(([^)]*)\)/.exec(message)?.[1];
  const attribute = /attribute '(?:\{[^}]*\})?([^']*)'/.exec(message)?.[1];
  if (/: Missing child element/.test(message)) {
    return `a child element is missing; expected ${localNames(expected)}`;
  }
  if (/: This element is not expected/.test(message)) return notExpected(name, expected);
  if (/No matching global/.test(message)) return 'the schema has no such element in this namespace';
  if (attribute !== undefined && /is not allowed/.test(message)) {
    return `the attribute ${quoteClientText(attribute)} is not allowed; expected no attributes here`;
  }
  if (/xsi:type|instance\}type/.test(message))
    return 'its xsi:type is not the type of the schema; leave xsi:type out';
  if (/nillable/.test(message))
    return 'xsi:nil is not allowed; give a value, or leave an optional element out';
  if (/content type is empty/.test(message)) return 'something stands in it; expected an empty element';
  if (/Character content/.test(message))
    return 'text stands between its child elements; expected elements only';
  if (/Element content is not allowed|Element-only|simple/.test(message)) {
    return `it holds child elements; expected ${expectedValue(name)}`;
  }
  return `the value is not valid; expected ${expectedValue(name)}`;
}

function notExpected(name: string, expected: string | undefined): string {
  if (expected === undefined)
    return 'it is not expected here; expected no further element, or each element once and in order';
  const list = localNames(expected);
  const namespace = new RegExp(`\\{([^}]*)\\}${escapeRegExp(localName(name))}(?![\\w.-])`).exec(
    expected,
  )?.[1];
  if (namespace !== undefined && !name.startsWith(`{${namespace}}`)) {
    return `it is in the wrong namespace; expected ${list} in the namespace ${namespace}`;
  }
  return `it is not expected here; what may stand here is ${list}`;
}

const localName = (name: string): string => name.replace(/^\{[^}]*\}/, '');

const expectedValue = (name: string): string =>
  EXPECTED_IN[name] ?? EXPECTED_VALUES[localName(name)] ?? 'a value of the type that the schema names';

const localNames = (list: string | undefined): string =>
  (list ?? '')
    .replaceAll(/\{[^}]*\}/g, '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
    .join(' or ') || 'no element';

const escapeRegExp = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

// Attacks with a message that has too much of something. Each with what becomes of it.

import { LIMITS } from '../../src/contract/limits.ts';
import { akasse, createEnvelope } from '../support/envelopes.ts';
import { type Attack, asValue, BROKEN, GET, inHeader, MB, type Outcome, VALUE } from './attack.ts';

const CREATE = createEnvelope(akasse('22'));

const inAcksTo = (xml: string, attributes = ''): string =>
  CREATE.replace('</CreateSequence>', (close) => `<AcksTo${attributes}>${xml}</AcksTo>${close}`);
const many = (count: number, make: (n: number) => string): string =>
  Array.from({ length: count }, (_, n) => make(n)).join('');

const MORE = (limit: number, what: string): Outcome => [1014, `The message has more than ${limit} ${what}.`];
const LEVELS = MORE(LIMITS.maxDepth, 'levels of elements');
const ELEMENTS = MORE(LIMITS.maxElements, 'elements');
const ATTRIBUTES = MORE(LIMITS.maxAttributes, 'attributes and namespace declarations');
const LONG = MORE(LIMITS.maxAttributeValue, 'characters in an attribute value or namespace name');
const MARKUP = MORE(LIMITS.maxMarkup, 'comments, CDATA sections and processing instructions');
const DTD: Outcome = [1014, 'A document type declaration is not allowed'];

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

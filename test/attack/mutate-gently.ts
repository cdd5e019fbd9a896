// Changes how a message is written and not, mostly, what it says: what is valid should stay so. For the cases where two
// readers of XML might not agree.

import { NS } from '../../src/contract/names.ts';
import type { Seeded } from '../support/seeded.ts';
import { attributesIn, leafBy, spansIn, splice } from './elements.ts';
import type { XmlMutation } from './mutate-xml.ts';

const anyOf = <T>(values: readonly T[], chance: Seeded): T | undefined => values[chance.below(values.length)];

const GUID = /^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/;
const DATE = /^\d{4}-\d\d-\d\d$/;

const inLeaf =
  (change: (value: string, chance: Seeded) => string): XmlMutation =>
  (text, chance) => {
    const leaf = leafBy(text, chance);
    if (leaf === undefined) return text;
    const value = text.slice(leaf.contentStart, leaf.contentEnd);
    return splice(text, leaf.contentStart, leaf.contentEnd, change(value, chance));
  };

const between =
  (what: readonly string[]): XmlMutation =>
  (text, chance) => {
    const span = anyOf(spansIn(text), chance);
    if (span === undefined) return text;
    const at = chance.chance(0.5) ? span.start : span.end;
    return splice(text, at, at, anyOf(what, chance)!);
  };

const digits = (value: string, chance: Seeded): string => {
  const at = [...value.matchAll(/\d/g)].map(({ index }) => index);
  const where = anyOf(at, chance);
  return where === undefined ? value : splice(value, where, where + 1, String(chance.below(10)));
};

const BLOCKS = [
  '<x:b xmlns:x="urn:x"/>',
  '<x:b xmlns:x="urn:x" x:a="&lt;">text<x:c/></x:b>',
  `<x:b xmlns:x="urn:x" xmlns:q="${NS.soap}" q:mustUnderstand="0"/>`,
  `<x:b xmlns:x="urn:x" xmlns:q="${NS.soap}" q:mustUnderstand="1" q:actor="urn:other"/>`,
  '<b xmlns=""><__proto__/></b>',
  `<AckRequested xmlns="${NS.wsrm}"/>`,
];

export const GENTLE_MUTATIONS: Readonly<Record<string, XmlMutation>> = {
  'a comment between': between(['<!-- -->', '<!--<a>-->', '<!--&x;-->', '<!---->']),
  'white space between': between([' ', '\n', '\r\n', '\t', '&#10;', '&#x20;']),
  'a comment in a value': inLeaf((value, chance) => {
    const at = chance.below(value.length + 1);
    return splice(value, at, at, '<!-- -->');
  }),
  'a value as CDATA': inLeaf((value) => `<![CDATA[${value.replaceAll('&amp;', '&')}]]>`),
  'half a value as CDATA': inLeaf((value, chance) => {
    const at = chance.below(value.length + 1);
    return `${value.slice(0, at)}<![CDATA[${value.slice(at)}]]>`;
  }),
  'a value in character references': inLeaf((value) =>
    value.includes('&') ? value : Array.from(value, (c) => `&#x${c.codePointAt(0)!.toString(16)};`).join(''),
  ),
  'white space around a value': inLeaf((value, chance) => {
    const space = anyOf([' ', '\n', '\t', '\r\n', '&#13;', '&#xA0;', '\u3000'], chance)!;
    return chance.chance(0.5) ? space + value : value + space;
  }),
  'another digit': inLeaf(digits),
  'another digit, again': inLeaf(digits),
  'a letter in other case': inLeaf((value) => (GUID.test(value) ? value.toUpperCase() : value)),
  'a zone behind a date': inLeaf((value, chance) =>
    DATE.test(value) ? value + anyOf(['Z', '+01:00', '-14:00', '+14:00', '+00:00', '-00:00'], chance) : value,
  ),
  'leading zeros or a sign': inLeaf((value, chance) =>
    /^\d{1,3}$/.test(value) ? anyOf(['0', '000', '+', '-', ' '], chance)! + value : value,
  ),
  'other letters in a name': inLeaf((value, chance) =>
    /[A-Za-z]{6}/.test(value)
      ? value + anyOf(['æ', '\u{1F600}', '&amp;', '&gt;', '\u0085', '\u200B'], chance)
      : value,
  ),
  'single quotes': (text, chance) => {
    const one = anyOf(attributesIn(text), chance);
    if (one === undefined || one.value.includes("'")) return text;
    return splice(text, one.start, one.end, `\n${one.name} = '${one.value}'`);
  },
  'another prefix throughout': (text, chance) => {
    const prefix = /xmlns:(\w+)=/.exec(text)?.[1];
    const other = anyOf(['soapenv', 'SOAP-ENV', 'xsi', 'a.b', 'ø', '_'], chance)!;
    if (prefix === undefined) return text;
    return text.replaceAll(new RegExp(`(</?|xmlns:|\\s)${prefix}(?=[:=])`, 'g'), `$1${other}`);
  },
  'declarations that nothing needs': (text, chance) => {
    const span = anyOf(spansIn(text), chance);
    if (span === undefined) return text;
    const at = span.start + 1 + span.name.length;
    return splice(text, at, at, ` xmlns:unused${chance.below(9)}="urn:x" xmlns:xsi="${NS.xsi}"`);
  },
  'white space in tags': (text, chance) => {
    const span = anyOf(spansIn(text), chance);
    if (span === undefined || span.contentEnd === span.end) return text;
    return splice(text, span.end - 1, span.end - 1, ' \n');
  },
  'an empty element the other way': (text) =>
    text.replace(/<([\w:]+)([^<>]*)\/>/, '<$1$2></$1>').replace(/<([\w:]+)><\/\1>/, '<$1/>'),
  'a header of a stranger': (text, chance) =>
    text.replace(/<([\w.-]+:)?Header[^<>]*>/, (open) => open + anyOf(BLOCKS, chance)),
  'the declaration in another way': (text, chance) =>
    anyOf(
      [
        "<?xml version='1.0'?>",
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n',
        '',
        '\uFEFF',
        '\n',
      ],
      chance,
    )! + text.replace(/^<\?xml[^>]*\?>/, ''),
  'an optional element': (text, chance) =>
    text
      .replace(
        /<\/UserIdentifier>/,
        (close) => close + anyOf(['<UserEmail>a@b</UserEmail>', '<UserEmail>@b</UserEmail>', ''], chance),
      )
      .replace(
        /<(\w+:)?CreateSequence([^<>]*?)(\/>|><\/(\w+:)?CreateSequence>)/,
        (_, prefix = '', attributes: string) =>
          `<${prefix}CreateSequence${attributes}>${anyOf(
            [
              `<${prefix}AcksTo><x xmlns="urn:x" a="b">y</x></${prefix}AcksTo>`,
              `<${prefix}Expires>PT1H</${prefix}Expires>`,
              `<${prefix}Offer xmlns:xsi="${NS.xsi}" xsi:nil="true"/>`,
              `<${prefix}AcksTo xmlns:xsi="${NS.xsi}" xmlns:xs="${NS.xs}" xsi:type="xs:int">1</${prefix}AcksTo>`,
              `<${prefix}SubQueueIdentifier/>`,
            ],
            chance,
          )}</${prefix}CreateSequence>`,
      ),
  'attributes of SOAP': (text, chance) =>
    text.replace(
      /<((?:\w+:)?(?:ActiveOrganisation|RequestUserMetadata)Header)/,
      (open) =>
        open +
        anyOf([` xmlns:q="${NS.soap}" q:mustUnderstand="1"`, ` xmlns:q="${NS.soap}" q:actor=""`], chance),
    ),
  'a hint where a schema is': (text) =>
    text.replace(
      /<[\w.:-]*Envelope/,
      (open) => `${open} xmlns:xsi="${NS.xsi}" xsi:schemaLocation="urn:x file:///none"`,
    ),
};

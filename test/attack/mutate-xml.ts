// Breaks a message as someone would who knows XML: elements, attributes, namespaces, values.

import type { Seeded } from '../support/seeded.ts';
import { attributesIn, leafBy, leavesIn, type Span, spansIn, splice } from './elements.ts';
import { BOUNDARY_VALUES } from './values.ts';
import { ATTRIBUTES, INSERTS, NAMES, NAMESPACES } from './xml-pieces.ts';

/** Changes the text of a message. */
export type XmlMutation = (text: string, chance: Seeded) => string;

const anyOf = <T>(values: readonly T[], chance: Seeded): T | undefined => values[chance.below(values.length)];

const onSpan =
  (change: (text: string, span: Span, chance: Seeded) => string): XmlMutation =>
  (text, chance) => {
    const span = anyOf(spansIn(text), chance);
    return span === undefined ? text : change(text, span, chance);
  };
const whole = (text: string, { start, end }: Span): string => text.slice(start, end);
const content = (text: string, { contentStart, contentEnd }: Span): string =>
  text.slice(contentStart, contentEnd);

const renamed = (text: string, span: Span, name: string): string =>
  text.slice(0, span.start) +
  whole(text, span)
    .replace(span.name, () => name)
    .replace(/<\/[^<>]*>$/, () => `</${name}>`) +
  text.slice(span.end);

export const XML_MUTATIONS: Readonly<Record<string, XmlMutation>> = {
  'an element left out': onSpan((text, span) => splice(text, span.start, span.end, '')),
  'an element twice': onSpan((text, span) => splice(text, span.end, span.end, whole(text, span))),
  'an element elsewhere': onSpan((text, span, chance) => {
    const rest = splice(text, span.start, span.end, '');
    const target = anyOf(spansIn(rest), chance);
    const at = target === undefined ? 0 : chance.chance(0.5) ? target.contentEnd : target.end;
    return splice(rest, at, at, whole(text, span));
  }),
  'two elements changed about': onSpan((text, span, chance) => {
    const later = spansIn(text).filter(({ start }) => start >= span.end);
    const other = anyOf(later, chance);
    if (other === undefined) return text;
    return splice(
      splice(text, other.start, other.end, whole(text, span)),
      span.start,
      span.end,
      whole(text, other),
    );
  }),
  'an element with another name': onSpan((text, span, chance) => renamed(text, span, anyOf(NAMES, chance)!)),
  'an element in other case': onSpan((text, span) => renamed(text, span, span.name.toLowerCase())),
  'an element with another prefix': onSpan((text, span) =>
    renamed(text, span, span.name.includes(':') ? span.name.replace(/^.*:/, '') : `s:${span.name}`),
  ),
  'an element without its tags': onSpan((text, span) =>
    splice(text, span.start, span.end, content(text, span)),
  ),
  'an element in another': onSpan((text, span, chance) => {
    const name = anyOf([...NAMES, span.name], chance)!;
    return splice(text, span.start, span.end, `<${name}>${whole(text, span)}</${name}>`);
  }),
  'an element emptied': onSpan((text, span) => splice(text, span.contentStart, span.contentEnd, '')),
  'a tag left out': onSpan((text, span, chance) =>
    chance.chance(0.5)
      ? splice(text, span.start, span.contentStart, '')
      : splice(text, span.contentEnd, span.end, ''),
  ),
  'an attribute put in': onSpan((text, span, chance) => {
    const at = span.start + 1 + span.name.length;
    return splice(text, at, at, anyOf(ATTRIBUTES, chance)!);
  }),
  'an attribute left out': (text, chance) => {
    const attribute = anyOf(attributesIn(text), chance);
    return attribute === undefined ? text : splice(text, attribute.start, attribute.end, '');
  },
  'an attribute twice': (text, chance) => {
    const attribute = anyOf(attributesIn(text), chance);
    if (attribute === undefined) return text;
    return splice(text, attribute.end, attribute.end, text.slice(attribute.start, attribute.end));
  },
  'another namespace': (text, chance) => {
    const found = anyOf(
      attributesIn(text).filter(({ name }) => name.startsWith('xmlns')),
      chance,
    );
    if (found === undefined) return text;
    return splice(text, found.start, found.end, ` ${found.name}="${anyOf(NAMESPACES, chance)}"`);
  },
  'another value': (text, chance) => {
    const leaf = leafBy(text, chance);
    if (leaf === undefined) return text;
    return splice(text, leaf.contentStart, leaf.contentEnd, anyOf(BOUNDARY_VALUES, chance)!);
  },
  'a value in another place': (text, chance) => {
    const leaves = leavesIn(text);
    const [from, to] = [anyOf(leaves, chance), anyOf(leaves, chance)];
    return from && to ? splice(text, to.contentStart, to.contentEnd, content(text, from)) : text;
  },
  'something put between': onSpan((text, span, chance) => {
    const at = anyOf([span.start, span.contentStart, span.contentEnd, span.end], chance)!;
    return splice(text, at, at, anyOf(INSERTS, chance)!);
  }),
  'something put in a value': (text, chance) => {
    const leaf = leafBy(text, chance);
    if (leaf === undefined) return text;
    const at = leaf.contentStart + chance.below(leaf.contentEnd - leaf.contentStart + 1);
    return splice(text, at, at, anyOf(INSERTS, chance)!);
  },
  'another declaration': (text, chance) => {
    const rest = text.replace(/^<\?xml[^>]*\?>/, '');
    const encoding = anyOf(
      ['utf-8', 'UTF8', 'utf-16', 'iso-8859-1', 'us-ascii', 'IBM037', 'UTF-7', 'UCS-4', 'x', '', 'utf-8 '],
      chance,
    );
    const version = anyOf(['1.0', '1.0', '1.1', '2.0', ''], chance);
    return `${chance.chance(0.1) ? ' ' : ''}<?xml version="${version}" encoding="${encoding}"?>${rest}`;
  },
  'a document type': (text, chance) => {
    const doctype = anyOf(
      [
        '<!DOCTYPE s:Envelope>',
        '<!DOCTYPE x [<!ENTITY a "b">]>',
        '<!DOCTYPE x SYSTEM "file:///etc/hostname">',
        '<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1:9/">%p;]>',
        '<!doctype x>',
        '<!ELEMENT x ANY>',
      ],
      chance,
    )!;
    return text.replace(/^(<\?xml[^>]*\?>)?/, (declaration) => declaration + doctype);
  },
};

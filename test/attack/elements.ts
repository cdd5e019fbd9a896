// Finds elements in the text of a message without a parser, so that a message that is broken already can be broken more.

import type { Seeded } from '../support/seeded.ts';

/** Where an element stands in a text: its tags, and what is between them. */
export interface Span {
  readonly name: string;
  readonly start: number;
  /** Where its start tag ends. */
  readonly contentStart: number;
  readonly contentEnd: number;
  readonly end: number;
}

const TAG = /<(\/?)([^\s<>/!?]+)([^<>]*?)(\/?)>/g;

/** The elements whose tags match, in the order in which they end. */
export function spansIn(text: string): Span[] {
  const spans: Span[] = [];
  const open: { name: string; start: number; contentStart: number }[] = [];
  for (const match of text.matchAll(TAG)) {
    const [whole, slash, name = '', , empty] = match;
    const end = match.index + whole.length;
    if (slash) {
      const at = open.findLastIndex((one) => one.name === name);
      if (at < 0) continue;
      spans.push({ ...open[at]!, contentEnd: match.index, end });
      open.length = at;
    } else if (empty) {
      spans.push({ name, start: match.index, contentStart: end, contentEnd: end, end });
    } else {
      open.push({ name, start: match.index, contentStart: end });
    }
  }
  return spans;
}

/** Those that hold text and no elements. */
export const leavesIn = (text: string): Span[] =>
  spansIn(text).filter(({ contentStart, contentEnd }) => !text.slice(contentStart, contentEnd).includes('<'));

/** Where an attribute or a namespace declaration stands, the white space before it included. */
export interface AttributeSpan {
  readonly start: number;
  readonly name: string;
  readonly value: string;
  readonly end: number;
}

/** The attributes of all start tags. */
export function attributesIn(text: string): AttributeSpan[] {
  return [...text.matchAll(/\s+([^\s=<>"'/]+)\s*=\s*("[^"<]*"|'[^'<]*')/g)].map((match) => ({
    start: match.index,
    name: match[1]!,
    value: match[2]!.slice(1, -1),
    end: match.index + match[0].length,
  }));
}

/** The text with a piece of it replaced. */
export const splice = (text: string, start: number, end: number, by: string): string =>
  text.slice(0, start) + by + text.slice(end);

/** A leaf by chance: every other time one of the body, which has fewer of them than the headers. */
export function leafBy(text: string, chance: Seeded): Span | undefined {
  const leaves = leavesIn(text);
  const inBody = leaves.filter(({ start }) => start > text.search(/<[\w.:-]*Body/));
  const from = inBody.length > 0 && chance.chance(0.5) ? inBody : leaves;
  return from[chance.below(from.length)];
}

// How every message of a fault names an element: its local name, its path from Envelope, and its line.

import { quoteClientText } from './mask.ts';
import { type Element, lineOf, pathOf } from './xml.ts';

/** `Element NAME (PATH) on line N`. `line` where it is known better than by the element itself. */
export const elementInWords = (element: Element, line?: number): string =>
  `Element ${quoteClientText(element.name)} (${quoteClientText(pathOf(element))}) on line ${lineInWords(line ?? lineOf(element))}`;

/** libxml2 keeps lines of nodes in 16 bits. */
const GREATEST_LINE = 65_535;

/** A line number; the greatest one that is kept stands for all that follow. */
export const lineInWords = (line: number): string =>
  line === GREATEST_LINE ? `${GREATEST_LINE} or later` : String(line);

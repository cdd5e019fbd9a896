// Counts elements, attributes, depth and other markup in the text of a message, before a parser builds anything of it.
// It needs no well-formed text: what is wrong with it is the parser's to say.

import { afvist, fejl, ok, type Resultat } from './fejlkatalog.ts';
import { LIMITS } from './limits.ts';

/** Gives the text back when it is within the limits; refuses it with 1014 naming the limit. */
export function checkSize(text: string): Resultat<string> {
  let [elements, attributes, depth] = [0, 0, 0];
  let markup = text.startsWith('<?xml') ? -1 : 0; // the XML declaration is none of it
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at)) {
    const skipped = skipMarkup(text, at);
    if (skipped !== undefined) {
      at = skipped;
      markup += 1;
      if (markup > LIMITS.maxMarkup) {
        return tooMuch('comments, CDATA sections and processing instructions', LIMITS.maxMarkup);
      }
      continue;
    }
    if (text[at + 1] === '/') {
      depth -= 1;
      at += 2;
      continue;
    }
    const tag = readTag(text, at + 1);
    elements += 1;
    attributes += tag.attributes;
    if (!tag.isEmpty) depth += 1;
    at = tag.end;
    if (elements > LIMITS.maxElements) return tooMuch('elements', LIMITS.maxElements);
    if (attributes > LIMITS.maxAttributes) {
      return tooMuch('attributes and namespace declarations', LIMITS.maxAttributes);
    }
    if (tag.longest > LIMITS.maxAttributeValue) {
      return tooMuch('characters in an attribute value or namespace name', LIMITS.maxAttributeValue);
    }
    if (depth + (tag.isEmpty ? 1 : 0) > LIMITS.maxDepth)
      return tooMuch('levels of elements', LIMITS.maxDepth);
  }
  return ok(text);
}

const tooMuch = (what: string, most: number) =>
  afvist(fejl(1014, `The message has more than ${most} ${what}.`));

const MARKUP = [
  { open: '<!--', close: '-->' },
  { open: '<![CDATA[', close: ']]>' },
  { open: '<?', close: '?>' },
] as const;

/** Where a comment, a CDATA section or an instruction that opens at `at` ends; undefined when none opens there. */
function skipMarkup(text: string, at: number): number | undefined {
  const kind = MARKUP.find(({ open }) => text.startsWith(open, at));
  if (kind === undefined) return undefined;
  const end = text.indexOf(kind.close, at + kind.open.length);
  return end < 0 ? text.length : end + kind.close.length;
}

const QUOTE_OR_END = /["'<>]/g;

interface Tag {
  readonly attributes: number;
  /** Characters of its longest quoted value. */
  readonly longest: number;
  readonly isEmpty: boolean;
  readonly end: number;
}

/** A start tag: how many quoted values it has and how long they are, whether it closes itself, and where it ends. */
function readTag(text: string, start: number): Tag {
  let [attributes, longest] = [0, 0];
  QUOTE_OR_END.lastIndex = start;
  for (let found = QUOTE_OR_END.exec(text); found !== null; found = QUOTE_OR_END.exec(text)) {
    const character = found[0];
    if (character === '>')
      return { attributes, longest, isEmpty: text[found.index - 1] === '/', end: found.index + 1 };
    if (character === '<') return { attributes, longest, isEmpty: false, end: found.index };
    attributes += 1;
    const close = text.indexOf(character, found.index + 1);
    if (close < 0) break;
    longest = Math.max(longest, close - found.index - 1);
    QUOTE_OR_END.lastIndex = close + 1;
  }
  return { attributes, longest, isEmpty: false, end: text.length };
}

// Reads plain markup in one pass over its text: elements, namespace declarations, and text in which only the five
// entities of XML stand. What else XML allows is not read here, and nothing is said of it: the caller asks a real parser.

/** What is declared by an element and those around it: the innermost declaration of a prefix holds. */
interface Scope {
  readonly prefix: string;
  readonly namespace: string;
  readonly outer: Scope | undefined;
}

/** A start tag. */
interface StartTag {
  readonly namespace: string;
  readonly name: string;
  /** As it is written, with its prefix: the end tag must say the same. */
  readonly written: string;
  readonly isEmpty: boolean;
}

/** Where a value stands in a text: up to the next `<`, which no value holds. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

const SPACE = '[ \\t\\r\\n]';
const NAME = '[A-Za-z_][A-Za-z0-9_.-]*';
/** A value without entities, and without white space that a parser would normalise. */
const VALUE = `"[^"<&\\t\\r\\n]*"|'[^'<&\\t\\r\\n]*'`;
const DECLARATION = /^<\?xml version=(?:"1\.0"|'1\.0')(?: encoding=(?:"utf-8"|'utf-8'))? ?\?>/i;
const START_TAG = new RegExp(
  `^<((?:(${NAME}):)?(${NAME}))((?:${SPACE}+xmlns(?::${NAME})?=(?:${VALUE}))*)${SPACE}*(/?)>$`,
);
const NAMESPACE = new RegExp(`xmlns(?::(${NAME}))?=(?:"([^"]*)"|'([^']*)')`, 'g');
/** Prefixes that XML itself has rules about. */
const RESERVED = /^xml/i;
/** A namespace as they are: of the others, a parser may find that they are none. */
const USUAL_NAMESPACE =
  /^(?!http:\/\/www\.w3\.org\/(?:XML\/|2000\/xmlns))(?:https?:\/\/|urn:)[A-Za-z0-9._~:/-]{1,500}$/;
/** What no plain text holds: control characters, a carriage return (it would become a line feed), what is no character, and a
 * byte order mark in front. */
const NOT_PLAIN = /[^\P{Cc}\t\n]|[\uFFFE\uFFFF]|\]\]>|^\uFEFF/u;
const ENTITIES = new Map(Object.entries({ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }));

/**
 * Where the reading of a text is. Each step gives `undefined`, or false, when what comes is not plain; then it is over. Of
 * values only the place is found: `plainValue` says whether they are.
 */
export class Markup {
  readonly #text: string;
  readonly #values: Span[] = [];
  #at = 0;
  #scope: Scope | undefined;
  /** A start tag that has been looked at and not taken. */
  #seen: { readonly tag: StartTag; readonly at: number; readonly scope: Scope | undefined } | undefined;

  /** Begins behind the XML declaration, if there is one. */
  constructor(text: string) {
    this.#text = text;
    const declaration = text.startsWith('<?') ? DECLARATION.exec(text)?.[0] : '';
    this.#at = declaration?.length ?? 0; // what is there is not plain, if it is no such declaration
  }

  /** The start tag that comes next, if one does. */
  look(): StartTag | undefined {
    if (this.#seen !== undefined) return this.#seen.tag;
    this.#skipSpace();
    if (this.#text[this.#at] !== '<') return undefined;
    const end = this.#text.indexOf('>', this.#at) + 1;
    const found = readStartTag(this.#text.slice(this.#at, end));
    if (found === undefined) return undefined;
    const { prefix, name, written, declarations, isEmpty } = found;
    const scope = declared(declarations, this.#scope);
    const namespace = namespaceOf(prefix, scope);
    if (namespace === undefined) return undefined;
    const tag = { namespace, name, written, isEmpty };
    this.#seen = { tag, at: end, scope };
    return tag;
  }

  /** Takes the element that has been looked at: `read` takes its content, and says whether that is plain. */
  take(read: () => boolean): boolean {
    const { tag, at, scope } = this.#seen!;
    const outer = this.#scope;
    this.#seen = undefined;
    this.#at = at;
    if (tag.isEmpty) return false;
    this.#scope = scope;
    if (!read() || !this.#endTag(tag.written)) return false;
    this.#scope = outer;
    return true;
  }

  /** Takes an element in which nothing stands, not even white space. */
  takeEmpty(): boolean {
    const { tag, at } = this.#seen!;
    const end = tag.isEmpty ? '' : `</${tag.written}>`;
    this.#seen = undefined;
    this.#at = at + end.length;
    return this.#text.startsWith(end, at);
  }

  /** Takes a value: all that stands before the next tag. */
  takeValue(): boolean {
    const start = this.#at;
    const end = this.#text.indexOf('<', start);
    if (end < 0) return false;
    this.#values.push({ start, end });
    this.#at = end;
    return true;
  }

  /** Where the values stand that have been taken, in order. */
  get values(): readonly Span[] {
    return this.#values;
  }

  /** Whether nothing but white space is left. */
  isAtEnd(): boolean {
    this.#skipSpace();
    return this.#at === this.#text.length;
  }

  #endTag(written: string): boolean {
    if (this.#seen !== undefined) return false; // another element stands where the end should
    this.#skipSpace();
    if (!this.#text.startsWith('</', this.#at) || !this.#text.startsWith(written, this.#at + 2)) return false;
    this.#at += 2 + written.length;
    this.#skipSpace();
    this.#at += 1;
    return this.#text[this.#at - 1] === '>';
  }

  #skipSpace(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
      this.#at += 1;
    }
  }
}

/** A start tag by itself: what its prefix means, those around it say. */
interface TagAlone extends Omit<StartTag, 'namespace'> {
  readonly prefix: string;
  readonly declarations: readonly Declaration[];
}

type Declaration = Omit<Scope, 'outer'>;

function readStartTag(text: string): TagAlone | undefined {
  const match = START_TAG.exec(text);
  if (match === null) return undefined;
  const [, written = '', prefix = '', name = '', namespaces = '', slash] = match;
  const declarations: Declaration[] = [];
  for (const [, declares = '', double, single] of namespaces.matchAll(NAMESPACE)) {
    const namespace = double ?? single ?? '';
    const isTwice = declarations.some((before) => before.prefix === declares);
    if (!USUAL_NAMESPACE.test(namespace) || RESERVED.test(declares) || isTwice) return undefined;
    declarations.push({ prefix: declares, namespace });
  }
  return { written, prefix, name, declarations, isEmpty: slash === '/' };
}

/** The declarations of one element on top of those around it. */
const declared = (declarations: readonly Declaration[], outer: Scope | undefined): Scope | undefined =>
  declarations.reduce<Scope | undefined>((scope, declaration) => ({ ...declaration, outer: scope }), outer);

/** The namespace that a prefix means; nothing where it means none. */
function namespaceOf(prefix: string, scope: Scope | undefined): string | undefined {
  for (let at = scope; at !== undefined; at = at.outer) if (at.prefix === prefix) return at.namespace;
  return undefined;
}

/** What is meant by a value as it is written; nothing where that is not plain. */
export function plainValue(written: string): string | undefined {
  if (NOT_PLAIN.test(written)) return undefined;
  return written.includes('&') ? withEntities(written) : written;
}

/** The text with the five entities of XML resolved; nothing where there are others. */
function withEntities(text: string): string | undefined {
  let isPlain = true;
  const resolved = text.replace(/&([^;]*);?/g, (written, name: string) => {
    const character = written.endsWith(';') ? ENTITIES.get(name) : undefined;
    if (character === undefined) isPlain = false;
    return character ?? '';
  });
  return isPlain ? resolved : undefined;
}

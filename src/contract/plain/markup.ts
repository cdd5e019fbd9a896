// Reads plain markup in one pass over its text: elements, namespace declarations, and text in which only the five
// entities of XML stand. What else XML allows is not read here, and nothing is said of it: the caller asks a real parser.

/** What is declared by an element and those around it: the innermost declaration of a prefix holds. */
interface Scope {
  readonly prefix: string;
  readonly namespace: string;
  readonly outer: Scope | undefined;
}

/** A start tag. */
export interface StartTag {
  readonly namespace: string;
  readonly name: string;
  /** As it is written, with its prefix: the end tag must say the same. */
  readonly written: string;
  readonly isEmpty: boolean;
}

const SPACE = '[ \\t\\r\\n]';
const NAME = '[A-Za-z_][A-Za-z0-9_.-]*';
/** A value without entities, and without white space that a parser would normalise. */
const VALUE = `"[^"<&\\t\\r\\n]*"|'[^'<&\\t\\r\\n]*'`;
const DECLARATION = /^<\?xml version=(?:"1\.0"|'1\.0')(?: encoding=(?:"utf-8"|'utf-8'))? ?\?>/i;
const START_TAG = new RegExp(
  `<((?:(${NAME}):)?(${NAME}))((?:${SPACE}+xmlns(?::${NAME})?=(?:${VALUE}))*)${SPACE}*(/?)>`,
  'y',
);
const NAMESPACE = new RegExp(`xmlns(?::(${NAME}))?=(?:"([^"]*)"|'([^']*)')`, 'g');
/** Prefixes that XML itself has rules about. */
const RESERVED = /^xml/i;
/** A namespace as they are: of the others, a parser may find that they are none. */
const USUAL_NAMESPACE =
  /^(?!http:\/\/www\.w3\.org\/(?:XML\/|2000\/xmlns))(?:https?:\/\/|urn:)[A-Za-z0-9._~:/-]{1,500}$/;
/** What no plain text holds: control characters, a carriage return (it would become a line feed), what is no character. */
const NOT_PLAIN = /[^\P{Cc}\t\n]|[\uFFFE\uFFFF]|\]\]>/u;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Where the reading of a text is. Each step gives `undefined`, or false, when what comes is not plain; then it is over. */
export class Markup {
  readonly #text: string;
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
    START_TAG.lastIndex = this.#at;
    const match = START_TAG.exec(this.#text);
    if (match === null) return undefined;
    const [, written = '', prefix = '', name = '', declarations = '', slash] = match;
    const scope = declarations === '' ? this.#scope : declared(declarations, this.#scope);
    const namespace = scope === NOT_READ ? undefined : namespaceOf(prefix, scope);
    if (namespace === undefined) return undefined;
    const tag = { namespace, name, written, isEmpty: slash === '/' };
    this.#seen = { tag, at: START_TAG.lastIndex, scope };
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

  /** The text up to the next tag. */
  text(): string | undefined {
    const end = this.#text.indexOf('<', this.#at);
    if (end < 0) return undefined;
    const text = this.#text.slice(this.#at, end);
    if (NOT_PLAIN.test(text)) return undefined;
    this.#at = end;
    return text.includes('&') ? withEntities(text) : text;
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

/** Stands for declarations that a real parser must judge. */
const NOT_READ: Scope = { prefix: '', namespace: '', outer: undefined };

/** The declarations of one element on top of those around it. */
function declared(declarations: string, outer: Scope | undefined): Scope | undefined {
  let scope = outer;
  for (const [, prefix = '', double, single] of declarations.matchAll(NAMESPACE)) {
    const namespace = double ?? single ?? '';
    const isTwice = (at: Scope | undefined): boolean =>
      at !== outer && at !== undefined && (at.prefix === prefix || isTwice(at.outer));
    if (!USUAL_NAMESPACE.test(namespace) || RESERVED.test(prefix) || isTwice(scope)) return NOT_READ;
    scope = { prefix, namespace, outer: scope };
  }
  return scope;
}

/** The namespace that a prefix means; nothing where it means none. */
function namespaceOf(prefix: string, scope: Scope | undefined): string | undefined {
  for (let at = scope; at !== undefined; at = at.outer) if (at.prefix === prefix) return at.namespace;
  return undefined;
}

/** The text with the five entities of XML resolved; nothing where there are others. */
function withEntities(text: string): string | undefined {
  let isPlain = true;
  const resolved = text.replace(/&([^;]*);?/g, (written, name: string) => {
    const character = written.endsWith(';') ? ENTITIES[name] : undefined;
    if (character === undefined) isPlain = false;
    return character ?? '';
  });
  return isPlain ? resolved : undefined;
}

// The one module that talks to libxml2: parsing without network, entities or DTD, reading the tree, and validating
// a part of it. Documents live outside the garbage collector, so every one is opened by `withDocument`.

import {
  ParseOption,
  XmlAttribute,
  XmlBufferInputProvider,
  XmlCData,
  XmlDocument,
  XmlElement,
  XmlParseError,
  XmlText,
  XmlValidateError,
  XmlXPath,
  XsdValidator,
  xmlRegisterInputProvider,
} from 'libxml2-wasm';
import { NS } from './names.ts';

export type Element = XmlElement;

/** What libxml2 says of a fault in a document. `message` may hold client text: it never leaves this room unmasked. */
export interface XmlFinding {
  readonly message: string;
  readonly line: number;
  readonly column: number;
  readonly xpath?: string;
}

const PARSE_OPTIONS =
  ParseOption.XML_PARSE_NONET |
  ParseOption.XML_PARSE_NO_XXE |
  ParseOption.XML_PARSE_NO_SYS_CATALOG |
  ParseOption.XML_PARSE_BIG_LINES;

const PROCESSING_INSTRUCTION = XmlXPath.compile('//processing-instruction()');
const SCHEMA_LOCATIONS = XmlXPath.compile('//@xsi:schemaLocation | //@xsi:noNamespaceSchemaLocation', {
  xsi: NS.xsi,
});

/** Parses the text, hands its root to `read`, and frees the document, whatever happens. */
export function withDocument<T>(
  text: string,
  read: (root: Element) => T,
  notWellFormed: (f: XmlFinding) => T,
): T {
  let document: XmlDocument;
  try {
    document = XmlDocument.fromString(text, { option: PARSE_OPTIONS });
  } catch (error) {
    if (error instanceof XmlParseError) return notWellFormed(findings(error)[0] ?? NO_CONTENT);
    throw error;
  }
  try {
    return read(document.root);
  } finally {
    document.dispose();
  }
}

const NO_CONTENT: XmlFinding = { message: 'Document is empty', line: 1, column: 1 };

const findings = (error: XmlParseError | XmlValidateError): XmlFinding[] =>
  error.details.map((detail) => ({
    message: detail.message.trim(),
    line: detail.line,
    column: detail.col,
    ...(detail.xpath === undefined ? {} : { xpath: detail.xpath }),
  }));

/** The line of the first processing instruction in the document, if there is one. */
export const processingInstructionLine = (root: Element): number | undefined =>
  root.doc.get(PROCESSING_INSTRUCTION)?.line;

/** Removes hints where schemas might be: a validator would try to follow them. */
export function removeSchemaLocations(root: Element): void {
  for (const hint of root.doc.find(SCHEMA_LOCATIONS)) {
    if (hint instanceof XmlAttribute) hint.remove();
  }
}

/** The element children, in order. */
export function childElements(parent: Element): Element[] {
  const children: Element[] = [];
  for (let node = parent.firstChild; node !== null; node = node.next) {
    if (node instanceof XmlElement) children.push(node);
  }
  return children;
}

/** The line on which the first text, other than white space, stands directly in the element. */
export function strayTextLine(parent: Element): number | undefined {
  for (let node = parent.firstChild; node !== null; node = node.next) {
    if (!(node instanceof XmlText || node instanceof XmlCData)) continue;
    const visible = node.content.search(/[^ \t\r\n]/);
    // A text node knows the line it ends on.
    if (visible >= 0) return node.line - (node.content.slice(visible).split('\n').length - 1);
  }
  return undefined;
}

/** The attributes as names and values; namespace declarations are not among them. */
export const attributesOf = (element: Element): { namespace: string; name: string; value: string }[] =>
  element.attrs.map((attr) => ({ namespace: attr.namespaceUri, name: attr.name, value: attr.value }));

/** Removes the attributes of one namespace from the element itself. */
export function removeAttributes(element: Element, namespace: string, names: readonly string[]): void {
  for (const attr of element.attrs) {
    if (attr.namespaceUri === namespace && names.includes(attr.name)) attr.remove();
  }
}

/**
 * The element that a finding's path means: steps of `prefix:name`, `name` or `*`, each with a number where siblings
 * are alike. Walked by hand, for libxml2 prints prefixes it cannot resolve on stderr.
 */
export function elementAt(root: Element, path: string): Element | undefined {
  const [first, ...steps] = path.split('/').slice(1);
  if (first === undefined) return undefined;
  return steps.reduce<Element | undefined>((parent, step) => parent && childAt(parent, step), root);
}

function childAt(parent: Element, step: string): Element | undefined {
  const match = /^(?:([^:[]+):)?([^[]+)(?:\[(\d+)\])?$/.exec(step);
  if (match === null) return undefined;
  const [, prefix = '', name, number] = match;
  const alike = childElements(parent).filter(
    (child) => name === '*' || (child.name === name && child.prefix === prefix),
  );
  return alike[Number(number ?? 1) - 1];
}

/** Local names from the root down to the element, joined by `/`. */
export function pathOf(element: Element): string {
  const names: string[] = [];
  for (let at: Element | null = element; at !== null; at = at.parent) names.unshift(at.name);
  return names.join('/');
}

/** The line on which an element's start tag ends; 65535 stands for every line from there on. */
export const lineOf = (element: Element): number => element.line;

/** A compiled schema. Give every document it may import; it reads nothing else. */
export interface Schema {
  /** What is wrong with the element and its content, in document order; empty when it is valid. */
  validate(element: Element): XmlFinding[];
}

// libxml2 has room for few providers, and none is ever given back: all schemas share this one.
const imported = new XmlBufferInputProvider({});
if (!xmlRegisterInputProvider(imported)) throw new Error('libxml2 takes no input provider');
let schemas = 0;

/** Schemas of this process: their memory is never given back, so none is compiled twice. */
const compiled = new Map<string, Schema>();

/** The schema of texts in memory, compiled once in a process. Throws when the schema itself is wrong. */
export function compileSchema(text: string, imports: ReadonlyMap<string, string>): Schema {
  const key = [text, ...[...imports].flat()].join('\0');
  const schema = compiled.get(key) ?? compile(text, imports);
  compiled.set(key, schema);
  return schema;
}

function compile(text: string, imports: ReadonlyMap<string, string>): Schema {
  // A folder of its own for each schema, in a scheme that nothing else answers to.
  schemas += 1;
  const folder = `contract-${schemas}:/`;
  const encoder = new TextEncoder();
  for (const [name, content] of imports) imported.addBuffer(folder + name, encoder.encode(content));
  const document = XmlDocument.fromString(text, { url: `${folder}schema` });
  const validator = XsdValidator.fromDoc(document);
  document.dispose();
  for (const name of imports.keys()) imported.removeBuffer(folder + name);
  return {
    validate(element) {
      try {
        validator.validate(element);
        return [];
      } catch (error) {
        if (error instanceof XmlValidateError) return findings(error);
        throw error;
      }
    },
  };
}

// What the schemas say of the requests, as shapes that a text is read by: read from the schema files themselves, so that
// nothing is said twice. Of what the schema language has, only what those files use for requests is understood.

import { NS } from '../names.ts';
import type { ContractFiles } from '../schema-files.ts';
import { attributesOf, childElements, type Element, withDocument } from '../xml.ts';
import { type ReadValue, valueReader } from './values.ts';

/** The content of an element: a value, or elements in order, each at most once. */
export type Shape =
  | { readonly kind: 'value'; readonly read: ReadValue }
  | { readonly kind: 'elements'; readonly children: readonly Child[] };

/** An element in the content of another one. */
export interface Child {
  readonly namespace: string;
  readonly name: string;
  readonly isOptional: boolean;
  /** Nothing for one whose content is not read here. */
  readonly shape: Shape | undefined;
}

/** Finds the shape of a global element; nothing where it is not understood. */
export type FindShape = (namespace: string, name: string) => Shape | undefined;

/** A component of a schema, and how the file that it is in writes names. */
interface Component {
  readonly element: Element;
  readonly file: SchemaFile;
}

interface SchemaFile {
  readonly target: string;
  /** From `prefix:name` to `{namespace}name`. */
  resolve(name: string): string;
}

/** Reads the shapes of those elements, as `{namespace}name`, from the schema files. Throws for a file that is no XML. */
export function readShapes(
  files: ContractFiles,
  elements: readonly { namespace: string; name: string }[],
): FindShape {
  const texts = [...files.xsd.values()];
  const shapes = new Map<string, Shape | undefined>();
  const find = (components: Map<string, Component>): void => {
    for (const { namespace, name } of elements) {
      const key = `{${namespace}}${name}`;
      shapes.set(key, shapeOfElement(components, key));
    }
  };
  withDocuments(texts, new Map(), find);
  return (namespace, name) => shapes.get(`{${namespace}}${name}`);
}

/** Opens all the files, one inside the other, for what is in one refers to what is in others. */
function withDocuments(
  texts: readonly string[],
  components: Map<string, Component>,
  then: (components: Map<string, Component>) => void,
): void {
  const [text, ...others] = texts;
  if (text === undefined) {
    then(components);
    return;
  }
  withDocument(
    text,
    (root) => {
      const file = schemaFile(text, root);
      for (const element of childElements(root)) {
        const name = attribute(element, 'name');
        // Elements and types may have the same name.
        if (name) components.set(`${kindOf(element)} {${file.target}}${name}`, { element, file });
      }
      withDocuments(others, components, then);
    },
    ({ message }) => {
      throw new Error(`a schema file is not well-formed: ${message}`);
    },
  );
}

const kindOf = (element: Element): 'element' | 'type' => (element.name === 'element' ? 'element' : 'type');

function schemaFile(text: string, root: Element): SchemaFile {
  const prefixes = new Map(
    [...text.matchAll(/xmlns:(\w+)="([^"]+)"/g)].map(([, prefix, uri]) => [prefix!, uri!]),
  );
  return {
    target: attribute(root, 'targetNamespace') ?? '',
    resolve(name) {
      const [prefix = '', local = ''] = name.split(':');
      return `{${prefixes.get(prefix) ?? ''}}${local}`;
    },
  };
}

const attribute = (element: Element, name: string): string | undefined =>
  attributesOf(element).find((one) => one.name === name)?.value;

type Components = ReadonlyMap<string, Component>;

function shapeOfElement(components: Components, name: string): Shape | undefined {
  const component = components.get(`element ${name}`);
  return component && shapeOfTyped(components, component);
}

/** Of an element that names its type. */
function shapeOfTyped(components: Components, { element, file }: Component): Shape | undefined {
  const type = attribute(element, 'type');
  const component = type === undefined ? undefined : components.get(`type ${file.resolve(type)}`);
  if (component === undefined) return undefined;
  return component.element.name === 'complexType'
    ? shapeOfComplex(components, component)
    : shapeOfSimple(component);
}

function shapeOfComplex(components: Components, { element, file }: Component): Shape | undefined {
  const [sequence, ...others] = childElements(element);
  if (sequence?.name !== 'sequence' || others.length > 0) return undefined;
  const children: Child[] = [];
  for (const particle of childElements(sequence)) {
    const child = childOf(components, { element: particle, file });
    if (child === undefined) return undefined;
    children.push(child);
  }
  return { kind: 'elements', children };
}

/** What an element of a sequence may say of itself; with anything else the whole is not understood. */
const UNDERSTOOD = new Set(['name', 'type', 'ref', 'minOccurs', 'nillable']);

function childOf(components: Components, { element, file }: Component): Child | undefined {
  if (element.name !== 'element') return undefined;
  if (attributesOf(element).some(({ name }) => !UNDERSTOOD.has(name))) return undefined;
  const isOptional = attribute(element, 'minOccurs') === '0';
  const ref = attribute(element, 'ref');
  if (ref === undefined) {
    const name = attribute(element, 'name') ?? '';
    return { namespace: file.target, name, isOptional, shape: shapeOfTyped(components, { element, file }) };
  }
  const [, namespace = '', name = ''] = /^\{(.*)\}(.*)$/.exec(file.resolve(ref))!;
  return { namespace, name, isOptional, shape: shapeOfElement(components, file.resolve(ref)) };
}

function shapeOfSimple({ element, file }: Component): Shape | undefined {
  const [restriction, ...others] = childElements(element);
  const base = restriction && attribute(restriction, 'base');
  if (restriction?.name !== 'restriction' || base === undefined || others.length > 0) return undefined;
  const resolved = file.resolve(base);
  if (!resolved.startsWith(`{${NS.xs}}`)) return undefined;
  const facets = childElements(restriction).map((facet) => ({
    name: facet.name,
    value: attribute(facet, 'value') ?? '',
  }));
  const read = valueReader({ base: resolved.slice(NS.xs.length + 2), facets });
  return read && { kind: 'value', read };
}

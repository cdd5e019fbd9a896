// How a request is laid out: its operation, its header blocks, and which values they take, whatever these are. What
// stands around the values decides that, and nothing of the values does.

import { HEADERS, NS, type Operation, type ServiceContract } from '../names.ts';
import { Markup, type Span } from './markup.ts';
import type { FindShape, Shape } from './shapes.ts';
import type { ReadValue } from './values.ts';

/** An element as it is there: it takes the next value, or holds others, by name and in order. */
export type Part =
  | { readonly kind: 'value'; readonly read: ReadValue }
  | { readonly kind: 'elements'; readonly parts: readonly NamedPart[] };

type NamedPart = readonly [name: string, part: Part];

/** A request without its values. They are those of the blocks, in their order, and then those of the request. */
export interface Layout {
  readonly operation: Operation;
  readonly blocks: readonly NamedPart[];
  readonly request: Part;
}

/** Header blocks that are read, each at most once. */
export const BLOCKS = [HEADERS.activeOrganisation, HEADERS.requestUserMetadata, HEADERS.sequenceRequest];

/** Reads how a text is laid out, and where its values stand; undefined when it is not for the plain reader to say. */
export function readLayout(
  text: string,
  service: ServiceContract,
  shapeOf: FindShape,
): { readonly layout: Layout; readonly values: readonly Span[] } | undefined {
  const markup = new Markup(text);
  const blocks: NamedPart[] = [];
  let operation: Operation | undefined;
  let request: Part | undefined;

  const readBlock = (): boolean => {
    const tag = markup.look()!;
    const block = BLOCKS.find(({ namespace, name }) => namespace === tag.namespace && name === tag.name);
    if (block === undefined || blocks.some(([before]) => before === block.name)) return false;
    const shape = shapeOf(block.namespace, block.name);
    const part = shape && readElement(markup, shape);
    // Its own name: that of the tag is a part of the text, and keeps the whole of it in memory.
    if (part !== undefined) blocks.push([block.name, part]);
    return part !== undefined;
  };
  const readHeader = (): boolean => {
    while (markup.look() !== undefined) if (!readBlock()) return false;
    return true;
  };
  const readBody = (): boolean => {
    const tag = markup.look();
    operation = service.operations.find(
      (known) => known.request === tag?.name && known.namespace === tag.namespace,
    );
    const shape = operation && shapeOf(operation.namespace, operation.request);
    request = shape && readElement(markup, shape);
    return request !== undefined;
  };
  const isEnvelope =
    takeSoap(
      markup,
      'Envelope',
      () => takeSoap(markup, 'Header', readHeader) && takeSoap(markup, 'Body', readBody),
    ) && markup.isAtEnd();
  if (!isEnvelope || operation === undefined || request === undefined) return undefined;
  return { layout: { operation, blocks, request }, values: markup.values };
}

/** Takes an element of the frame. */
function takeSoap(markup: Markup, name: string, read: () => boolean): boolean {
  const tag = markup.look();
  return tag?.name === name && tag.namespace === NS.soap && markup.take(read);
}

/** Takes the element that comes next. */
function readElement(markup: Markup, shape: Shape): Part | undefined {
  if (shape.kind === 'value') return markup.take(() => markup.takeValue()) ? shape : undefined;
  if (isLeftEmpty(markup, shape)) return markup.takeEmpty() ? { kind: 'elements', parts: [] } : undefined;
  const parts: NamedPart[] = [];
  return markup.take(() => readChildren(markup, shape, parts)) ? { kind: 'elements', parts } : undefined;
}

type ShapeOfElements = Shape & { readonly kind: 'elements' };

/** Whether nothing may stand in the element that comes next, or nothing must and nothing does. */
const isLeftEmpty = (markup: Markup, { children }: ShapeOfElements): boolean =>
  children.length === 0 || (markup.look()!.isEmpty && children.every(({ isOptional }) => isOptional));

function readChildren(markup: Markup, { children }: ShapeOfElements, parts: NamedPart[]): boolean {
  for (const { namespace, name, isOptional, shape } of children) {
    const tag = markup.look();
    if (tag?.name === name && tag.namespace === namespace) {
      const part = shape && readElement(markup, shape);
      if (part === undefined) return false;
      parts.push([name, part]);
    } else if (!isOptional) return false;
  }
  return true;
}

// A valid request in plain markup, read in one pass from its text to typed objects. It says nothing of any other
// request: whatever is wrong, unusual, or merely rare is the business of the thorough reader, which decides every
// refusal. What is read here the thorough reader would read too, to the same objects: a test holds the one to the other.

import { isUtf8 } from 'node:buffer';
import { namesOperation } from '../envelope.ts';
import type { ActiveOrganisation, RequestOf, RequestUserMetadata, SequenceName } from '../messages.ts';
import { HEADERS, NS, type Operation, type OperationName, type ServiceContract } from '../names.ts';
import type { ContractFiles } from '../schema-files.ts';
import { isUnset } from '../unset-values.ts';
import { Markup } from './markup.ts';
import { readShapes, type Shape } from './shapes.ts';

/** All of a request. */
export interface PlainRequest {
  readonly operation: Operation;
  readonly activeOrganisation: ActiveOrganisation;
  readonly requestUserMetadata: RequestUserMetadata;
  readonly sequenceRequest?: SequenceName;
  readonly request: RequestOf[OperationName];
}

/** Reads the body of a request, given the HTTP header SOAPAction; undefined when it is not for it to say. */
export type ReadPlain = (body: Uint8Array, soapAction: string | undefined) => PlainRequest | undefined;

/** What an element holds: a value, or more of the same by name. */
type Content = string | number | { readonly [name: string]: Content };

/** Bytes of the longest body that is read here: one that is below every limit there is on what it may hold. */
const LONGEST = 8_192;

/** Header blocks that are read, each at most once. */
const BLOCKS = [HEADERS.activeOrganisation, HEADERS.requestUserMetadata, HEADERS.sequenceRequest];

/** Makes the reader of one service. Throws when a schema file is no XML. */
export function makePlainReader(files: ContractFiles, service: ServiceContract): ReadPlain {
  const bodies = service.operations.map(({ namespace, request }) => ({ namespace, name: request }));
  const shapeOf = readShapes(files, [...BLOCKS, ...bodies]);

  return (body, soapAction) => {
    if (body.length > LONGEST || !isUtf8(body)) return undefined;
    const markup = new Markup(Buffer.from(body.buffer, body.byteOffset, body.length).toString());
    const blocks = new Map<string, Content>();
    let operation: Operation | undefined;
    let request: Content | undefined;

    const readBlock = (): boolean => {
      const tag = markup.look()!;
      const shape = BLOCKS.some(({ namespace, name }) => namespace === tag.namespace && name === tag.name)
        ? shapeOf(tag.namespace, tag.name)
        : undefined;
      const content = shape && !blocks.has(tag.name) ? readElement(markup, shape) : undefined;
      if (content !== undefined) blocks.set(tag.name, content);
      return content !== undefined;
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

    const activeOrganisation = blocks.get(HEADERS.activeOrganisation.name);
    const requestUserMetadata = blocks.get(HEADERS.requestUserMetadata.name);
    if (!isEnvelope || operation === undefined || request === undefined) return undefined;
    if (activeOrganisation === undefined || requestUserMetadata === undefined) return undefined;
    const sequenceRequest = operation.ofSequence && blocks.get(HEADERS.sequenceRequest.name);
    if (operation.ofSequence && sequenceRequest === undefined) return undefined;
    if (!namesOperation(soapAction, operation) || holdsUnset(request) || holdsUnset(sequenceRequest ?? ''))
      return undefined;
    return {
      operation,
      // The shapes are those of the schemas, and the types of the messages say the same as these.
      activeOrganisation: activeOrganisation as unknown as ActiveOrganisation,
      requestUserMetadata: requestUserMetadata as unknown as RequestUserMetadata,
      request: request as unknown as RequestOf[OperationName],
      ...(sequenceRequest && { sequenceRequest: sequenceRequest as unknown as SequenceName }),
    };
  };
}

/** Takes an element of the frame. */
function takeSoap(markup: Markup, name: string, read: () => boolean): boolean {
  const tag = markup.look();
  return tag?.name === name && tag.namespace === NS.soap && markup.take(read);
}

/** The content of the element that comes next. */
function readElement(markup: Markup, shape: Shape): Content | undefined {
  if (shape.kind === 'elements' && isLeftEmpty(markup, shape)) return markup.takeEmpty() ? {} : undefined;
  let content: Content | undefined;
  const isTaken = markup.take(() => {
    content = shape.kind === 'value' ? readValue(markup, shape) : readChildren(markup, shape);
    return content !== undefined;
  });
  return isTaken ? content : undefined;
}

/** Whether nothing may stand in the element that comes next, or nothing must and nothing does. */
const isLeftEmpty = (markup: Markup, { children }: Shape & { readonly kind: 'elements' }): boolean =>
  children.length === 0 || (markup.look()!.isEmpty && children.every(({ isOptional }) => isOptional));

function readValue(markup: Markup, { read }: Shape & { readonly kind: 'value' }): Content | undefined {
  const text = markup.text();
  return text === undefined ? undefined : read(text);
}

function readChildren(
  markup: Markup,
  { children }: Shape & { readonly kind: 'elements' },
): Content | undefined {
  const content: Record<string, Content> = {};
  for (const { namespace, name, isOptional, shape } of children) {
    const tag = markup.look();
    if (tag?.name === name && tag.namespace === namespace) {
      const value = shape && readElement(markup, shape);
      if (value === undefined) return undefined;
      content[name] = value;
    } else if (!isOptional) return undefined;
  }
  return content;
}

const holdsUnset = (content: Content): boolean =>
  typeof content === 'string'
    ? isUnset(content)
    : typeof content === 'object' && Object.values(content).some(holdsUnset);

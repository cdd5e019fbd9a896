// A valid request in plain markup, read in one pass from its text to typed objects: it is laid out like one before it, or
// its markup is read, and then its values are. Nothing is said of any other request: whatever is wrong, unusual, or merely
// rare is the business of the thorough reader, which decides every refusal. What is read here the thorough reader would
// read too, to the same objects: a test holds the one to the other.

import { isUtf8 } from 'node:buffer';
import { namesOperation } from '../envelope.ts';
import type { ActiveOrganisation, RequestOf, RequestUserMetadata, SequenceName } from '../messages.ts';
import { HEADERS, type Operation, type OperationName, type ServiceContract } from '../names.ts';
import type { ContractFiles } from '../schema-files.ts';
import { isUnset } from '../unset-values.ts';
import { BLOCKS, type Layout, type Part, readLayout } from './layout.ts';
import { plainValue } from './markup.ts';
import { readShapes } from './shapes.ts';
import { Templates } from './templates.ts';

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
type Content = string | number | Contents;
type Contents = { readonly [name: string]: Content };

/** Bytes of the longest body that is read here: one that is below every limit there is on what it may hold. */
const LONGEST = 8_192;

/** Makes the reader of one service. Throws when a schema file is no XML. */
export function makePlainReader(files: ContractFiles, service: ServiceContract): ReadPlain {
  const bodies = service.operations.map(({ namespace, request }) => ({ namespace, name: request }));
  const shapeOf = readShapes(files, [...BLOCKS, ...bodies]);
  const templates = new Templates<Layout>();

  const readValues = (
    { operation, blocks, request: part }: Layout,
    values: Iterator<string>,
    soapAction: string | undefined,
  ): PlainRequest | undefined => {
    const headers = contentOf({ kind: 'elements', parts: blocks }, values) as Contents | undefined;
    const request = contentOf(part, values);
    if (headers === undefined || request === undefined) return undefined;

    const activeOrganisation = headers[HEADERS.activeOrganisation.name];
    const requestUserMetadata = headers[HEADERS.requestUserMetadata.name];
    if (activeOrganisation === undefined || requestUserMetadata === undefined) return undefined;
    const sequenceRequest = operation.ofSequence ? headers[HEADERS.sequenceRequest.name] : undefined;
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

  return (body, soapAction) => {
    if (body.length > LONGEST || !isUtf8(body)) return undefined;
    const text = Buffer.from(body.buffer, body.byteOffset, body.length).toString();
    const known = templates.find(text);
    if (known !== undefined) return readValues(known.meaning, known.values.values(), soapAction);
    const markup = readLayout(text, service, shapeOf);
    if (markup === undefined) return undefined;
    const written = markup.values.map(({ start, end }) => text.slice(start, end));
    const request = readValues(markup.layout, written.values(), soapAction);
    if (request !== undefined) templates.learn(text, markup.values, markup.layout);
    return request;
  };
}

/** What an element holds that takes those values, as they are written; undefined where one is not read here. */
function contentOf(part: Part, values: Iterator<string>): Content | undefined {
  if (part.kind === 'value') {
    const text = plainValue(values.next().value as string);
    return text === undefined ? undefined : part.read(text);
  }
  const content: Record<string, Content> = {};
  for (const [name, child] of part.parts) {
    const held = contentOf(child, values);
    if (held === undefined) return undefined;
    content[name] = held;
  }
  return content;
}

const holdsUnset = (content: Content): boolean =>
  typeof content === 'string'
    ? isUnset(content)
    : typeof content === 'object' && Object.values(content).some(holdsUnset);

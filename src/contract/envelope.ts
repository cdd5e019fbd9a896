// A strict reading of the SOAP 1.1 frame: at most one Header, exactly one Body with one child, nothing else. The
// stock SOAP schema would let a payload in a wrong namespace pass; this does not.

import { elementInWords } from './element-words.ts';
import { afvist, type Fejl, fejl, ok, type Resultat } from './fejlkatalog.ts';
import { quoteClientText } from './mask.ts';
import { HEADERS, type HeaderName, NS, type Operation, type ServiceContract } from './names.ts';
import {
  attributesOf,
  childElements,
  type Element,
  processingInstructionLine,
  removeAttributes,
  removeSchemaLocations,
  strayTextLine,
} from './xml.ts';

/** The sections of an envelope whose frame is in order. Headers are listed as often as they occur. */
export interface Frame {
  readonly operation: Operation;
  readonly activeOrganisation: readonly Element[];
  readonly requestUserMetadata: readonly Element[];
  readonly sequenceRequest: readonly Element[];
  readonly payload: Element;
}

const ACTOR_NEXT = 'http://schemas.xmlsoap.org/soap/actor/next';
const BLOCK_ATTRIBUTES = ['mustUnderstand', 'actor', 'encodingStyle'];

const invalid = (message: string): { readonly ok: false; readonly fejl: Fejl } => afvist(fejl(1014, message));
const isSoap = (element: Element, name: string): boolean =>
  element.name === name && element.namespaceUri === NS.soap;

/**
 * Reads the frame: structure (1014, VersionMismatch), headers that must be understood (MustUnderstand), the
 * operation of the body element and its agreement with SOAPAction (1014), in this order.
 * `soapAction` is the value of the HTTP header, or undefined when there was none.
 */
export function readFrame(
  root: Element,
  service: ServiceContract,
  soapAction: string | undefined,
): Resultat<Frame> {
  if (root.name !== 'Envelope') {
    return invalid(`${elementInWords(root)}: expected a SOAP 1.1 Envelope.`);
  }
  if (root.namespaceUri !== NS.soap) {
    const version = root.namespaceUri === NS.soap12 ? 'This is SOAP 1.2; ' : '';
    return afvist(
      fejl(1014, `${version}Envelope must be in the SOAP 1.1 namespace ${NS.soap}.`, 'VersionMismatch'),
    );
  }
  const instruction = processingInstructionLine(root);
  if (instruction !== undefined) {
    return invalid(`A processing instruction is not allowed (line ${instruction}).`);
  }
  const sections = readSections(root);
  if (!sections.ok) return sections;
  const { header, payload } = sections.value;
  const blocks = header === undefined ? [] : childElements(header);
  const notUnderstood = blocks
    .map((block) => checkUnderstood(block, service.understands))
    .find((found) => found !== undefined);
  if (notUnderstood !== undefined) return afvist(notUnderstood);
  const operation = operationOf(payload, service);
  if (operation === undefined) {
    const names = service.operations.map((known) => known.request).join(' or ');
    return invalid(
      `${elementInWords(payload)}: ` +
        `${service.name} has no operation for it; expected ${names} in the namespace ${service.operations[0]!.namespace}.`,
    );
  }
  const disagreement = checkSoapAction(soapAction, operation);
  if (disagreement !== undefined) return afvist(disagreement);
  removeSchemaLocations(root);
  for (const block of blocks) removeAttributes(block, NS.soap, BLOCK_ATTRIBUTES);
  return ok({
    operation,
    activeOrganisation: blocksNamed(blocks, HEADERS.activeOrganisation),
    requestUserMetadata: blocksNamed(blocks, HEADERS.requestUserMetadata),
    sequenceRequest: blocksNamed(blocks, HEADERS.sequenceRequest),
    payload,
  });
}

const blocksNamed = (blocks: readonly Element[], header: HeaderName): Element[] =>
  blocks.filter((block) => block.name === header.name && block.namespaceUri === header.namespace);

const operationOf = (payload: Element, service: ServiceContract): Operation | undefined =>
  service.operations.find(
    (known) => known.request === payload.name && known.namespace === payload.namespaceUri,
  );

interface Sections {
  readonly header: Element | undefined;
  readonly payload: Element;
}

function readSections(root: Element): Resultat<Sections> {
  const parts = childElements(root);
  const header = parts[0] !== undefined && isSoap(parts[0], 'Header') ? parts[0] : undefined;
  const body = parts[header === undefined ? 0 : 1];
  if (body === undefined)
    return invalid(
      `${elementInWords(root)}: Body is missing; expected at most one Header, then exactly one Body.`,
    );
  if (!isSoap(body, 'Body')) {
    const expected = header === undefined ? 'Header or Body' : 'Body';
    return invalid(`${elementInWords(body)}: expected ${expected} in the SOAP 1.1 namespace.`);
  }
  const extra = parts[header === undefined ? 1 : 2];
  if (extra !== undefined) {
    return invalid(`${elementInWords(extra)}: expected nothing after Body.`);
  }
  for (const part of header === undefined ? [root, body] : [root, header, body]) {
    const problem = checkFrameElement(part);
    if (problem !== undefined) return invalid(problem);
  }
  return readPayload(header, body);
}

function readPayload(header: Element | undefined, body: Element): Resultat<Sections> {
  const [payload, second] = childElements(body);
  if (payload === undefined) {
    return invalid(`${elementInWords(body)}: it is empty; expected one request element.`);
  }
  if (second !== undefined) {
    return invalid(`${elementInWords(second)}: expected one request element in Body, not two.`);
  }
  return ok({ header, payload });
}

function checkFrameElement(part: Element): string | undefined {
  const text = strayTextLine(part);
  if (text !== undefined) return `${elementInWords(part, text)}: text stands in it; expected elements only.`;
  const foreign = attributesOf(part).find(
    (attribute) => attribute.namespace !== NS.xsi && attribute.namespace !== NS.soap,
  );
  return (
    foreign &&
    `${elementInWords(part)}: the attribute ${quoteClientText(foreign.name)} is not allowed; expected namespace declarations, xsi attributes and those of the SOAP namespace only.`
  );
}

function checkUnderstood(block: Element, understands: readonly HeaderName[]): Fejl | undefined {
  const attributes = attributesOf(block).filter((attribute) => attribute.namespace === NS.soap);
  const mustUnderstand = attributes.find((attribute) => attribute.name === 'mustUnderstand')?.value.trim();
  if (mustUnderstand === undefined || mustUnderstand === '0') return undefined;
  const at = elementInWords(block);
  if (mustUnderstand !== '1') return fejl(1014, `${at}: mustUnderstand must be 0 or 1.`);
  const understood = understands.some(
    (known) => known.name === block.name && known.namespace === block.namespaceUri,
  );
  const actor = attributes.find((attribute) => attribute.name === 'actor')?.value.trim() ?? '';
  if (understood || (actor !== '' && actor !== ACTOR_NEXT)) return undefined;
  return fejl(
    1014,
    `${at}: this header is not understood here, but is marked mustUnderstand.`,
    'MustUnderstand',
  );
}

/** Whether the HTTP header says that operation, or leaves it to the body to say. */
export function namesOperation(soapAction: string | undefined, operation: Operation): boolean {
  const value = (soapAction ?? '')
    .trim()
    .replace(/^"(.*)"$/, '$1')
    .trim();
  return value === '' || value === operation.soapAction;
}

function checkSoapAction(soapAction: string | undefined, operation: Operation): Fejl | undefined {
  if (namesOperation(soapAction, operation)) return undefined;
  return fejl(
    1014,
    `The HTTP header SOAPAction does not agree with the body element ${operation.request}; expected ${operation.soapAction}, or an empty SOAPAction.`,
  );
}

// The way of a request body through the contract, step by step in the order of checks: text, frame, each header,
// body. The caller decides when to take the next step, for other checks stand between them.

import {
  decodeActiveOrganisation,
  decodeRequest,
  decodeRequestUserMetadata,
  decodeSequenceName,
} from './decode.ts';
import { findOtherQueue } from './default-queue.ts';
import { elementInWords } from './element-words.ts';
import { readFrame } from './envelope.ts';
import { afvist, type Fejl, type Fejlkode, fejl, ok, type Resultat } from './fejlkatalog.ts';
import { quoteClientText } from './mask.ts';
import type { ActiveOrganisation, RequestOf, RequestUserMetadata } from './messages.ts';
import { HEADERS, type Operation, type OperationName, type ServiceContract } from './names.ts';
import { makePlainReader, type PlainRequest } from './plain/read.ts';
import { readProlog } from './prolog.ts';
import { describeFindings } from './schema-errors.ts';
import { type ContractFiles, schemasOf, umbrellaSchema } from './schema-files.ts';
import { checkSize } from './size.ts';
import { findUnsetValue } from './unset-values.ts';
import { compileSchema, type Element, type Schema, withDocument, type XmlFinding } from './xml.ts';

/** The steps that are left for a request whose frame is in order. Each may be called once, while reading. */
export interface RequestSections {
  readonly operation: Operation;
  /** Both headers, each where it is valid, and what stands in the way of both. */
  headers(): ReadHeaders;
  /** The identifier in SequenceRequest, of an operation that needs it: missing, twice or not valid, 1014. */
  sequence(): Resultat<string | undefined>;
  /** The body: not valid, holding an unset value, or naming a queue that there is not, 1014. */
  body(): Resultat<RequestOf[OperationName]>;
}

/** The headers of a call. `fejl`: missing 8232, 8233; twice or not valid 8234, 8235; in this order. */
export type ReadHeaders =
  | {
      readonly activeOrganisation: ActiveOrganisation;
      readonly requestUserMetadata: RequestUserMetadata;
      readonly fejl?: never;
    }
  | {
      readonly activeOrganisation?: ActiveOrganisation;
      readonly requestUserMetadata?: RequestUserMetadata;
      readonly fejl: Fejl;
    };

/** Reads requests of one service. */
export interface RequestReader {
  /**
   * Reads prolog, XML and frame (1014, VersionMismatch, MustUnderstand) and hands the rest to `next`; `next` must
   * not keep the sections, for the document is freed when it returns.
   */
  read<T>(
    body: Uint8Array,
    soapAction: string | undefined,
    next: (request: Resultat<RequestSections>) => T,
  ): T;
}

/**
 * Makes the reader of a service: a valid request in plain markup, which nearly all of them are, is read in one pass; what
 * is anything else is read thoroughly. Throws when the contract files are incomplete or wrong.
 */
export function makeRequestReader(files: ContractFiles, service: ServiceContract): RequestReader {
  const readPlain = makePlainReader(files, service);
  const thorough = makeThoroughReader(files, service);
  return {
    read(body, soapAction, next) {
      const plain = readPlain(body, soapAction);
      return plain === undefined ? thorough.read(body, soapAction, next) : next(ok(sectionsOf(plain)));
    },
  };
}

/** Makes the reader that takes each step by itself, and says what is wrong. Throws like `makeRequestReader`. */
export function makeThoroughReader(files: ContractFiles, service: ServiceContract): RequestReader {
  const schema = compileSchema(umbrellaSchema(files, schemasOf(files, service.wsdl)), files.xsd);
  return {
    read(body, soapAction, next) {
      const prolog = readProlog(body);
      if (!prolog.ok) return next(prolog);
      const text = checkSize(prolog.value);
      if (!text.ok) return next(text);
      return withDocument(
        text.value,
        (root) => {
          const frame = readFrame(root, service, soapAction);
          if (!frame.ok) return next(frame);
          const { operation, activeOrganisation, requestUserMetadata, sequenceRequest, payload } =
            frame.value;
          return next(
            ok({
              operation,
              headers: () => readHeaders(schema, activeOrganisation, requestUserMetadata),
              sequence: () => readSequence(schema, operation, sequenceRequest),
              body: () => readBody(schema, operation, payload),
            }),
          );
        },
        (finding) => next(notWellFormed(finding)),
      );
    },
  };
}

/** The steps of a request that has passed them all. */
const sectionsOf = (plain: PlainRequest): RequestSections => ({
  operation: plain.operation,
  headers: () => ({
    activeOrganisation: plain.activeOrganisation,
    requestUserMetadata: plain.requestUserMetadata,
  }),
  sequence: () => ok(plain.sequenceRequest?.Identifier),
  body: () => ok(plain.request),
});

const notWellFormed = (finding: XmlFinding) =>
  afvist(
    fejl(
      1014,
      `The message is not well-formed XML: line ${finding.line}, column ${finding.column}: ${quoteClientText(finding.message)}.`,
    ),
  );

function readHeaders(schema: Schema, active: readonly Element[], metadata: readonly Element[]): ReadHeaders {
  const organisation = readHeader(
    schema,
    active,
    [8232, 8234],
    requiredOnEvery(HEADERS.activeOrganisation.name),
    decodeActiveOrganisation,
  );
  const user = readHeader(
    schema,
    metadata,
    [8233, 8235],
    requiredOnEvery(HEADERS.requestUserMetadata.name),
    decodeRequestUserMetadata,
  );
  if (organisation.ok && user.ok) {
    return { activeOrganisation: organisation.value, requestUserMetadata: user.value };
  }
  // Missing comes before not valid, and within each ActiveOrganisation first: the order of the codes.
  const fejl = [organisation, user]
    .flatMap((one) => (one.ok ? [] : [one.fejl]))
    .sort((a, b) => a.kode - b.kode)[0]!;
  return {
    fejl,
    ...(organisation.ok && { activeOrganisation: organisation.value }),
    ...(user.ok && { requestUserMetadata: user.value }),
  };
}

const requiredOnEvery = (name: string): string =>
  `Header ${name} is missing; both headers are required on every operation, once each.`;

/** Other operations ignore the header, whatever it holds. */
function readSequence(
  schema: Schema,
  { name, ofSequence }: Operation,
  blocks: readonly Element[],
): Resultat<string | undefined> {
  if (!ofSequence) return ok(undefined);
  const { name: header } = HEADERS.sequenceRequest;
  const missing = `Header ${header} is missing; ${name} needs it once, with the Identifier that CreateSequence answered.`;
  const read = readHeader(schema, blocks, [1014, 1014], missing, decodeSequenceName);
  if (!read.ok) return read;
  const unset = findUnsetValue(blocks[0]!);
  return unset === undefined ? ok(read.value.Identifier) : afvist(unset);
}

function readHeader<T>(
  schema: Schema,
  blocks: readonly Element[],
  [absent, invalid]: readonly [Fejlkode, Fejlkode],
  missing: string,
  decode: (header: Element) => T,
): Resultat<T> {
  const [block, twice] = blocks;
  if (block === undefined) return afvist(fejl(absent, missing));
  if (twice !== undefined) {
    return afvist(fejl(invalid, `${elementInWords(twice)}: the header is there twice; expected it once.`));
  }
  const findings = schema.validate(block);
  if (findings.length > 0) return afvist(fejl(invalid, describeFindings(block, findings)));
  return ok(decode(block));
}

function readBody(
  schema: Schema,
  operation: Operation,
  payload: Element,
): Resultat<RequestOf[OperationName]> {
  const findings = schema.validate(payload);
  if (findings.length > 0) return afvist(fejl(1014, describeFindings(payload, findings)));
  const refusal = operation.name === 'CreateSequence' ? findOtherQueue(payload) : findUnsetValue(payload);
  if (refusal !== undefined) return afvist(refusal);
  return ok(decodeRequest(operation.name, payload));
}

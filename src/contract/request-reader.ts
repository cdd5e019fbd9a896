// The way of a request body through the contract, step by step in the order of checks: text, frame, each header,
// body. The caller decides when to take the next step, for other checks stand between them.

import { decodeActiveOrganisation, decodeRequest, decodeRequestUserMetadata } from './decode.ts';
import { readFrame } from './envelope.ts';
import { afvist, type Fejlkode, fejl, ok, type Resultat } from './fejlkatalog.ts';
import { LIMITS } from './limits.ts';
import { maskPersonnumre } from './mask.ts';
import type { ActiveOrganisation, RequestOf, RequestUserMetadata } from './messages.ts';
import { HEADERS, type Operation, type OperationName, type ServiceContract } from './names.ts';
import { readProlog } from './prolog.ts';
import { describeFindings } from './schema-errors.ts';
import { type ContractFiles, schemasOf, umbrellaSchema } from './schema-files.ts';
import { findUnsetValue } from './unset-values.ts';
import { compileSchema, type Element, type Schema, withDocument, type XmlFinding } from './xml.ts';

/** The steps that are left for a request whose frame is in order. Each may be called once, while reading. */
export interface RequestSections {
  readonly operation: Operation;
  /** Both headers: missing 8232, 8233; twice or not valid 8234, 8235. */
  headers(): Resultat<{ activeOrganisation: ActiveOrganisation; requestUserMetadata: RequestUserMetadata }>;
  /** The body: not valid, or holding an unset value, 1014. */
  body(): Resultat<RequestOf[OperationName]>;
}

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

/** Makes the reader of a service. Throws when the contract files are incomplete or wrong. */
export function makeRequestReader(files: ContractFiles, service: ServiceContract): RequestReader {
  const schema = compileSchema(umbrellaSchema(files, schemasOf(files, service.wsdl)), files.xsd);
  return {
    read(body, soapAction, next) {
      const prolog = readProlog(body);
      if (!prolog.ok) return next(prolog);
      if (tooManyTags(prolog.value)) {
        return next(afvist(fejl(1014, `The message has more than ${LIMITS.maxElements} elements.`)));
      }
      return withDocument(
        prolog.value,
        (root) => {
          const frame = readFrame(root, service, soapAction);
          if (!frame.ok) return next(frame);
          const { operation, activeOrganisation, requestUserMetadata, payload } = frame.value;
          return next(
            ok({
              operation,
              headers: () => readHeaders(schema, activeOrganisation, requestUserMetadata),
              body: () => readBody(schema, operation, payload),
            }),
          );
        },
        (finding) => next(notWellFormed(finding)),
      );
    },
  };
}

/** Counts what opens a tag; an envelope of the contract has well under a hundred. */
function tooManyTags(text: string): boolean {
  let at = -1;
  for (let seen = 0; seen <= 2 * LIMITS.maxElements; seen += 1) {
    at = text.indexOf('<', at + 1);
    if (at < 0) return false;
  }
  return true;
}

const notWellFormed = (finding: XmlFinding) =>
  afvist(
    fejl(
      1014,
      `The message is not well-formed XML: line ${finding.line}, column ${finding.column}: ${maskPersonnumre(finding.message.slice(0, 2 * LIMITS.maxQuoted))}.`,
    ),
  );

function readHeaders(schema: Schema, active: readonly Element[], metadata: readonly Element[]) {
  if (active.length === 0) return afvist(missing(8232, HEADERS.activeOrganisation.name));
  if (metadata.length === 0) return afvist(missing(8233, HEADERS.requestUserMetadata.name));
  const first = readHeader(schema, active, 8234, decodeActiveOrganisation);
  if (!first.ok) return first;
  const second = readHeader(schema, metadata, 8235, decodeRequestUserMetadata);
  if (!second.ok) return second;
  return ok({ activeOrganisation: first.value, requestUserMetadata: second.value });
}

const missing = (kode: Fejlkode, name: string) =>
  fejl(kode, `Header ${name} is missing; both headers are required on every operation, once each.`);

function readHeader<T>(
  schema: Schema,
  blocks: readonly Element[],
  kode: Fejlkode,
  decode: (header: Element) => T,
): Resultat<T> {
  const [block, twice] = blocks;
  if (twice !== undefined) {
    return afvist(fejl(kode, `Header ${twice.name} is there twice; the second is on line ${twice.line}.`));
  }
  const findings = schema.validate(block!);
  if (findings.length > 0) return afvist(fejl(kode, describeFindings(block!, findings)));
  return ok(decode(block!));
}

function readBody(
  schema: Schema,
  operation: Operation,
  payload: Element,
): Resultat<RequestOf[OperationName]> {
  const findings = schema.validate(payload);
  if (findings.length > 0) return afvist(fejl(1014, describeFindings(payload, findings)));
  const unset = findUnsetValue(payload);
  if (unset !== undefined) return afvist(unset);
  return ok(decodeRequest(operation.name, payload));
}

// node-soap as dispatcher: it finds the operation, calls its handler and writes envelope and faults. Its own parser
// never sees a client's byte: it is replaced by one that takes the decoded request as it is.

import soap from 'soap';
import { encodeResponse, encodeSequenceResponse, faultParts, SOAP_PREFIX } from '../contract/encode.ts';
import type { Fejl, Resultat } from '../contract/fejlkatalog.ts';
import type { RequestOf, ResponseOf } from '../contract/messages.ts';
import type { OperationName, ServiceContract } from '../contract/names.ts';
import { type ContractFiles, singleWsdl } from '../contract/schema-files.ts';

/** Does the work of one operation, given its request and what the edge knows of the call. */
export type Handler<O extends OperationName, Context> = (
  request: RequestOf[O],
  context: Context,
) => Promise<Resultat<ResponseOf[O]>>;

export type Handlers<Context> = { readonly [O in OperationName]: Handler<O, Context> };

/** An answer on the wire. */
export interface SoapAnswer {
  readonly status: 200 | 500;
  readonly xml: string;
  /** The refusal that the answer carries, if it is a fault. */
  readonly fejl?: Fejl;
}

/** A call whose request has been decoded. */
export interface DecodedCall<Context> {
  readonly operation: OperationName;
  readonly request: RequestOf[OperationName];
  readonly context: Context;
}

/** Takes an exception, and whether the work of the call was done by then; gives what is answered. */
export type OnUnexpected<Context> = (error: unknown, context: Context, isDone: boolean) => Promise<Fejl>;

/** What the dispatcher itself needs to know of a call. */
interface AnyContext {
  readonly correlationId: string;
  /** The sequence that the answer is about: its header says so. */
  readonly sequence?: string;
}

export interface Dispatcher<Context extends AnyContext> {
  /** Runs the handler of the call. An exception is given to `onUnexpected`, which says what is answered. */
  dispatch(call: DecodedCall<Context>): Promise<SoapAnswer>;
}

/** What our WSDL class hands to node-soap in place of parsed XML. */
interface DecodedEnvelope<Context> {
  readonly Header: { readonly call: DecodedCall<Context>; refusal?: Fejl };
  readonly Body: Readonly<Record<string, unknown>>;
}

class ContractWsdl extends soap.WSDL {
  /** Takes the decoded envelope as it is; the declared type is that of the parser it replaces. */
  override xmlToObject(decoded: unknown): unknown {
    return decoded;
  }
}

/** Makes the dispatcher of a service. Rejects when node-soap cannot read the WSDL. */
export async function makeDispatcher<Context extends AnyContext>(
  files: ContractFiles,
  service: ServiceContract,
  handlers: Handlers<Context>,
  onUnexpected: OnUnexpected<Context>,
): Promise<Dispatcher<Context>> {
  const wsdl = new ContractWsdl(singleWsdl(files, service.wsdl), service.wsdl, {});
  await new Promise<void>((resolve, reject) => wsdl.onReady((error) => (error ? reject(error) : resolve())));
  wsdl.xmlnsInEnvelope = '';
  const methods = Object.fromEntries(
    service.operations.map(({ name }) => [
      name,
      soapMethod(name, handlers[name] as AnyHandler<Context>, onUnexpected),
    ]),
  );
  const services = { [service.name]: { [service.name]: methods } } as soap.IServices;
  const server = new soap.Server(null as never, service.path, services, wsdl, {
    path: service.path,
    services,
    envelopeKey: SOAP_PREFIX,
    suppressStack: true,
  });
  server.addSoapHeader((_method: unknown, _request: unknown, { call }: DecodedEnvelope<Context>['Header']) =>
    call.context.sequence === undefined ? '' : encodeSequenceResponse({ Identifier: call.context.sequence }),
  );
  const requestElement = new Map(service.operations.map((operation) => [operation.name, operation.request]));
  return {
    async dispatch(call) {
      const envelope: DecodedEnvelope<Context> = {
        Header: { call },
        Body: { [requestElement.get(call.operation)!]: call.request },
      };
      const { statusCode, body } = await server.processRequest(envelope as unknown as string);
      const { refusal } = envelope.Header;
      return { status: statusCode === 200 ? 200 : 500, xml: body, ...(refusal && { fejl: refusal }) };
    },
  };
}

type AnyHandler<Context> = (request: unknown, context: Context) => Promise<Resultat<never>>;

/** A handler in the shape that node-soap calls: gives ready XML, or throws `{Fault}`. */
function soapMethod<Context extends AnyContext>(
  operation: OperationName,
  handler: AnyHandler<Context>,
  onUnexpected: OnUnexpected<Context>,
) {
  return async (request: unknown, _callback: unknown, header: DecodedEnvelope<Context>['Header']) => {
    const { context } = header.call;
    let result: Resultat<never>;
    try {
      result = await handler(request, context);
    } catch (error) {
      result = { ok: false, fejl: await onUnexpected(error, context, false) };
    }
    try {
      if (result.ok) return { _xml: encodeResponse(operation, result.value) };
    } catch (error) {
      result = { ok: false, fejl: await onUnexpected(error, context, true) };
    }
    header.refusal = result.fejl;
    const { faultcode, faultstring, detailXml } = faultParts(result.fejl, context.correlationId);
    throw { Fault: { faultcode, faultstring, detail: { $xml: detailXml }, statusCode: 500 } };
  };
}

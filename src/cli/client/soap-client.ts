// What every client of ours is made of: node-soap over our own connections, the headers of each call, answers held to
// the contract, and whatever goes wrong as a value.

import { fileURLToPath } from 'node:url';
import soap from 'soap';
import { encodeActiveOrganisation, encodeRequestUserMetadata } from '../../contract/encode.ts';
import { maskPersonnumre, quoteClientText } from '../../contract/mask.ts';
import type { RequestUserMetadata } from '../../contract/messages.ts';
import type { OperationName, ServiceContract } from '../../contract/names.ts';
import { PACKAGE_ROOT } from '../contract-files.ts';
import { answerProblem } from './answer-check.ts';
import { type HttpAnswer, type HttpConnections, makeConnections } from './http.ts';
import type { Target } from './target.ts';

/** What came of a call. */
export type CallResult<T> =
  | { readonly kind: 'answered'; readonly value: T }
  /** A fault of the service: its error code, 0 where the fault has none. */
  | { readonly kind: 'fault'; readonly fejlkode: number; readonly message: string; readonly source: string }
  /** An HTTP status that is neither answer nor fault. */
  | {
      readonly kind: 'http';
      readonly status: number;
      readonly text: string;
      readonly retryAfterSeconds?: number;
    }
  /** Whether the call was carried out is not known, unless there never was a connection. */
  | { readonly kind: 'no-answer'; readonly reason: string; readonly neverSent?: true };

/** A call that was not answered as it should be. */
export type Failure = Exclude<CallResult<never>, { kind: 'answered' }>;

/** An answer as node-soap reads it, with the blocks of its header by their names. */
export interface RawAnswer<T> {
  readonly body: T;
  readonly header: Readonly<Record<string, unknown>>;
}

/** The operations of one service. */
export interface SoapCaller {
  /** Makes a call. `headers` is the XML of header blocks that this call has besides the two of every call. */
  call<T>(operation: OperationName, request: object, headers?: string): Promise<CallResult<RawAnswer<T>>>;
}

/** Milliseconds after which a call counts as not answered. */
const CALL_TIMEOUT = 30_000;
/** Dates stay the text they came as, whatever node-soap makes of the types of a WSDL. */
const AS_TEXT = (text: string): string => text;

/** Connections to the service of `target`, at most that many at once. */
export const connectTo = (target: Target, connections: number): HttpConnections =>
  makeConnections(target.tls, connections, CALL_TIMEOUT);

/** Makes a caller of one service. `who` names the program in RequestUserMetadataHeader. */
export async function makeSoapCaller(
  service: ServiceContract,
  target: Target,
  who: string,
  http: HttpConnections,
): Promise<SoapCaller> {
  const wsdl = fileURLToPath(new URL(`wsdl/${service.wsdl}`, PACKAGE_ROOT));
  const client = await soap.createClientAsync(wsdl, {
    endpoint: target.url + service.path,
    httpClient: nodeSoapTransport(http),
    customDeserializer: { date: AS_TEXT, dateTime: AS_TEXT },
  });
  // The headers of one call are found by its arguments, for calls may be under way side by side.
  const more = new WeakMap<object, string>();
  client.addSoapHeader(
    (_method: unknown, _location: unknown, _soapAction: unknown, args: object) =>
      encodeRequestUserMetadata(metadata(target, who)) +
      encodeActiveOrganisation(target.organisation) +
      (more.get(args) ?? ''),
  );
  return {
    async call<T>(
      operation: OperationName,
      request: object,
      headers = '',
    ): Promise<CallResult<RawAnswer<T>>> {
      const args = { ...request };
      more.set(args, headers);
      const element = service.operations.find(({ name }) => name === operation)!.response;
      try {
        const [body, raw, header] = (await client[`${operation}Async`](args)) as [T, string, object?];
        // node-soap takes a page without the element of the answer for an empty one.
        if (!new RegExp(`[<:]${element}[\\s/>]`).test(raw)) return unreadable(`it holds no ${element}`);
        return { kind: 'answered', value: { body, header: { ...header } } };
      } catch (error) {
        return failureOf(error);
      }
    },
  };
}

/** An answer that came and cannot be believed counts as none. */
export const unreadable = (why: string) =>
  ({ kind: 'no-answer', reason: `the answer could not be read: ${why}` }) as const;

/** An HTTP answer that is neither an answer nor a fault of the service. */
class HttpStatus extends Error {
  readonly answer: HttpAnswer;

  constructor(answer: HttpAnswer) {
    super(`HTTP ${answer.status}`);
    this.answer = answer;
  }
}

/** An answer that does not keep the contract: nothing in it is believed. */
class Unreadable extends Error {}

class NoAnswer extends Error {
  readonly neverSent: boolean;

  constructor(error: unknown) {
    super(reasonOf(error));
    this.neverSent = ['ECONNREFUSED', 'ENOTFOUND', 'EHOSTUNREACH'].includes(
      (error as NodeJS.ErrnoException).code ?? '',
    );
  }
}

/** Our connections in the shape that node-soap asks for. */
function nodeSoapTransport(http: HttpConnections): soap.IHttpClient {
  const request = async (
    url: string,
    body: string,
    callback: (error: unknown, response?: unknown, body?: unknown) => unknown,
    headers: Record<string, string>,
  ): Promise<void> => {
    let answer: HttpAnswer;
    try {
      answer = await http.post(url, body, { 'Content-Type': 'text/xml; charset=utf-8', ...headers });
    } catch (error) {
      callback(new NoAnswer(error));
      return;
    }
    const isSoap =
      /^text\/xml/i.test(String(answer.headers['content-type'])) && [200, 500].includes(answer.status);
    const problem = isSoap ? answerProblem(answer.body) : undefined;
    if (!isSoap) callback(new HttpStatus(answer));
    else if (problem !== undefined) callback(new Unreadable(problem));
    else callback(null, { status: answer.status, headers: answer.headers, data: answer.body }, answer.body);
  };
  return { request } as unknown as soap.IHttpClient;
}

function reasonOf(error: unknown): string {
  const { code, message, name } = error as NodeJS.ErrnoException;
  if (name === 'TimeoutError' || name === 'AbortError') return `no answer within ${CALL_TIMEOUT / 1000} s`;
  if (code === 'ECONNREFUSED') return 'nothing listens at that address';
  return code === undefined ? message : `${message} (${code})`;
}

function failureOf(error: unknown): Failure {
  if (error instanceof Unreadable) return unreadable(error.message);
  if (error instanceof NoAnswer) {
    return { kind: 'no-answer', reason: error.message, ...(error.neverSent && { neverSent: true }) };
  }
  if (error instanceof HttpStatus) {
    const { status, body, headers } = error.answer;
    const retryAfter = Number(headers['retry-after']);
    return {
      kind: 'http',
      status,
      text: quoteClientText(plain(body)),
      ...(Number.isFinite(retryAfter) &&
        headers['retry-after'] !== undefined && { retryAfterSeconds: retryAfter }),
    };
  }
  const fault = (error as { root?: { Envelope?: { Body?: { Fault?: SoapFault } } } }).root?.Envelope?.Body
    ?.Fault;
  if (fault === undefined) return unreadable('it holds neither an answer nor a fault');
  const details = fault.detail?.FaultDetails;
  return {
    kind: 'fault',
    fejlkode: Number(details?.ErrorCode ?? 0),
    message: maskPersonnumre(plain(details?.Message ?? textOf(fault.faultstring))),
    source: quoteClientText(plain(details?.Source ?? '')),
  };
}

interface SoapFault {
  readonly faultstring?: unknown;
  readonly detail?: {
    readonly FaultDetails?: {
      readonly ErrorCode?: unknown;
      readonly Message?: unknown;
      readonly Source?: unknown;
    };
  };
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** Text from elsewhere in one line, without what could make a terminal do something. */
const plain = (text: unknown): string =>
  String(text)
    .replace(/\s+/g, ' ')
    .replace(/\p{Cc}/gu, '')
    .trim();

const SYSTEM_USER = 3;

const metadata = ({ organisation }: Target, who: string): RequestUserMetadata => ({
  RequestUserStructure: {
    UserFullName: `pension : ${who}`,
    RequestUserTypeIdentifier: { CodeListItemIdentifier: SYSTEM_USER },
    UserIdentifier: `pension-${who.replaceAll(' ', '-')}`,
  },
  RequestOrganisationStructure: {
    OrganisationTypeIdentifier: { CodeListItemIdentifier: organisation.OrganisationTypeIdentifier },
    OrganisationCode: /^[0-9]{1,8}$/.test(organisation.OrganisationCode)
      ? organisation.OrganisationCode
      : '-1',
  },
  RegistrationDateTime: new Date().toISOString(),
});

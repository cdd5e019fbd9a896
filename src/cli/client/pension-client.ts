// A client of PensionService on node-soap: typed requests in, typed answers or typed refusals out.

import { fileURLToPath } from 'node:url';
import soap from 'soap';
import { encodeActiveOrganisation, encodeRequestUserMetadata } from '../../contract/encode.ts';
import { maskPersonnumre, quoteClientText } from '../../contract/mask.ts';
import type {
  GetTidligPensionResponse,
  RequestOf,
  RequestUserMetadata,
  SaveTidligPensionResponse,
  TidligPensionMessage,
} from '../../contract/messages.ts';
import { type OperationName, PENSION_SERVICE } from '../../contract/names.ts';
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

export interface PensionClient {
  save(request: RequestOf['SaveTidligPension']): Promise<CallResult<SaveTidligPensionResponse>>;
  get(request: RequestOf['GetTidligPension']): Promise<CallResult<GetTidligPensionResponse>>;
  close(): void;
}

/** Milliseconds after which a call counts as not answered. */
const CALL_TIMEOUT = 30_000;
/** Dates stay the text they came as, whatever node-soap makes of the types of a WSDL. */
const AS_TEXT = (text: string): string => text;

/** Makes a client. `who` names the program in RequestUserMetadataHeader; `connections` may be open at once. */
export async function makePensionClient(
  target: Target,
  who: string,
  connections = 1,
): Promise<PensionClient> {
  const http = makeConnections(target.tls, connections, CALL_TIMEOUT);
  const wsdl = fileURLToPath(new URL(`wsdl/${PENSION_SERVICE.wsdl}`, PACKAGE_ROOT));
  const client = await soap.createClientAsync(wsdl, {
    endpoint: target.url + PENSION_SERVICE.path,
    httpClient: nodeSoapTransport(http),
    customDeserializer: { date: AS_TEXT, dateTime: AS_TEXT },
  });
  client.addSoapHeader(
    () => encodeRequestUserMetadata(metadata(target, who)) + encodeActiveOrganisation(target.organisation),
  );
  const call = async <T>(operation: OperationName, request: object): Promise<CallResult<T>> => {
    try {
      const [answer, raw] = (await client[`${operation}Async`](request)) as [T, string];
      // node-soap takes a page without the element of the answer for an empty one.
      if (!new RegExp(`[<:]${operation}Response[\\s/>]`).test(raw))
        return unreadable(`it holds no ${operation}Response`);
      return { kind: 'answered', value: answer };
    } catch (error) {
      return failureOf(error);
    }
  };
  return {
    async save(request) {
      const result = await call<SaveTidligPensionResponse>('SaveTidligPension', request);
      if (result.kind !== 'answered') return result;
      const { CreatedItemIdentifier: id } = result.value ?? {};
      const asked = request.TidligPensionIdentifier?.toLowerCase();
      if (!GUID.test(id ?? '')) return unreadable('it holds no identifier');
      if (asked !== undefined && asked !== id!.toLowerCase())
        return unreadable('it holds another identifier');
      return result;
    },
    async get(request) {
      const result = await call<{ TidligPension?: TidligPensionMessage[] } | null>(
        'GetTidligPension',
        request,
      );
      // node-soap gives null for an answer without content: the empty list.
      return result.kind === 'answered'
        ? { kind: 'answered', value: { TidligPension: result.value?.TidligPension ?? [] } }
        : result;
    },
    close: () => http.close(),
  };
}

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

const unreadable = (why: string) =>
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
  if (code === 'ECONNREFUSED') return 'nothing listens at that address (--url names another one)';
  return code === undefined ? message : `${message} (${code})`;
}

function failureOf(error: unknown): Exclude<CallResult<never>, { kind: 'answered' }> {
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
      text: quoteClientText(body.replace(/\s+/g, ' ').trim()),
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
    message: maskPersonnumre(String(details?.Message ?? textOf(fault.faultstring)).replace(/\s+/g, ' ')),
    source: String(details?.Source ?? ''),
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

// What HTTP itself decides before a byte of the body is read: path, method, content type, encoding, announced size.

import { LIMITS } from '../contract/limits.ts';
import { SERVICES, type ServiceContract } from '../contract/names.ts';

/** A refusal that is an HTTP status, not a fault. */
export interface HttpRefusal {
  readonly status: 404 | 405 | 413 | 415 | 417 | 503;
  readonly text: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Where anybody may ask how the service is. */
export const HEALTH_PATH = '/health';

/** What a request asks for: a document of a service, how the service is, or a call. */
export type Route =
  | { readonly kind: 'health' }
  | { readonly kind: 'document'; readonly service: ServiceContract; readonly query: string }
  | { readonly kind: 'call'; readonly service: ServiceContract }
  | { readonly kind: 'refused'; readonly refusal: HttpRefusal };

/** The head of a request, with header names in lower case. */
export interface RequestHead {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

const ALLOW = { Allow: 'GET, HEAD, POST' };

const refused = (status: HttpRefusal['status'], text: string, headers?: Record<string, string>): Route => ({
  kind: 'refused',
  refusal: { status, text, ...(headers && { headers }) },
});

/** Decides by the head alone, in the order 404, 405, 415, 413. Paths and query names match without regard to case. */
export function route(head: RequestHead, maxBody: number): Route {
  const [path, query] = splitUrl(head.url);
  if (path === HEALTH_PATH)
    return head.method === 'GET' || head.method === 'HEAD'
      ? { kind: 'health' }
      : refused(405, 'Ask with GET or HEAD how the service is.', { Allow: 'GET, HEAD' });
  const service = SERVICES.find((known) => known.path.toLowerCase() === path);
  if (service === undefined) return refused(404, 'There is no service at this path.');
  if (head.method === 'GET' || head.method === 'HEAD') {
    if (query === '') {
      return refused(405, 'A call is a POST; the description of the service is at ?wsdl.', ALLOW);
    }
    return { kind: 'document', service, query };
  }
  if (head.method !== 'POST') {
    return refused(405, 'Only GET, HEAD and POST are understood here.', ALLOW);
  }
  return checkContent(head, maxBody) ?? { kind: 'call', service };
}

function splitUrl(url: string): [string, string] {
  const target = url.replace(/^https?:\/\/[^/?#]*/i, ''); // a proxy may send the whole address
  const at = target.indexOf('?');
  const path = at < 0 ? target : target.slice(0, at);
  return [path.toLowerCase(), at < 0 ? '' : target.slice(at + 1)];
}

function checkContent({ headers }: RequestHead, maxBody: number): Route | undefined {
  const [type, ...parameters] = splitParameters(single(headers['content-type']));
  if (type!.toLowerCase() !== 'text/xml') return refused(415, 'Content-Type must be text/xml (SOAP 1.1).');
  const charsets = parameters.filter((parameter) => /^charset\s*(=|$)/i.test(parameter));
  if (!charsets.every((charset) => /^charset\s*=\s*("utf-8"|utf-8)$/i.test(charset))) {
    return refused(415, 'The charset must be utf-8.');
  }
  if (headers['content-encoding'] !== undefined) {
    return refused(415, 'Content-Encoding is not accepted; send the envelope as it is.');
  }
  if (
    headers['transfer-encoding'] !== undefined &&
    single(headers['transfer-encoding']).toLowerCase() !== 'chunked'
  ) {
    return refused(415, 'Transfer-Encoding may only be chunked.');
  }
  if (Number(single(headers['content-length'])) > maxBody) return tooLarge(maxBody);
  return undefined;
}

/** A header value by its semicolons, those inside quotes not counted. */
const splitParameters = (value: string): string[] =>
  (value.match(/(?:[^";]|"(?:[^"\\]|\\.)*"?)+/g) ?? ['']).map((part) => part.trim());

const single = (value: string | string[] | undefined): string =>
  Array.isArray(value) ? value.join(', ') : (value ?? '');

/** 413, from the announced size or from the bytes that came. */
export const tooLarge = (maxBody: number): Route & { kind: 'refused' } => ({
  kind: 'refused',
  refusal: {
    status: 413,
    text: `The request is larger than ${maxBody} bytes.`,
    headers: { Connection: 'close' },
  },
});

/** 503, and when to come again. */
export const busy = (text: string, headers: Readonly<Record<string, string>> = {}): HttpRefusal => ({
  status: 503,
  text,
  headers: { 'Retry-After': String(LIMITS.retryAfterSeconds), ...headers },
});

export const noSuchDocument: HttpRefusal = { status: 404, text: 'There is no such document; try ?wsdl.' };

export const unknownExpectation: HttpRefusal = {
  status: 417,
  text: 'Only Expect: 100-continue is understood.',
};

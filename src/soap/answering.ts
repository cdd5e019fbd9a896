// Writes answers, also to clients that are still sending: those get their answer at once, and what they go on to send
// is taken for a moment, so that closing the connection does not take the answer away from them.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { LIMITS } from '../contract/limits.ts';
import { discardBody } from './body.ts';

/** An answer as it goes on the wire. */
export interface HttpAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export const XML = 'text/xml; charset=utf-8';
export const PLAIN = 'text/plain; charset=utf-8';

/** Answers a request whose body has been read. Delivery is not waited for: the client may be gone. */
export function answer(response: ServerResponse, what: HttpAnswer): void {
  writeHead(response, what);
  response.end(what.text);
}

/**
 * Answers a request whose body nobody will read. `waits` when the client has not begun to send it. The connection is
 * kept only when nothing of the body is left; `ends` is called before an answer that is the last of its connection.
 */
export async function answerEarly(
  request: IncomingMessage,
  response: ServerResponse,
  what: HttpAnswer,
  { waits, ends }: { readonly waits: boolean; ends(): void },
): Promise<void> {
  await new Promise(setImmediate); // a request without a body is known to be whole only then
  if (request.complete && !waits) {
    request.resume();
    answer(response, what);
    return;
  }
  ends();
  response.setHeader('Connection', 'close');
  writeHead(response, what);
  response.write(what.text);
  await discardBody(
    request,
    LIMITS.maxDiscarded,
    waits ? LIMITS.waitingDiscardTimeout : LIMITS.discardTimeout,
  );
  response.end();
}

function writeHead(response: ServerResponse, { status, contentType, text, headers }: HttpAnswer): void {
  response.writeHead(status, {
    ...headers,
    'Content-Type': contentType,
    'Content-Length': Buffer.byteLength(text),
  });
}

// Reads the body of a request whole, up to the limit. What comes beyond is not kept.

import type { IncomingMessage } from 'node:http';

/** The bytes, or why there are none: more than the limit, or the client went away before the end. */
export type Body =
  | { readonly kind: 'whole'; readonly bytes: Uint8Array }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'aborted' };

/** Reads up to `limit` bytes. Never rejects. */
export function readBody(request: IncomingMessage, limit: number): Promise<Body> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limit) chunks.push(chunk);
      else {
        chunks.length = 0;
        request.pause();
        resolve({ kind: 'too-large' });
      }
    });
    request.on('end', () =>
      resolve({ kind: 'whole', bytes: chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks) }),
    );
    request.on('error', () => resolve({ kind: 'aborted' }));
    request.on('close', () => resolve({ kind: 'aborted' }));
  });
}

/** Takes and forgets up to `limit` bytes; true when that was the whole body. Never rejects. */
export async function discardBody(request: IncomingMessage, limit: number): Promise<boolean> {
  if (request.complete) {
    request.resume();
    return true;
  }
  if (request.destroyed) return false;
  return new Promise((resolve) => {
    let size = 0;
    const finish = (whole: boolean): void => {
      request.pause();
      resolve(whole);
    };
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > limit) finish(false);
    });
    request.on('end', () => finish(true));
    request.on('error', () => finish(false));
    request.on('close', () => finish(false));
    request.resume();
  });
}

// Reads the body of a request whole, up to the limit, or takes and forgets it.

import type { IncomingMessage } from 'node:http';
import type { Reading } from './load.ts';

/** The bytes, or why there are none: more than the limit, no room now, or the connection ended before them. */
export type Body =
  | { readonly kind: 'whole'; readonly bytes: Uint8Array }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'no-room' }
  | { readonly kind: 'aborted' };

/** Reads up to `limit` bytes, as long as `reading` has room for them. Never rejects. */
export function readBody(request: IncomingMessage, limit: number, reading: Reading): Promise<Body> {
  if (request.destroyed) return Promise.resolve({ kind: 'aborted' });
  const chunks: Buffer[] = [];
  let taken = 0;
  const done = follow<Body>(request, limit, {
    chunk(chunk, settle) {
      if (!reading.take(chunk.length)) {
        settle({ kind: 'no-room' });
        return;
      }
      taken += chunk.length;
      chunks.push(chunk);
    },
    end: () => ({ kind: 'whole', bytes: chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks) }),
    tooLarge: () => ({ kind: 'too-large' }),
    broken: () => ({ kind: 'aborted' }),
  });
  return done.finally(() => reading.giveBack(taken));
}

/** Takes and forgets up to `limit` bytes, for at most `time` milliseconds; true when that was all. Never rejects. */
export function discardBody(request: IncomingMessage, limit: number, time: number): Promise<boolean> {
  if (request.complete) {
    request.resume();
    return Promise.resolve(true);
  }
  if (request.destroyed) return Promise.resolve(false);
  const no = (): boolean => false;
  const reading = follow<boolean>(request, limit, { chunk: no, end: () => true, tooLarge: no, broken: no });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, time, false);
  });
  return Promise.race([reading, late]).finally(() => clearTimeout(timer));
}

interface Following<T> {
  chunk(chunk: Buffer, settle: (value: T) => void): unknown;
  end(): T;
  tooLarge(): T;
  broken(): T;
}

/** Listens to a body until it ends one way or another, and then no longer. */
function follow<T>(request: IncomingMessage, limit: number, on: Following<T>): Promise<T> {
  return new Promise((resolve) => {
    let size = 0;
    const settle = (value: T): void => {
      request.pause();
      for (const [event, listener] of listeners) request.off(event, listener);
      // What may still go wrong with the connection is nobody's concern now, but must not be unhandled.
      request.on('error', () => undefined);
      resolve(value);
    };
    const listeners: [string, (chunk: Buffer) => void][] = [
      [
        'data',
        (chunk) => {
          size += chunk.length;
          if (size > limit) settle(on.tooLarge());
          else on.chunk(chunk, settle);
        },
      ],
      ['end', () => settle(on.end())],
      ['error', () => settle(on.broken())],
      ['close', () => settle(on.broken())],
    ];
    for (const [event, listener] of listeners) request.on(event, listener);
    request.resume();
  });
}

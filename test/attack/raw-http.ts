// Writes any bytes to a plain HTTP port, and reads every answer that comes back, however many and whatever they are.

import net from 'node:net';

/** One answer of HTTP, taken apart. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** All that came of a connection. */
export interface Exchange {
  /** Without those of 100 Continue. */
  readonly answers: readonly HttpAnswer[];
  /** Whether the service closed it, it broke, or nothing more came. */
  readonly end: 'closed' | 'reset' | 'silent';
  /** What came and is no answer. */
  readonly rest: string;
}

/** How long nothing may come before the client takes that for the end, in milliseconds: before the first answer, and behind one. */
const SILENCE = { before: 5_000, behind: 400 };

/** Sends the bytes over a connection of their own; `isLast` when the client then ends its side at once. Never rejects. */
export function exchange(port: number, bytes: Uint8Array, isLast = false): Promise<Exchange> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const socket = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    let broken = false;
    let timer: NodeJS.Timeout | undefined;
    const wait = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => finish('silent'), chunks.length > 0 ? SILENCE.behind : SILENCE.before);
    };
    const finish = (end: Exchange['end']): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ ...answersIn(Buffer.concat(chunks)), end });
    };
    socket.on('connect', () => (isLast ? socket.end(bytes) : socket.write(bytes)));
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      wait();
    });
    socket.on('end', () => socket.end());
    socket.on('error', () => {
      broken = true;
    });
    socket.on('close', () => finish(broken ? 'reset' : 'closed'));
    wait();
  });
}

const HEAD = /^HTTP\/1\.1 (\d{3}) [^\r\n]*\r\n((?:[^\r\n]+\r\n)*)\r\n/;

function answersIn(bytes: Buffer): { answers: HttpAnswer[]; rest: string } {
  const answers: HttpAnswer[] = [];
  let text = bytes.toString('latin1');
  for (;;) {
    const head = HEAD.exec(text);
    if (head === null) return { answers, rest: text };
    const headers = Object.fromEntries(
      head[2]!
        .split('\r\n')
        .filter((line) => line !== '')
        .map((line) => [line.split(':')[0]!.toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
    );
    const status = Number(head[1]);
    // Node's own refusals have an empty body of no chunks.
    const isEmpty = headers['transfer-encoding'] === 'chunked' && text.slice(head[0].length) === '0\r\n\r\n';
    if (isEmpty) return { answers: [...answers, { status, headers, body: '' }], rest: '' };
    const length = status < 200 ? 0 : Number(headers['content-length'] ?? Number.NaN);
    const body = text.slice(head[0].length, head[0].length + length);
    // The answer to HEAD has no body; what is cut short is no answer.
    const isHead = body.length === 0 && text.length === head[0].length;
    if (Number.isNaN(length) || (body.length < length && !isHead)) return { answers, rest: text };
    if (status >= 200) answers.push({ status, headers, body: Buffer.from(body, 'latin1').toString('utf8') });
    text = text.slice(head[0].length + (isHead ? 0 : length));
  }
}

// One connection of a closed loop: sends a request, waits for its whole answer, sends the next. Written on the socket
// itself, for the load shares the machine with what it measures and must take little of it.

import net from 'node:net';
import tls from 'node:tls';

/** Where the load goes to; with PEM texts it is TLS with a client certificate. */
export interface Address {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly soapAction: string;
  readonly tls?: { readonly cert: string; readonly key: string; readonly ca: string };
}

/** Opens a connection. Rejects when there is none. */
export function connect({ host, port, tls: files }: Address, session?: Buffer): Promise<net.Socket> {
  return new Promise((resolve, reject) => {
    const socket = files
      ? tls.connect({ host, port, ...files, ...(session && { session }) }, () => resolve(socket))
      : net.connect({ host, port }, () => resolve(socket));
    socket.setNoDelay(true);
    socket.once('error', reject);
  });
}

const END_OF_HEAD = '\r\n\r\n';
const END_OF_CHUNKS = '0\r\n\r\n';

/** An answer whose bytes have all come, taken as latin1. */
export interface Answer {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

/** The whole answer that a text begins with, or undefined when not all of it has come. */
function wholeAnswer(text: string): Answer | undefined {
  const end = text.indexOf(END_OF_HEAD);
  if (end < 0) return undefined;
  const head = text.slice(0, end);
  const body = text.slice(end + END_OF_HEAD.length);
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  const isWhole = length === undefined ? body.endsWith(END_OF_CHUNKS) : body.length >= Number(length);
  return isWhole ? { status: Number(head.slice(9, 12)), head, body } : undefined;
}

/**
 * Asks one thing after the other on that socket until `next` has none; `answered` is told of each answer and the
 * milliseconds that it took. Rejects when the connection ends before that.
 */
export function askInTurn(
  socket: net.Socket,
  address: Address,
  next: () => string | undefined,
  answered: (answer: Answer, milliseconds: number) => void,
): Promise<void> {
  const head =
    `POST ${address.path} HTTP/1.1\r\nHost: ${address.host}:${address.port}\r\n` +
    `Content-Type: text/xml; charset=utf-8\r\nSOAPAction: "${address.soapAction}"\r\nContent-Length: `;
  return new Promise((resolve, reject) => {
    let began = 0;
    let come = '';
    const ask = (): void => {
      const body = next();
      if (body === undefined) {
        socket.removeAllListeners();
        socket.on('error', () => undefined);
        resolve();
        return;
      }
      began = performance.now();
      socket.write(`${head}${Buffer.byteLength(body)}${END_OF_HEAD}${body}`);
    };
    socket.on('data', (chunk: Buffer) => {
      come += chunk.toString('latin1');
      const answer = wholeAnswer(come);
      if (answer === undefined) return;
      come = '';
      try {
        answered(answer, performance.now() - began);
        ask();
      } catch (error) {
        reject(error);
      }
    });
    const closed = (): void => reject(new Error('the connection was closed'));
    socket.on('error', reject);
    socket.on('close', closed);
    if (socket.writable) ask();
    else closed(); // it says so only once
  });
}

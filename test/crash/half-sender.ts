// A client whose request is on its way for a while: it sends a part of its bytes, and the rest when it is told.

import net from 'node:net';
import tls from 'node:tls';
import type { Target } from '../../src/cli/client/target.ts';
import { PENSION_SERVICE } from '../../src/contract/names.ts';
import { KEEP_ALIVE, requestOf } from '../support/http-request.ts';
import { type Answer, answerOf } from './saver.ts';

/** One connection with one request, or several that stand in one piece. */
export class HalfSender {
  readonly #socket: net.Socket;
  readonly #bytes: Buffer;
  readonly #ended: Promise<void>;
  #sent = 0;
  #received = '';

  private constructor(socket: net.Socket, bytes: Buffer) {
    this.#socket = socket;
    this.#bytes = bytes;
    socket.setEncoding('utf8').on('data', (text: unknown) => {
      this.#received += String(text);
    });
    this.#ended = new Promise((resolve) => {
      socket.on('error', () => undefined).on('close', () => resolve());
    });
  }

  /** Connects, for requests with those bodies, one behind the other. */
  static async open({ url, tls: files }: Target, ...bodies: readonly string[]): Promise<HalfSender> {
    const { hostname: host, port } = new URL(url);
    const socket = files
      ? tls.connect({ host, port: Number(port), ...files })
      : net.connect({ host, port: Number(port), noDelay: true });
    const requests = bodies.map((body) => requestOf(PENSION_SERVICE.path, body, KEEP_ALIVE));
    const half = new HalfSender(socket, Buffer.concat(requests));
    await new Promise<void>((resolve, reject) => {
      socket.once(files ? 'secureConnect' : 'connect', resolve).once('error', reject);
    });
    return half;
  }

  /** Sends up to that share (0 to 1) of the bytes, and at least the whole head. */
  async send(share: number): Promise<void> {
    const head = this.#bytes.indexOf('\r\n\r\n') + 4;
    const until = Math.min(this.#bytes.length, Math.max(head, Math.ceil(this.#bytes.length * share)));
    const part = this.#bytes.subarray(this.#sent, until);
    this.#sent = until;
    if (part.length > 0) await new Promise<void>((resolve) => this.#socket.write(part, () => resolve()));
  }

  /** The answers that came, in order, when the service has closed the connection. */
  async answers(): Promise<Answer[]> {
    await this.#ended;
    return this.#received
      .split(/(?=HTTP\/1\.1 [0-9]{3} )/)
      .filter((text) => text !== '')
      .map((text) => {
        const id = /^X-Correlation-Id: (\S+)/im.exec(text)?.[1] ?? '';
        return answerOf(Number(text.slice(9, 12)), id, text);
      });
  }
}

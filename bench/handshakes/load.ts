// The load of handshakes, in a process of its own: new connections one after the other, so many at a time, each with one
// request for /health. A handshake that was not resumed when it should have been, or the other way, ends the job.

import type { TLSSocket } from 'node:tls';
import { connect as connectTls, createSecureContext, type SecureContext } from 'node:tls';
import { takeJobs } from '../load/start.ts';
import { type Measured, type Watched, Window } from '../load/window.ts';
import type { ClientFiles } from './certificates.ts';

export type TlsVersion = 'TLSv1.2' | 'TLSv1.3';
/** `kept`: no handshakes, all requests on the same connections; what the others have beside their handshakes. */
export type How = 'full' | 'resumed' | 'kept';

/** What is to be done. */
export interface HandshakeJob {
  readonly port: number;
  readonly files: ClientFiles;
  readonly version: TlsVersion;
  readonly how: How;
  readonly atOnce: number;
  readonly milliseconds: number;
  readonly warmUp: number;
  readonly watched: Watched;
}

const HOST = '127.0.0.1';
const REQUEST = `GET /health HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`;
const CONNECTION_LIMIT = 20_000;

async function run(job: HandshakeJob): Promise<Measured> {
  const { cert, key, ca } = job.files;
  const context = createSecureContext({ cert, key, ca, minVersion: job.version, maxVersion: job.version });
  const window = new Window(job.watched);
  const client = async (): Promise<void> => {
    const connection = new Connection(job.port, context);
    if (job.how === 'resumed') await connection.renew(); // brings the first session
    while (!window.isOver) {
      const began = performance.now();
      if (job.how === 'kept') await connection.ask();
      else await connection.renew(job.how === 'resumed');
      window.answered(performance.now() - began);
    }
    connection.end();
  };
  const load = Promise.all(Array.from({ length: job.atOnce }, client));
  await window.over(load, job.warmUp, job.milliseconds);
  return window.measured;
}

/** A connection that is made anew again and again. */
class Connection {
  readonly #port: number;
  readonly #context: SecureContext;
  #socket: TLSSocket | undefined;
  #session: Buffer | undefined;

  constructor(port: number, context: SecureContext) {
    this.#port = port;
    this.#context = context;
  }

  /** Makes it anew, asks once and ends it. */
  async renew(mustResume = false): Promise<void> {
    await this.#open(mustResume ? this.#session : undefined, mustResume);
    await this.ask();
    this.end();
  }

  async ask(): Promise<void> {
    const socket = this.#socket ?? (await this.#open(undefined, false));
    const answer = await new Promise<string>((resolve, reject) => {
      let come = '';
      socket.on('data', (chunk: Buffer) => {
        come += chunk.toString('latin1');
        if (isWhole(come)) resolve(come);
      });
      socket.once('error', reject);
      socket.once('close', () => reject(new Error('the connection was closed before its answer')));
      socket.write(REQUEST);
    });
    socket.removeAllListeners('data').removeAllListeners('error').removeAllListeners('close');
    socket.on('error', () => undefined);
    if (!answer.startsWith('HTTP/1.1 200'))
      throw new Error(`/health was answered with ${answer.slice(0, 300)}`);
  }

  end(): void {
    this.#socket?.destroy();
    this.#socket = undefined;
  }

  async #open(session: Buffer | undefined, mustResume: boolean): Promise<TLSSocket> {
    const socket = await new Promise<TLSSocket>((resolve, reject) => {
      const opening = connectTls(
        { host: HOST, port: this.#port, secureContext: this.#context, ...(session && { session }) },
        () => resolve(opening),
      );
      opening.setNoDelay(true);
      opening.setTimeout(CONNECTION_LIMIT, () => opening.destroy(new Error('nothing came for too long')));
      // Tickets of TLS 1.3 come after the handshake, but before the first answer.
      opening.on('session', (given: Buffer) => {
        this.#session = given;
      });
      opening.once('error', reject);
    });
    this.#socket = socket;
    if (socket.isSessionReused() !== mustResume)
      throw new Error(mustResume ? 'a session was not resumed' : 'a session was resumed that was not to be');
    return socket;
  }
}

function isWhole(text: string): boolean {
  const end = text.indexOf('\r\n\r\n');
  const length = /\r\ncontent-length: *(\d+)/i.exec(text)?.[1];
  return end >= 0 && text.length - end - 4 >= Number(length ?? 0);
}

takeJobs(run);

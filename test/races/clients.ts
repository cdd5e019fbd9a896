// Clients that call at the same instant: each has a connection of its own that is kept, and its request is ready as bytes
// before the first of them is written. All of them are written in one turn of the event loop.

import net from 'node:net';
import {
  encodeActiveOrganisation,
  encodeEnvelope,
  encodeRequestUserMetadata,
  encodeSaveRequest,
} from '../../src/contract/encode.ts';
import { PENSION_SERVICE } from '../../src/contract/names.ts';
import { readFault, textOf } from '../support/answers.ts';
import { getEnvelope, metadataOf, UDK } from '../support/envelopes.ts';
import { KEEP_ALIVE, requestOf } from '../support/http-request.ts';
import { messageOf, type Sagt, type Tilstand, tilstandOf, type Udfald } from './model.ts';

/** Milliseconds after which a call that has no answer is one that hangs; the service itself answers long before. */
const HANGS = 30_000;
const HEAD_END = '\r\n\r\n';

/** What a call was answered. */
export interface Answer {
  readonly body: string;
  readonly correlationId: string;
}

/** One client on one connection, which takes one call at a time. */
export class Client {
  readonly #socket: net.Socket;
  #settle: { resolve(answer: Answer): void; reject(error: Error): void } | undefined;
  #come = Buffer.alloc(0);

  private constructor(socket: net.Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (chunk) => {
      this.#come = Buffer.concat([this.#come, chunk]);
      this.#read();
    });
    socket.on('error', (error) => this.#settle?.reject(error));
    socket.on('close', () => this.#settle?.reject(new Error('the connection was closed without an answer')));
  }

  static connect(url: string): Promise<Client> {
    const { hostname, port } = new URL(url);
    return new Promise((resolve, reject) => {
      const socket = net.connect(Number(port), hostname, () => resolve(new Client(socket)));
      socket.once('error', reject);
    });
  }

  /** Sends a request and gives its answer. Rejects when the connection is lost or nothing comes. */
  call(request: Uint8Array): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const hangs = setTimeout(() => reject(new Error(`no answer for ${HANGS / 1000} s`)), HANGS);
      const settled = <T>(then: (value: T) => void) => {
        return (value: T): void => {
          clearTimeout(hangs);
          this.#settle = undefined;
          then(value);
        };
      };
      this.#settle = { resolve: settled(resolve), reject: settled(reject) };
      this.#socket.write(request);
    });
  }

  /** Whether the connection is still there. */
  get isThere(): boolean {
    return !this.#socket.destroyed;
  }

  /** Goes away, also from a call that is under way: its answer is lost. */
  drop(): void {
    this.#socket.destroy();
  }

  #read(): void {
    const end = this.#come.indexOf(HEAD_END);
    if (end < 0) return;
    const head = this.#come.subarray(0, end).toString('latin1');
    const length = Number(/^content-length: *([0-9]+)$/im.exec(head)?.[1]);
    const from = end + HEAD_END.length;
    if (this.#come.length < from + length) return;
    const body = this.#come.subarray(from, from + length).toString('utf8');
    const correlationId = /^x-correlation-id: *(\S+)/im.exec(head)?.[1] ?? '';
    this.#come = this.#come.subarray(from + length);
    if (/^HTTP\/1\.1 (?:200|500) /.test(head)) this.#settle?.resolve({ body, correlationId });
    else this.#settle?.reject(new Error(`answered ${head.split('\r\n')[0]}: ${body}`));
  }
}

/** So many clients, spread evenly over the services. */
export const connectAll = (urls: readonly string[], count: number): Promise<Client[]> =>
  Promise.all(Array.from({ length: count }, (_, at) => Client.connect(urls[at % urls.length]!)));

const keptOpen = (envelope: string): Buffer => requestOf(PENSION_SERVICE.path, envelope, KEEP_ALIVE);

/** The request of a Save. Its mark goes along as the user who is behind it, and so into version and audit trail. */
export function saveRequest(sagt: Sagt): Uint8Array {
  const metadata = metadataOf(UDK);
  const user = { ...metadata.RequestUserStructure, UserIdentifier: sagt.mark };
  const headers =
    encodeRequestUserMetadata({ ...metadata, RequestUserStructure: user }) +
    encodeActiveOrganisation({ OrganisationTypeIdentifier: UDK.type, OrganisationCode: UDK.code });
  return keptOpen(encodeEnvelope(encodeSaveRequest(messageOf(sagt)), headers));
}

/** What a Save was answered: the forløb, or the code of the refusal. */
export function readSaved({ body }: Answer): Udfald {
  const guid = textOf(body, 'CreatedItemIdentifier');
  return guid === undefined ? { kode: readFault(body)?.errorCode ?? 0 } : { guid };
}

/** Every forløb of the citizen as Get shows it, by its identifier. */
export async function getAll(client: Client, borger: string): Promise<ReadonlyMap<string, Tilstand>> {
  const { body } = await client.call(keptOpen(getEnvelope(borger)));
  if (readFault(body) !== undefined) throw new Error(`the Get was refused: ${body}`);
  return new Map(
    [...body.matchAll(/<TidligPension>(.*?)<\/TidligPension>/gs)].map(([, forloeb]) => {
      const at = (name: string): string | null =>
        new RegExp(`<${name}>([^<]*)</${name}>`).exec(forloeb!)?.[1] ?? null;
      return [
        at('TidligPensionIdentifier')!,
        tilstandOf(
          at('TidligPensionOvergangsdato'),
          at('TidligPensionOphoersdato'),
          at('Kompensationsafgoerelsesdato'),
        ),
      ];
    }),
  );
}

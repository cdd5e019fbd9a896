// The connections there are: whose, and whether one is too many; and what is under way on each: requests that have not
// been answered, and whether an answer has said that it is the last. What a client sends behind such an answer is not
// carried out, for it could not be answered.

import type { Server, ServerResponse } from 'node:http';
import { Server as HttpsServer } from 'node:https';
import type { Duplex } from 'node:stream';
import { LIMITS } from '../contract/limits.ts';
import { Tally } from './tally.ts';

/** The connections of one server. */
export class Connections {
  readonly #open = new Set<Duplex>();
  /** How many of them are served: those that are one too many are soon gone, and take nobody's place. */
  #served = 0;
  readonly #owners = new Tally();
  readonly #surplus = new WeakSet<Duplex>();
  readonly #toldBehind = new WeakSet<Duplex>();
  readonly #used = new WeakSet<Duplex>();
  readonly #ending = new WeakSet<Duplex>();
  readonly #waiting = new WeakMap<Duplex, Set<() => void>>();
  readonly #responses = new WeakMap<Duplex, Set<ServerResponse>>();

  /** Those of a server. Behind a proxy, and without TLS, all are one address's, so nobody owns them. */
  static of(server: Server, ownerOf: (socket: Duplex) => string | undefined): Connections {
    return server instanceof HttpsServer
      ? new Connections(server, 'secureConnection', ownerOf)
      : new Connections(server, 'connection', () => undefined);
  }

  /**
   * Follows the connections of the server; `event` is the one on which they can be used. `ownerOf` says whose one is,
   * where that is known then.
   */
  constructor(
    server: Server,
    event: 'connection' | 'secureConnection',
    ownerOf: (socket: Duplex) => string | undefined,
  ) {
    server.on(event, (socket: Duplex) => {
      this.#open.add(socket);
      const owner = ownerOf(socket);
      const isSurplus =
        this.#served >= LIMITS.maxConnections ||
        (owner !== undefined && this.#owners.of(owner) >= LIMITS.maxConnectionsEach);
      if (isSurplus) this.#closeSoon(socket);
      else this.#count(owner, 1);
      const waiting = new Set<() => void>();
      this.#waiting.set(socket, waiting);
      socket.once('close', () => {
        this.#open.delete(socket);
        if (!isSurplus) this.#count(owner, -1);
        for (const go of waiting) go();
      });
    });
  }

  #count(owner: string | undefined, change: 1 | -1): void {
    this.#served += change;
    if (owner !== undefined) this.#owners.add(owner, change);
  }

  /** There is time to tell it why, if it asks at once. */
  #closeSoon(socket: Duplex): void {
    this.#surplus.add(socket);
    const timer = setTimeout(() => {
      if (!this.#used.has(socket)) socket.destroy();
    }, LIMITS.surplusTimeout);
    socket.once('close', () => clearTimeout(timer));
  }

  /** How many there are. */
  get count(): number {
    return this.#open.size;
  }

  /** Whether there were too many connections already when this one came, in all or of its owner. */
  isSurplus(socket: Duplex): boolean {
    return this.#surplus.has(socket);
  }

  /** Whether more requests wait for their answer on this connection than may. */
  hasTooMany(socket: Duplex): boolean {
    return (this.#responses.get(socket)?.size ?? 0) > LIMITS.maxPipelined;
  }

  /** True the first time that a request came behind the last answer of its connection. */
  isFirstBehind(socket: Duplex): boolean {
    if (this.#toldBehind.has(socket)) return false;
    this.#toldBehind.add(socket);
    return true;
  }

  /** Takes note of a request. False when an earlier answer was the last of its connection. */
  take(socket: Duplex, response: ServerResponse): boolean {
    if (this.#ending.has(socket)) return false;
    this.#used.add(socket);
    const responses = this.#responses.get(socket) ?? new Set();
    this.#responses.set(socket, responses.add(response));
    response.once('close', () => responses.delete(response));
    return true;
  }

  /**
   * Resolves when the answer before this one has been delivered, or never can be: whoever sends many requests and reads
   * nothing has one answer in memory, and not as many as were asked for.
   */
  turn(socket: Duplex, response: ServerResponse): Promise<void> {
    const responses = [...(this.#responses.get(socket) ?? [])];
    const before = responses[responses.indexOf(response) - 1];
    const waiting = this.#waiting.get(socket);
    if (before === undefined || waiting === undefined || socket.destroyed) return Promise.resolve();
    return new Promise((resolve) => {
      const go = (): void => {
        waiting.delete(go);
        resolve();
      };
      waiting.add(go);
      before.once('close', go);
    });
  }

  /** The answer that is being made is the last of its connection. */
  end(socket: Duplex): void {
    this.#ending.add(socket);
  }

  /** It is not the last after all. */
  goOn(socket: Duplex): void {
    this.#ending.delete(socket);
  }

  /** Resolves when every whole request of a connection from which no more comes has been answered, or can no longer be. */
  async answered(socket: Duplex): Promise<void> {
    const responses = this.#responses.get(socket) ?? new Set();
    for (const response of [...responses]) {
      const willNeverBe = !response.req.complete && !response.headersSent;
      if (responses.has(response) && !willNeverBe)
        await new Promise((resolve) => response.once('close', resolve));
    }
  }

  /** Closes the connections on which no request ever came. */
  closeUnused(): void {
    for (const socket of this.#open) if (!this.#used.has(socket)) socket.destroy();
  }
}

// A network between a store and its PostgreSQL, which a test can make silent, cut, or lose in the midst of something.

import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** Passes on what comes, until it is told otherwise. */
export class Network {
  readonly #server: Server;
  readonly #target: URL;
  readonly #pairs = new Set<readonly [Socket, Socket]>();
  #isSilent = false;
  #silentAt: string | undefined;

  private constructor(target: string) {
    this.#target = new URL(target);
    this.#server = createServer((client) => this.#join(client));
  }

  /** Starts one before the server of that address. */
  static async before(target: string): Promise<Network> {
    const network = new Network(target);
    network.#server.listen(0, '127.0.0.1');
    await once(network.#server, 'listening');
    return network;
  }

  /** The same address, through this network. */
  get url(): string {
    const url = new URL(this.#target);
    url.port = String((this.#server.address() as AddressInfo).port);
    return url.href;
  }

  /** From now on nothing arrives, in either direction, and nobody is told. */
  silence(): void {
    this.#isSilent = true;
    for (const pair of this.#pairs) for (const socket of pair) socket.pause();
  }

  /** The same, as soon as somebody sends that text: it is the last that arrives, and is never answered. */
  silenceAt(text: string): void {
    this.#silentAt = text;
  }

  /** What was held back arrives, as it does when a line is mended. */
  heal(): void {
    this.#isSilent = false;
    this.#silentAt = undefined;
    for (const pair of this.#pairs) for (const socket of pair) socket.resume();
  }

  /** Cuts every connection there is, without a word. New ones are taken. */
  cut(): void {
    for (const [client, server] of this.#pairs) {
      client.resetAndDestroy();
      server.resetAndDestroy();
    }
  }

  async close(): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #join(client: Socket): void {
    const server = connect(Number(this.#target.port), this.#target.hostname);
    const pair = [client, server] as const;
    this.#pairs.add(pair);
    for (const [from, to] of [pair, [server, client] as const]) {
      from.on('data', (bytes: Buffer) => {
        to.write(bytes);
        if (from === client && this.#silentAt !== undefined && bytes.includes(this.#silentAt)) this.silence();
      });
      from.on('error', () => to.destroy());
      from.on('close', () => {
        to.end();
        this.#pairs.delete(pair);
      });
      if (this.#isSilent) from.pause();
    }
  }
}

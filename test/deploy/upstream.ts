// Something in the place of a process of the service that counts what it is sent, and answers nothing.

import { createServer, type Server, type Socket } from 'node:net';

/** What it does once the head of a request has come. */
export type Manner = 'closes' | 'resets' | 'hangs';

/** Counts heads of requests, by their method. */
export class SilentUpstream {
  readonly received = { POST: 0, GET: 0 };
  readonly port: number;
  readonly #server: Server;
  readonly #sockets: Set<Socket>;

  private constructor(server: Server, sockets: Set<Socket>, port: number) {
    this.#server = server;
    this.#sockets = sockets;
    this.port = port;
  }

  static async start(manner: Manner): Promise<SilentUpstream> {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      let seen = '';
      socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
      socket.setEncoding('latin1').on('data', (text: string) => {
        const isNew = !seen.includes('\r\n\r\n');
        seen += text;
        if (!isNew || !seen.includes('\r\n\r\n')) return;
        upstream.received[seen.startsWith('POST') ? 'POST' : 'GET'] += 1;
        if (manner === 'closes') socket.end();
        if (manner === 'resets') socket.resetAndDestroy();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const upstream = new SilentUpstream(server, sockets, (address as { port: number }).port);
    return upstream;
  }

  stop(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }
}

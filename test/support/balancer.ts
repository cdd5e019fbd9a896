// A small TCP balancer before some backends: each connection goes to the next one that accepts. It passes bytes on as they
// come, and ends and resets too, and knows nothing of HTTP.

import net from 'node:net';

/** A balancer that listens on a port of its own, on loopback. */
export class Balancer {
  readonly port: number;
  /** Connections that no backend has taken. */
  refused = 0;
  readonly #server: net.Server;
  readonly #backends: readonly number[];
  readonly #sockets = new Set<net.Socket>();
  #next = 0;

  private constructor(server: net.Server, backends: readonly number[]) {
    this.#server = server;
    this.port = (server.address() as net.AddressInfo).port;
    this.#backends = backends;
    server.on('connection', (client: net.Socket) => void this.#take(client));
  }

  /** Starts one before backends on those ports. */
  static async start(backends: readonly number[]): Promise<Balancer> {
    // A client that has sent all it will send may still be answered.
    const server = net.createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new Balancer(server, backends);
  }

  /** Cuts every connection, and listens no more. */
  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.resetAndDestroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #take(client: net.Socket): Promise<void> {
    this.#keep(client);
    const backend = await this.#connect();
    if (backend === undefined) {
      this.refused += 1;
      client.resetAndDestroy();
      return;
    }
    this.#keep(backend);
    join(client, backend);
    join(backend, client);
  }

  /** Asks each backend once, beginning with the one whose turn it is. */
  async #connect(): Promise<net.Socket | undefined> {
    const first = this.#next;
    for (let asked = 0; asked < this.#backends.length; asked += 1) {
      const at = (first + asked) % this.#backends.length;
      this.#next = (at + 1) % this.#backends.length;
      const socket = await connected(this.#backends[at]!);
      if (socket !== undefined) return socket;
    }
    return undefined;
  }

  #keep(socket: net.Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => undefined).once('close', () => this.#sockets.delete(socket));
  }
}

function connected(port: number): Promise<net.Socket | undefined> {
  const socket = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
  return new Promise((resolve) => {
    socket.once('connect', () => resolve(socket)).once('error', () => resolve(undefined));
  });
}

/** What comes from the one goes to the other, its end as well; where it was cut off, the other is. */
function join(from: net.Socket, to: net.Socket): void {
  const cut = (): void => {
    if (!to.destroyed) to.resetAndDestroy();
  };
  if (from.destroyed) cut();
  else {
    from.once('error', cut).once('close', () => {
      if (!from.readableEnded) cut();
    });
    from.pipe(to);
  }
}

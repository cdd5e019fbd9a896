// What the service counts, for Prometheus to read at an address of its own. Nothing in it tells of a citizen.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { QueueLength } from '../store/outbox.ts';

/** How a service is at a moment. */
export interface ServiceState {
  readonly isStoreFailing: boolean;
  readonly connections: number;
  /** Calls that are under way. */
  readonly calls: number;
  /** Requests that were answered 503 since the start. */
  readonly refused: number;
}

/** The figures of one service. */
export interface Metrics {
  /** Takes how the queues stand; those of `akasser` that are not among them are empty. */
  queues(queues: readonly QueueLength[], now: Date, akasser: readonly string[]): void;
  /** From now on each reading asks how the service is. */
  ask(service: () => ServiceState): void;
  /** Serves them at `/metrics`, plain HTTP; gives the address. Rejects when it is taken. */
  serve(host: string, port: number): Promise<string>;
  close(): Promise<void>;
}

/** Makes them. */
export function makeMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'pension_' });
  const waiting = new Gauge({
    name: 'pension_outbox_waiting',
    help: 'Beskeder that wait to be fetched, by the a-kasse they were queued for',
    labelNames: ['akasse'],
    registers: [registry],
  });
  const oldest = new Gauge({
    name: 'pension_outbox_oldest_seconds',
    help: 'How long the oldest of them has waited, in seconds',
    labelNames: ['akasse'],
    registers: [registry],
  });
  let state: (() => ServiceState) | undefined;
  const registers = [registry];
  const asked = (name: string, help: string, figure: (state: ServiceState) => number): Gauge =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        if (state) this.set(figure(state()));
      },
    });
  asked('pension_store_failing', '1 while the store cannot keep anything, else 0', ({ isStoreFailing }) =>
    Number(isStoreFailing),
  );
  asked('pension_connections', 'Connections that are open', ({ connections }) => connections);
  asked(
    'pension_calls_in_flight',
    'Calls under way, those that wait for the store counted',
    ({ calls }) => calls,
  );
  new Counter({
    name: 'pension_refused_503_total',
    help: 'Requests answered 503 since the start',
    registers,
    collect() {
      this.reset();
      if (state) this.inc(state().refused);
    },
  });
  const server = createServer((request, response) => {
    if (request.url !== '/metrics' || request.method !== 'GET') {
      response.writeHead(404, { 'Content-Type': 'text/plain' }).end('GET /metrics\n');
      return;
    }
    registry.metrics().then(
      (text) => response.writeHead(200, { 'Content-Type': registry.contentType }).end(text),
      () => response.writeHead(500).end(),
    );
  });
  return {
    ask(service) {
      state = service;
    },
    queues(queues, now, akasser) {
      waiting.reset();
      oldest.reset();
      for (const akasse of akasser) {
        waiting.set({ akasse }, 0);
        oldest.set({ akasse }, 0);
      }
      for (const queue of queues) {
        waiting.set({ akasse: queue.akasse }, queue.waiting);
        oldest.set({ akasse: queue.akasse }, Math.max(0, (now.getTime() - Date.parse(queue.oldest)) / 1_000));
      }
    },
    serve: (host, port) =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, () => {
          server.off('error', reject);
          const { port: taken } = server.address() as AddressInfo;
          resolve(`http://${host.includes(':') ? `[${host}]` : host}:${taken}/metrics`);
        });
      }),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

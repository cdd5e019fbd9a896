// Clients that each ask one thing after the other, over connections that they keep, and how long they waited. They write
// on the socket itself: clients that cost as much as the service could not ask for more than it can do.

import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { askInTurn, connect } from '../../bench/load/connection.ts';
import type { clientIdentity } from '../../src/cli/world/world.ts';
import { PENSION_SERVICE } from '../../src/contract/names.ts';

/** Milliseconds before a client tries again whose connection has failed. */
const AFTER_FAILURE = 10;

export interface LoopOptions {
  /** How many there are. */
  readonly count: number;
  /** Milliseconds that each waits after an answer. */
  readonly pause?: number;
  readonly path?: string;
  /** What is sent; asked for anew each time when it is a function. */
  readonly body: string | (() => string);
}

/** How long those waited who got the same status, in milliseconds. */
export interface Waits {
  readonly count: number;
  readonly median: number;
  readonly p99: number;
  readonly longest: number;
}

/** What came of a run, by status; 0 is a connection that failed. */
export interface LoopResult {
  readonly byStatus: Readonly<Record<number, Waits>>;
  /** Statuses of 503 that said nothing about when to come again. */
  readonly without: number;
}

/** Makes them; nothing is sent yet, and no connection made. */
export function makeClients(url: string, identity: ReturnType<typeof clientIdentity>, options: LoopOptions) {
  const { count, pause = 0, path = PENSION_SERVICE.path, body } = options;
  const [cert, key, ca] = [identity.cert, identity.key, identity.ca].map((file) =>
    readFileSync(file, 'utf8'),
  );
  const { hostname: host, port } = new URL(url);
  const address = {
    host,
    port: Number(port),
    path,
    soapAction: '',
    tls: { cert: cert!, key: key!, ca: ca! },
  };
  const clients = Array.from({ length: count }, (): { socket?: Socket | undefined } => ({}));

  const start = (): { stop(): Promise<LoopResult> } => {
    const waits = new Map<number, number[]>();
    let isOn = true;
    let without = 0;
    const note = (status: number, milliseconds: number): void => {
      const all = waits.get(status) ?? [];
      waits.set(status, all);
      all.push(milliseconds);
    };
    const ask = async (client: (typeof clients)[number]): Promise<void> => {
      let isLast = false;
      let began = performance.now();
      const next = (): string | undefined => {
        if (!isOn || isLast) return undefined;
        isLast = pause > 0;
        began = performance.now();
        return typeof body === 'string' ? body : body();
      };
      try {
        client.socket ??= await connect(address);
        await askInTurn(client.socket, address, next, ({ status, head }, milliseconds) => {
          note(status, milliseconds);
          if (status === 503 && !/^retry-after:/im.test(head)) without += 1;
          if (!/^connection: *close/im.test(head)) return;
          isLast = true;
          client.socket = undefined; // its server closes it
        });
      } catch {
        note(0, performance.now() - began);
        client.socket?.destroy();
        client.socket = undefined;
        await sleep(AFTER_FAILURE);
      }
    };
    const untilStopped = async (client: (typeof clients)[number]): Promise<void> => {
      while (isOn) {
        await ask(client);
        if (pause > 0) await sleep(pause);
      }
    };
    const done = Promise.all(clients.map(untilStopped));
    return {
      async stop() {
        isOn = false;
        await done;
        const byStatus = Object.fromEntries([...waits].map(([status, all]) => [status, summary(all)]));
        return { byStatus, without };
      },
    };
  };
  return {
    start,
    /** Goes on for so many milliseconds. */
    async run(milliseconds: number): Promise<LoopResult> {
      const running = start();
      await sleep(milliseconds);
      return running.stop();
    },
    close(): void {
      for (const client of clients) {
        client.socket?.destroy();
        client.socket = undefined;
      }
    },
  };
}

function summary(waits: readonly number[]): Waits {
  const sorted = [...waits].sort((one, other) => one - other);
  const at = (part: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))]!;
  return { count: sorted.length, median: at(0.5), p99: at(0.99), longest: at(1) };
}

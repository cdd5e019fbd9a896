// Clients that each ask one thing after the other, over connections that they keep, and how long they waited.

import { readFileSync } from 'node:fs';
import https from 'node:https';
import type { clientIdentity } from '../../src/cli/world/world.ts';
import { PENSION_SERVICE } from '../../src/contract/names.ts';

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

/** Makes them; nothing is sent yet. */
export function makeClients(url: string, identity: ReturnType<typeof clientIdentity>, options: LoopOptions) {
  const { count, pause = 0, path = PENSION_SERVICE.path, body } = options;
  const [cert, key, ca] = [identity.cert, identity.key, identity.ca].map((file) => readFileSync(file));
  const agent = new https.Agent({ keepAlive: true, maxSockets: count, cert: cert!, key: key!, ca: ca! });

  const start = (): { stop(): Promise<LoopResult> } => {
    const waits = new Map<number, number[]>();
    let isOn = true;
    let without = 0;
    const note = (status: number, began: number): void => {
      const all = waits.get(status) ?? [];
      waits.set(status, all);
      all.push(performance.now() - began);
    };
    const ask = (): Promise<void> =>
      new Promise((resolve) => {
        const began = performance.now();
        const headers = { 'Content-Type': 'text/xml; charset=utf-8' };
        const request = https.request(url + path, { agent, method: 'POST', headers }, (response) => {
          const status = response.statusCode ?? 0;
          if (status === 503 && response.headers['retry-after'] === undefined) without += 1;
          response.resume().on('end', () => {
            note(status, began);
            resolve();
          });
          response.on('error', () => resolve());
        });
        request.on('error', () => {
          note(0, began);
          resolve();
        });
        request.end(typeof body === 'string' ? body : body());
      });
    const client = async (): Promise<void> => {
      while (isOn) {
        await ask();
        if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause));
      }
    };
    const done = Promise.all(Array.from({ length: count }, client));
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
      await new Promise((resolve) => setTimeout(resolve, milliseconds));
      return running.stop();
    },
    close: (): void => agent.destroy(),
  };
}

function summary(waits: readonly number[]): Waits {
  const sorted = [...waits].sort((one, other) => one - other);
  const at = (part: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))]!;
  return { count: sorted.length, median: at(0.5), p99: at(0.99), longest: at(1) };
}

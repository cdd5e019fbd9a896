// The real `pension serve` on one store and one port, started, killed and stopped as often as a test wants.

import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type CliResult, type RunningCli, startPension, worldEnv } from './cli.ts';

export type ServedTls = 'on' | 'off';

/** A service that may be up or down. Its port stays its own. */
export class Served {
  readonly world: string;
  /** Address of the store. */
  readonly store: string;
  readonly #port: number;
  readonly #env: Readonly<Record<string, string>>;
  #running: RunningCli | undefined;

  private constructor(world: string, store: string, port: number, env: Readonly<Record<string, string>>) {
    this.world = world;
    this.store = store;
    this.#port = port;
    this.#env = env;
  }

  /** For a demo world and the address of a store; nothing is started. */
  static async make(
    world: string,
    store: string,
    env: Readonly<Record<string, string>> = {},
  ): Promise<Served> {
    return new Served(world, store, await freePort(), env);
  }

  /** Scheme, host and port. */
  url(tls: ServedTls = 'off'): string {
    return `${tls === 'on' ? 'https' : 'http'}://127.0.0.1:${this.#port}`;
  }

  /** Resolves when it listens. */
  async start(tls: ServedTls = 'off'): Promise<void> {
    this.#running = this.#launch(tls);
    await this.#running.sees('stdout', /^listening \S+\n/m);
  }

  /** Starts it, and kills it after so many milliseconds, however far it is then. */
  async startInVain(milliseconds: number, tls: ServedTls = 'off'): Promise<void> {
    const running = this.#launch(tls);
    await sleep(milliseconds);
    running.signal('SIGKILL');
    await running.result;
  }

  #launch(tls: ServedTls): RunningCli {
    return startPension(['serve'], {
      env: {
        ...worldEnv(this.world),
        PENSION_PORT: String(this.#port),
        PENSION_STORE: this.store,
        PENSION_TLS: tls,
        ...this.#env,
      },
    });
  }

  /** Whether what it has logged since it was started matches, or does within so many milliseconds. */
  logs(pattern: RegExp, patience: number): Promise<boolean> {
    const seen = this.#running!.sees('stderr', pattern).then(
      () => true,
      () => false,
    );
    return Promise.race([seen, sleep(patience, false)]);
  }

  /** Sends a signal, and does not wait for what comes of it. */
  signal(signal: 'SIGTERM'): void {
    this.#running!.signal(signal);
  }

  /** Sends the signal now, and resolves when the process has ended. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<CliResult> {
    const running = this.#running!;
    this.#running = undefined;
    running.signal(signal);
    return running.result;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

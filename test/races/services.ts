// Services on one store, each a process of its own, those on PostgreSQL behind a balancer, and how a race against them
// ends: they stop by themselves, and the store that they leave is whole.

import { expect } from 'chai';
import { Balancer } from '../support/balancer.ts';
import { type RunningCli, startServe, worldEnv } from '../support/cli.ts';
import type { AskedOf } from '../support/invariants.ts';
import { demoWorld } from '../support/service.ts';
import { ON_POSTGRES } from './course.ts';
import type { RaceStore } from './race-store.ts';

/** The settings of a service on that store: plain HTTP, and only what is wrong in the log. */
export async function raceEnv({ address }: Pick<RaceStore, 'address'>): Promise<Record<string, string>> {
  return {
    ...worldEnv(await demoWorld()),
    PENSION_STORE: address,
    PENSION_TLS: 'off',
    PENSION_LOG_LEVEL: 'error',
  };
}

/** Some services on one store. */
export class Services {
  readonly #store: RaceStore;
  readonly #running: (RunningCli & { readonly url: string })[] = [];
  #balancer: Balancer | undefined;

  constructor(store: RaceStore) {
    this.#store = store;
  }

  /**
   * Starts so many, each with settings of its own where there are some; gives their addresses, or as many times that of
   * the balancer before them.
   */
  async start(count: number, own: readonly Readonly<Record<string, string>>[] = []): Promise<string[]> {
    const env = await raceEnv(this.#store);
    const started = Array.from({ length: count }, (_, nr) => startServe({ ...env, ...own[nr] }));
    this.#running.push(...(await Promise.all(started)));
    if (this.#store.course !== ON_POSTGRES) return this.own;
    this.#balancer = await Balancer.start(this.own.map((url) => Number(new URL(url).port)));
    return this.own.map(() => `http://127.0.0.1:${this.#balancer!.port}`);
  }

  /** The address of each of them by itself. */
  get own(): string[] {
    return this.#running.map(({ url }) => url);
  }

  /** Stops them; nothing is written any more when this resolves. */
  async end(): Promise<void> {
    for (const { signal } of this.#running) signal('SIGTERM');
    await Promise.all(this.#running.map(({ result }) => result));
    await this.#balancer?.stop();
  }

  /** Stops them; all is well with each, and with the store, after those requests. */
  async stop(asked?: AskedOf): Promise<void> {
    await this.end();
    await allIsWell(this.#store, this.#running, asked);
  }
}

/**
 * Waits for the services to end, and demands that they had nothing to complain of, and that the store holds to every
 * invariant, after those requests where they were counted.
 */
export async function allIsWell(
  store: RaceStore,
  running: readonly RunningCli[],
  asked?: AskedOf,
): Promise<void> {
  for (const { result } of running) {
    const { code, stderr } = await result;
    const complaints = stderr.split('\n').filter((line) => line !== '' && !line.includes('TLS IS OFF'));
    expect({ code, complaints }, 'a service').to.deep.equal({ code: 0, complaints: [] });
  }
  expect(await store.check(asked), 'invariants').to.deep.equal([]);
}

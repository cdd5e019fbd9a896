// Services on one store, each a process of its own, and how a race against them ends: they stop by themselves, and the
// store that they leave is whole.

import path from 'node:path';
import { expect } from 'chai';
import { type RunningCli, startServe, worldEnv } from '../support/cli.ts';
import { type AskedOf, checkInvariants } from '../support/invariants.ts';
import { demoWorld } from '../support/service.ts';
import { tempDir } from '../support/temp.ts';

/** Where the course of a test comes from. */
export const SEED = Number(process.env.PENSION_TEST_SEED || Date.now() % 1_000_000);
export const ROUNDS = Number(process.env.PENSION_TEST_ROUNDS || 100);
export const STARTS = Number(process.env.PENSION_TEST_STARTS || 3);

/** What a failure prints. The same is sent again; who comes first is up to the moment. */
export const replay = `replay it with: make test-races SEED=${SEED} ROUNDS=${ROUNDS} STARTS=${STARTS}`;

/** Lets a failure say where it happened, and how to see it again. */
export async function named<T>(what: string, work: Promise<T>): Promise<T> {
  return work.catch((error: Error) => {
    error.message = `${what}; ${replay}: ${error.message}`;
    throw error;
  });
}

/** The settings of a service on that store: plain HTTP, and only what is wrong in the log. */
export async function raceEnv(store: string): Promise<Record<string, string>> {
  return {
    ...worldEnv(await demoWorld()),
    PENSION_STORE: `sqlite:${store}`,
    PENSION_TLS: 'off',
    PENSION_LOG_LEVEL: 'error',
  };
}

/** Some services on one new store. */
export class Services {
  readonly file = path.join(tempDir(), 'pension.db');
  readonly #running: (RunningCli & { readonly url: string })[] = [];

  /** Starts so many; gives their addresses. */
  async start(count: number): Promise<string[]> {
    const env = await raceEnv(this.file);
    for (let nr = 0; nr < count; nr += 1) this.#running.push(await startServe(env));
    return this.#running.map(({ url }) => url);
  }

  /** Stops them; all is well with each, and with the store, after those requests. */
  async stop(asked: AskedOf): Promise<void> {
    for (const { signal } of this.#running) signal('SIGTERM');
    await allIsWell(this.file, this.#running, asked);
  }
}

/**
 * Waits for the services to end, and demands that they had nothing to complain of, and that the store holds to every
 * invariant, after those requests where they were counted.
 */
export async function allIsWell(
  file: string,
  running: readonly RunningCli[],
  asked?: AskedOf,
): Promise<void> {
  for (const { result } of running) {
    const { code, stderr } = await result;
    const complaints = stderr.split('\n').filter((line) => line !== '' && !line.includes('TLS IS OFF'));
    expect({ code, complaints }, 'a service').to.deep.equal({ code: 0, complaints: [] });
  }
  expect(await checkInvariants(file, asked), 'invariants').to.deep.equal([]);
}

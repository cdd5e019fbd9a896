// The PostgreSQL of the tests: one server for all files of a run, a database of its own for each who asks. Tests that stop
// or restart a server have a private one.

import { dropDatabase, newDatabase } from '../../build/postgres/databases.ts';
import { type PostgresOptions, type PrivatePostgres, startPostgres } from '../../build/postgres/server.ts';
import { leaveOut } from './left-out.ts';

/** A server that somebody else runs and that tests may make databases on; empty counts as none. */
const GIVEN = process.env.PENSION_TEST_PG || undefined;

let shared: Promise<PrivatePostgres> | undefined;
const made: string[] = [];
const running = new Set<PrivatePostgres>();

/** Address of the server of this run: that of `PENSION_TEST_PG`, or a private one, which the first who asks starts. */
export async function serverUrl(): Promise<string> {
  if (GIVEN !== undefined) return GIVEN;
  shared ??= startPostgres();
  return (await shared).url;
}

/** Address of a new, empty database, which is dropped when the tests are done. */
export async function tempDatabase(): Promise<string> {
  const url = await newDatabase(await serverUrl());
  made.push(url);
  return url;
}

/**
 * A private server, for tests that stop it or need other settings. Skips the test, or those behind the hook, where
 * `PENSION_TEST_PG` names a server: that one is nobody's to stop.
 */
export async function privateServer(
  test: Mocha.Context,
  promise: string,
  options: PostgresOptions = {},
): Promise<PrivatePostgres> {
  if (GIVEN !== undefined)
    leaveOut(test, promise, 'the server of PENSION_TEST_PG is not ours to stop or to set');
  const server = await startPostgres(options);
  running.add(server);
  return server;
}

/** Skips where tests have no servers of their own. */
export function needsPrivateServer(test: Mocha.Context, promise: string): void {
  if (GIVEN !== undefined)
    leaveOut(test, promise, 'the server of PENSION_TEST_PG is not ours to stop or to set');
}

/** What the tests have made goes; a process that ends without this leaves it to the keepers of the servers. */
export async function removeServers(): Promise<void> {
  if (GIVEN !== undefined) for (const url of made.splice(0)) await dropDatabase(GIVEN, url);
  for (const server of running) await server.remove();
  if (shared !== undefined) await (await shared).remove();
  running.clear();
  shared = undefined;
}

if (typeof after === 'function') after(removeServers);

// A free port for a server that is stopped and started again on it.

import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Below the ports that a system gives to connections going out: while the server is stopped, such a connection could
 * come to sit on its port.
 */
const FROM = 20_000;
const TO = 32_000;

/** The preferred port where it is free, or another one. */
export async function freePort(preferred?: number): Promise<number> {
  for (let tries = 0, port = preferred; tries < 100; tries++) {
    port ??= FROM + Math.floor(Math.random() * (TO - FROM));
    if (await isFree(port)) return port;
    port = undefined;
  }
  throw new Error(`no free port between ${FROM} and ${TO}`);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}

// Starts what is measured, each as a process of its own that listens on loopback, and stops it.

import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { clientIdentity } from '../../src/cli/world/world.ts';
import { PENSION_SERVICE } from '../../src/contract/names.ts';
import type { Address } from '../load/connection.ts';
import type { Asked } from '../load/messages.ts';
import { end, keepTrackOf, PENSION, within } from '../processes.ts';

/** One of those that are compared, running. */
export interface Peer {
  readonly pid: number;
  readonly port: number;
  address(asked: Asked): Address;
  stop(): Promise<void>;
}

/** How a peer is started. */
export interface PeerOptions {
  /** The folder of a world: certificates and reference data. */
  readonly world: string;
  /** With client certificates, or without TLS. */
  readonly tls: boolean;
  /** What the process is started through, as a command line. */
  readonly through?: readonly string[];
}

const TUTORIAL = fileURLToPath(new URL('tutorial-server.ts', import.meta.url));
const HOST = '127.0.0.1';
/** Milliseconds that a peer has to say where it listens. */
const START_LIMIT = 60_000;

/** The settings of a service on that store: all others are as they are by default. */
export function serviceSettings(store: string, { world, tls }: PeerOptions): Record<string, string> {
  const file = (name: string): string => path.join(world, name);
  return {
    PENSION_HOST: HOST,
    PENSION_PORT: '0',
    PENSION_STORE: store,
    PENSION_ORGANISATIONER: file('organisationer.json'),
    ...(tls
      ? {
          PENSION_TLS_CERT: file('server.pem'),
          PENSION_TLS_KEY: file('server.key'),
          PENSION_TLS_CA: file('ca.pem'),
          PENSION_TLS_CRL: file('crl.pem'),
        }
      : { PENSION_TLS: 'off' }),
  };
}

/** The service as it is installed. */
export const startService = (store: string, options: PeerOptions): Promise<Peer> =>
  start([PENSION, 'serve'], options, serviceSettings(store, options));

/** The baseline: the tutorial's server on that database. */
export const startTutorial = (database: string, options: PeerOptions): Promise<Peer> => {
  const files = ['server.pem', 'server.key', 'ca.pem'].map((name) => path.join(options.world, name));
  return start([TUTORIAL, database, ...(options.tls ? files : [])], options, {});
};

async function start(
  args: readonly string[],
  { world, tls, through = [] }: PeerOptions,
  settings: Readonly<Record<string, string>>,
): Promise<Peer> {
  const [program, ...rest] = [...through, process.execPath, ...args];
  const child = spawn(program!, rest, {
    env: { PATH: process.env.PATH, ...settings },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  keepTrackOf(child);
  try {
    const port = await within(START_LIMIT, 'a start', listening(child));
    return {
      pid: child.pid!,
      port,
      address: (asked) => ({
        host: HOST,
        port,
        path: PENSION_SERVICE.path,
        soapAction: actionOf(asked),
        ...(tls && { tls: identityOf(world) }),
      }),
      stop: () => end(child),
    };
  } catch (error) {
    await end(child);
    throw error;
  }
}

const OPERATION = { save: 'SaveTidligPension', get: 'GetTidligPension' } as const;

const actionOf = (asked: Asked): string =>
  PENSION_SERVICE.operations.find(({ name }) => name === OPERATION[asked])!.soapAction;

/** PEM texts of UDK in that world. */
function identityOf(world: string): NonNullable<Address['tls']> {
  const { cert, key, ca } = clientIdentity(world, 'udk');
  const read = (name: string): string => readFileSync(name, 'utf8');
  return { cert: read(cert), key: read(key), ca: read(ca) };
}

/** The port that a process says it listens on. Rejects when it ends without. */
const listening = (child: ChildProcess): Promise<number> =>
  new Promise((resolve, reject) => {
    let said = '';
    child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const port = /^listening (?:\S*:)?(\d+)$/m.exec(said)?.[1];
      if (port !== undefined) resolve(Number(port));
    });
    child.once('error', reject);
    child.once('exit', (code) =>
      reject(new Error(`${child.spawnargs.join(' ')} ended with ${code} at its start`)),
    );
  });

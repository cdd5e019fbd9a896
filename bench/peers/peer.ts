// Starts what is measured, each as a process of its own that listens on loopback, and stops it.

import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { clientIdentity } from '../../src/cli/world/world.ts';
import { PENSION_SERVICE } from '../../src/contract/names.ts';
import type { Address } from '../load/connection.ts';
import type { Asked } from '../load/messages.ts';

/** One of those that are compared, running. */
export interface Peer {
  readonly pid: number;
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

const PENSION = fileURLToPath(new URL('../../bin/pension.js', import.meta.url));
const TUTORIAL = fileURLToPath(new URL('tutorial-server.ts', import.meta.url));

/** The service as it is installed, with its settings as they are unless something speaks against it. */
export const startService = (store: string, options: PeerOptions): Promise<Peer> => {
  const file = (name: string): string => path.join(options.world, name);
  const tls = {
    PENSION_TLS_CERT: file('server.pem'),
    PENSION_TLS_KEY: file('server.key'),
    PENSION_TLS_CA: file('ca.pem'),
    PENSION_TLS_CRL: file('crl.pem'),
  };
  return start([...(process.env.PROF ? ['--cpu-prof','--cpu-prof-dir=/tmp/prof'] : []), PENSION, 'serve'], options, {
    PENSION_HOST: '127.0.0.1',
    PENSION_PORT: '0',
    PENSION_STORE: store,
    PENSION_ORGANISATIONER: file('organisationer.json'),
    ...(options.tls ? tls : { PENSION_TLS: 'off' }),
    ...(store.startsWith('postgres') && { PENSION_STORE_DURABILITY: 'required' }),
  });
};

/** The tutorial's server on that database. */
export const startTutorial = (database: string, options: PeerOptions): Promise<Peer> => {
  const files = ['server.pem', 'server.key', 'ca.pem'].map((name) => path.join(options.world, name));
  return start([TUTORIAL, database, ...(options.tls ? files : [])], options, {});
};

async function start(
  args: readonly string[],
  { world, tls, through = [] }: PeerOptions,
  env: Readonly<Record<string, string>>,
): Promise<Peer> {
  const [program, ...rest] = [...through, process.execPath, ...args];
  const child = spawn(program!, rest, {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const port = await Promise.race([
    listening(child),
    ended.then(() => Promise.reject(new Error(`${args[0]} did not start`))),
  ]);
  const read = (name: string): string => readFileSync(name, 'utf8');
  const identity = clientIdentity(world, 'udk');
  const files = tls && { cert: read(identity.cert), key: read(identity.key), ca: read(identity.ca) };
  return {
    pid: child.pid!,
    address: (asked) => ({
      host: '127.0.0.1',
      port,
      path: PENSION_SERVICE.path,
      soapAction: PENSION_SERVICE.operations[asked === 'save' ? 0 : 1]!.soapAction,
      ...(files && { tls: files }),
    }),
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** The port that a process says it listens on. */
const listening = (child: ChildProcess): Promise<number> =>
  new Promise((resolve) => {
    let said = '';
    child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const port = /listening \D*(?:\d+\.\d+\.\d+\.\d+:)?(\d+)\s/.exec(said)?.[1];
      if (port !== undefined) resolve(Number(port));
    });
  });

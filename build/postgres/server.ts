// A private PostgreSQL: made in a folder of its own, on loopback only, and taken away with the process that started it.

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { findBinaries } from './binaries.ts';
import { makeFolder, type ServerFolder } from './folder.ts';
import { type Keeper, startKeeper } from './keeper.ts';
import { freePort } from './port.ts';
import { SERVER_ENV, writeAs } from './user.ts';

/** The role that tests and the demo have: it may make databases, and is no superuser. Nobody else may connect. */
export const ROLE = 'pension';

export type PostgresSettings = Readonly<Record<string, string | number>>;

export interface PostgresOptions {
  /** Settings of the server, for instance `{ fsync: 'off' }`. */
  readonly settings?: PostgresSettings;
  /** A folder that stays when the server has gone, and is used again; without it a new one in the temporary folder. */
  readonly dir?: string;
  /** By default a random password is asked for. `trust` asks for none: anybody on this machine may come in. */
  readonly auth?: 'scram-sha-256' | 'trust';
  /** The port, if it is free. */
  readonly port?: number;
}

export interface PrivatePostgres {
  /** Address of the database `postgres`, for the role that may make others. It stays the same. */
  readonly url: string;
  readonly port: number;
  /** Its folder: the data, the log, its settings. */
  readonly dir: string;
  /** Process of the server; undefined while it is stopped. */
  readonly pid: number | undefined;
  readonly major: number;
  /** Stops it in order: connections are ended, everything is written. */
  stop(): Promise<void>;
  /** Stops it as a crash would: the next start has to recover. */
  stopImmediately(): Promise<void>;
  /** Starts it again on the same data and port, with other settings if some are given. */
  start(settings?: PostgresSettings): Promise<void>;
  /** Stops it, if it runs, and removes its folder, if that is a temporary one. */
  remove(): Promise<void>;
  /** What the server has logged so far. */
  log(): string;
}

/** What holds where nothing else is asked for. The three that make a commit last are PostgreSQL's own defaults. */
const SETTINGS: PostgresSettings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  max_connections: 200,
  shared_buffers: '32MB',
  password_encryption: 'scram-sha-256',
  log_timezone: 'UTC',
};

const START_LIMIT = 60_000;
const run = promisify(execFile);

/** Makes and starts a server. Rejects with the end of its log where it does not start. */
export async function startPostgres(options: PostgresOptions = {}): Promise<PrivatePostgres> {
  const binaries = findBinaries();
  if (binaries === undefined) throw new Error('There is no PostgreSQL here: node build/postgres/install.ts');
  const auth = options.auth ?? 'scram-sha-256';
  const password = auth === 'trust' ? '' : randomBytes(12).toString('hex');
  const folder = makeFolder(binaries, options.dir);
  const keeper = startKeeper(folder.bin, folder.dir, options.dir !== undefined, folder.user);
  try {
    const isNew = !existsSync(path.join(folder.dir, 'data'));
    if (isNew) await initialize(folder, auth, password, options.dir !== undefined);
    const port = await freePort(options.port);
    const server = new Server(folder, keeper, binaries.major, port, password, options);
    await server.start();
    return server;
  } catch (error) {
    await keeper.release();
    throw error;
  }
}

/** Makes the data, whole or not at all: a folder half made is not taken for one. */
async function initialize(
  { dir, bin, user }: ServerFolder,
  auth: string,
  password: string,
  keep: boolean,
): Promise<void> {
  const data = path.join(dir, 'data.new');
  const at = { ...user, cwd: dir, env: SERVER_ENV };
  await run('rm', ['-rf', data], at);
  const locale = ['--encoding=UTF8', '--no-locale', '--data-checksums'];
  await run(
    path.join(bin, 'initdb'),
    ['-D', data, '-U', 'postgres', '--auth=trust', '--no-instructions', '--no-sync', ...locale],
    at,
  );
  // The superuser is never let in: the role is made while nobody can connect.
  const single = run(path.join(bin, 'postgres'), ['--single', '-j', '-D', data, 'postgres'], at);
  single.child.stdin!.end(`CREATE ROLE ${ROLE} LOGIN CREATEDB${password && ` PASSWORD '${password}'`};\n\n`);
  await single;
  const own = (name: string, text: string): void => writeAs(user, path.join(data, name), text);
  own('pg_hba.conf', `host all ${ROLE} 127.0.0.1/32 ${auth}\n`);
  const ofInitdb = readFileSync(path.join(data, 'postgresql.conf'), 'utf8');
  own('postgresql.conf', `${ofInitdb}\ninclude '../settings.conf'\n`);
  // One flush at the end, instead of one for each file; data that go with the process need none to begin with.
  if (keep) await run(path.join(bin, 'initdb'), ['-D', data, '--sync-only'], at);
  await run('mv', [data, path.join(dir, 'data')], at);
}

class Server implements PrivatePostgres {
  readonly url: string;
  readonly port: number;
  readonly dir: string;
  readonly major: number;
  readonly #folder: ServerFolder;
  readonly #keeper: Keeper;
  readonly #stays: boolean;
  #settings: PostgresSettings;
  #process: ChildProcess | undefined;

  constructor(
    folder: ServerFolder,
    keeper: Keeper,
    major: number,
    port: number,
    password: string,
    { settings = {}, dir }: PostgresOptions,
  ) {
    this.#folder = folder;
    this.#keeper = keeper;
    this.#stays = dir !== undefined;
    this.#settings = settings;
    this.major = major;
    this.port = port;
    this.dir = folder.dir;
    this.url = `postgres://${ROLE}${password && `:${password}`}@127.0.0.1:${port}/postgres`;
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  log(): string {
    return readFileSync(path.join(this.#folder.dir, 'log'), 'utf8');
  }

  async start(settings = this.#settings): Promise<void> {
    if (this.#process !== undefined) throw new Error('the server runs already');
    this.#settings = settings;
    const { dir, bin, user } = this.#folder;
    const all = Object.entries({ ...SETTINGS, port: this.port, ...settings });
    const lines = all.map(([name, value]) => `${name} = '${value}'\n`);
    writeAs(user, path.join(dir, 'settings.conf'), lines.join(''));
    // A session of its own, as the keeper has.
    const program = [path.join(bin, 'postgres'), path.join(dir, 'data')];
    const server = spawn('sh', ['-c', 'exec "$0" -D "$1" >>log 2>&1', ...program], {
      ...user,
      cwd: dir,
      env: SERVER_ENV,
      detached: true,
      stdio: 'ignore',
    });
    server.unref();
    this.#process = server;
    server.once('exit', () => {
      if (this.#process === server) this.#process = undefined;
    });
    const until = Date.now() + START_LIMIT;
    while (!this.#isReady()) {
      if (this.#process !== server || Date.now() > until) {
        await this.stopImmediately();
        throw new Error(`PostgreSQL did not start:\n${this.log().split('\n').slice(-12).join('\n')}`);
      }
      await sleep(20);
    }
  }

  /** The server says itself in this file whether it takes connections. */
  #isReady(): boolean {
    const file = path.join(this.#folder.dir, 'data/postmaster.pid');
    if (!existsSync(file)) return false;
    const lines = readFileSync(file, 'utf8').split('\n');
    return Number(lines[0]) === this.pid && lines[7]?.trim() === 'ready';
  }

  stop = (): Promise<void> => this.#end('SIGINT');
  stopImmediately = (): Promise<void> => this.#end('SIGQUIT');

  async #end(signal: NodeJS.Signals): Promise<void> {
    const server = this.#process;
    if (server === undefined) return;
    server.ref();
    const ended = once(server, 'exit');
    server.kill(signal);
    await ended;
  }

  async remove(): Promise<void> {
    // What goes with its folder need not be written first: that may take minutes on a busy disk.
    await (this.#stays ? this.stop() : this.stopImmediately());
    await this.#keeper.release();
  }
}

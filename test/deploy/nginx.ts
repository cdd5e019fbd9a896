// A real nginx with the repository's own site, changed only in what a test cannot have: ports, paths and the user.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { PACKAGE_ROOT } from '../../src/cli/contract-files.ts';
import { clientIdentity } from '../../src/cli/world/world.ts';
import { tempDir } from '../support/temp.ts';

const SITE = fileURLToPath(new URL('deploy/nginx/pension.conf', PACKAGE_ROOT));
/** What install.sh has fetched, with the libraries beside it. */
const FETCHED = fileURLToPath(new URL('.nginx/', PACKAGE_ROOT));
const LIBRARIES = `${FETCHED}usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu`;
/** Debian keeps it where only root looks. */
const PLACES: readonly { readonly program: string; readonly env?: NodeJS.ProcessEnv }[] = [
  { program: 'nginx' },
  { program: '/usr/sbin/nginx' },
  { program: `${FETCHED}usr/sbin/nginx`, env: { ...process.env, LD_LIBRARY_PATH: LIBRARIES } },
];
const PORTS = [8081, 8082, 8083];
/** Milliseconds in which it must listen. */
const PATIENCE = 10_000;

/** The nginx of this machine; undefined where there is none. */
export const nginxHere = PLACES.find(({ program, env }) => spawnSync(program, ['-v'], { env }).status === 0);

const started = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of started) child.kill('SIGKILL');
});

/** Changes a line that must be there. */
export type Change = readonly [line: string, changed: string];

/** A running nginx. */
export class Nginx {
  readonly url: string;
  readonly folder: string;
  readonly #child: ChildProcess;

  private constructor(url: string, folder: string, child: ChildProcess) {
    this.url = url;
    this.folder = folder;
    this.#child = child;
  }

  /** Starts one for a demo world, in front of processes on these ports. Rejects with what it said when it does not start. */
  static async start(
    world: string,
    ports: readonly number[],
    changes: readonly Change[] = [],
  ): Promise<Nginx> {
    const folder = tempDir();
    const port = await freePort();
    writeFileSync(path.join(folder, 'pension.conf'), siteFor(folder, world, port, ports, changes));
    writeFileSync(path.join(folder, 'nginx.conf'), mainFor(folder));
    mkdirSync(path.join(folder, 'temp'));
    chmodSync(folder, 0o700);
    const child = spawn(
      nginxHere!.program,
      ['-e', 'error.log', '-p', folder, '-c', path.join(folder, 'nginx.conf')],
      {
        stdio: 'inherit',
        ...(nginxHere!.env && { env: nginxHere!.env }),
      },
    );
    started.add(child);
    child.once('exit', () => started.delete(child));
    const nginx = new Nginx(`https://127.0.0.1:${port}`, folder, child);
    await nginx.#listens();
    return nginx;
  }

  /** A log file of it. */
  log(name: 'access.log' | 'pension-error.log' | 'error.log'): string {
    return readFileSync(path.join(this.folder, name), 'utf8');
  }

  /** Lets calls under way end, then ends. */
  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    if (this.#child.exitCode !== null || !this.#child.kill('SIGQUIT')) return;
    await Promise.race([ended, sleep(5_000).then(() => this.#child.kill('SIGTERM'))]);
    await ended;
  }

  async #listens(): Promise<void> {
    for (const until = performance.now() + PATIENCE; performance.now() < until; await sleep(20)) {
      if (this.#child.exitCode !== null) break;
      const health = await fetch(this.url.replace('https', 'http')).catch(() => undefined);
      if (health !== undefined) return; // 400: plain HTTP to a TLS port
    }
    throw new Error(`nginx does not serve: ${this.log('error.log')}`);
  }
}

/** The site with its exactly named lines changed; throws where one is not there. */
function siteFor(
  folder: string,
  world: string,
  port: number,
  ports: readonly number[],
  changes: readonly Change[],
): string {
  const { cert, key, ca } = clientIdentity(world, 'server');
  const all: Change[] = [
    // Of each process: where calls go in four groups, and the file that keeps them away.
    ...PORTS.flatMap((own, at): Change[] => [
      [`    server 127.0.0.1:${own} `, `    server 127.0.0.1:${ports[at]} `],
      [`/run/pension/out-${own}`, path.join(folder, `out-${ports[at]}`)],
    ]),
    ['    listen 443 ssl;\n', `    listen 127.0.0.1:${port} ssl;\n`],
    ['    listen [::]:443 ssl;\n', ''],
    ['/var/log/nginx/pension.log', path.join(folder, 'access.log')],
    ['/var/log/nginx/pension-error.log', path.join(folder, 'pension-error.log')],
    ['/etc/pension/server.pem', cert],
    ['/etc/pension/server.key', key],
    ['/etc/pension/ca.pem', ca],
    ...changes,
  ];
  return all.reduce(
    (site, [line, changed]) => {
      if (!site.includes(line)) throw new Error(`deploy/nginx/pension.conf has no: ${line}`);
      return site.replaceAll(line, () => changed);
    },
    readFileSync(SITE, 'utf8'),
  );
}

/** What Debian's own nginx.conf has around it. */
function mainFor(folder: string): string {
  const kinds = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return [
    ...(process.getuid?.() === 0 ? ['user root;'] : []),
    'daemon off;',
    'worker_processes 2;',
    `pid ${folder}/nginx.pid;`,
    `error_log ${folder}/error.log info;`,
    'events { worker_connections 1024; }',
    'http {',
    ...kinds.map((kind) => `  ${kind}_temp_path ${folder}/temp/${kind};`),
    `  include ${folder}/pension.conf;`,
    '}',
    '',
  ].join('\n');
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

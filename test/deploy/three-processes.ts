// Three processes of the service on one store behind nginx, each stopped and started as its systemd unit does it.

import { resolveTarget, type Target } from '../../src/cli/client/target.ts';
import { Served } from '../support/served.ts';
import { type Change, Nginx } from './nginx.ts';
import { runLine } from './unit.ts';

const ENV = {
  PENSION_TLS: 'proxy',
  PENSION_PUBLIC_URL: 'https://pension.example.dk',
  PENSION_LOG_LEVEL: 'error',
};

export class ThreeProcesses {
  readonly nginx: Nginx;
  readonly world: string;
  readonly processes: readonly Served[];

  private constructor(nginx: Nginx, world: string, processes: readonly Served[]) {
    this.nginx = nginx;
    this.world = world;
    this.processes = processes;
  }

  /** Starts them on the store of that address. */
  static async start(
    world: string,
    store: string,
    env: Readonly<Record<string, string>> = {},
    changes: readonly Change[] = [],
  ): Promise<ThreeProcesses> {
    const processes: Served[] = [];
    for (let at = 0; at < 3; at += 1) processes.push(await Served.make(world, store, { ...ENV, ...env }));
    await Promise.all(processes.map((process) => process.start()));
    const nginx = await Nginx.start(world, processes.map(portOf), changes);
    return new ThreeProcesses(nginx, world, processes);
  }

  /** The whole of it, as a client of that system sees it. */
  target(as: string): Target {
    return resolveTarget({ url: this.nginx.url, as, world: this.world });
  }

  /** `systemctl restart` of one of them. */
  async restart(at: number): Promise<void> {
    await this.stop(at);
    await this.processes[at]!.start();
    await runLine('ExecStartPost', this.port(at), this.nginx.folder);
  }

  /** `systemctl stop` of one of them. Rejects when it does not end well. */
  async stop(at: number): Promise<void> {
    await runLine('ExecStop', this.port(at), this.nginx.folder);
    const { code, signal } = await this.processes[at]!.end('SIGTERM');
    if (code !== 0) throw new Error(`process ${at} ended with ${code ?? signal}`);
  }

  /** One that was killed, started again. */
  async startAgain(at: number): Promise<void> {
    await this.processes[at]!.start();
  }

  /** Ends everything that is up. */
  async close(up: readonly number[] = [0, 1, 2]): Promise<void> {
    await this.nginx.stop();
    await Promise.all(up.map((at) => this.processes[at]!.end('SIGTERM')));
  }

  port(at: number): number {
    return portOf(this.processes[at]!);
  }
}

const portOf = (served: Served): number => Number(new URL(served.url()).port);

// `pension init DIR`: makes a demo world.

import path from 'node:path';
import type { Command } from 'commander';
import { systemPorts } from '../../domain/ports.ts';
import { CommandFailed, say } from '../outcome.ts';
import { makeWorld, WorldBusyError, WorldExistsError, WorldPathError } from '../world/world.ts';

/** Adds the command. */
export function addInit(program: Command): void {
  program
    .command('init')
    .description('make a demo world: certificates, reference data, memberships, settings')
    .argument('<dir>', 'folder to make it in')
    .addHelpText(
      'after',
      '\nExample:\n  pension init world && set -a && . world/env && set +a &&\n    pension import medlemskaber world/medlemskaber.csv && pension serve',
    )
    .action(async (dir: string) => {
      const { files } = await initWorld(dir);
      for (const file of files) process.stdout.write(`${file}\n`);
      say(
        `A demo world is in ${dir}. Serve it with: set -a; . ${path.join(dir, 'env')}; set +a; pension import medlemskaber ${path.join(dir, 'medlemskaber.csv')}; pension serve`,
      );
    });
}

/** Makes the world; what stands in its way becomes a failed command. */
export async function initWorld(dir: string): Promise<{ files: string[] }> {
  try {
    return await makeWorld(dir, { now: systemPorts.now() });
  } catch (error) {
    if (
      error instanceof WorldExistsError ||
      error instanceof WorldBusyError ||
      error instanceof WorldPathError
    ) {
      throw new CommandFailed(error.message);
    }
    if ((error as NodeJS.ErrnoException).syscall !== undefined) {
      throw new CommandFailed(`The demo world cannot be made in ${dir} (${(error as Error).message}).`);
    }
    throw error;
  }
}

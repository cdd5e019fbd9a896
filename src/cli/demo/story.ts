// The story that the demo tells, command by command: every line behind a `$` can be typed again as it stands.

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';
import { datoI } from '../../domain/dato.ts';
import { systemPorts } from '../../domain/ports.ts';
import { shownAddress } from '../../store/open-store.ts';
import { DEFAULT_URL, DEFAULT_WORLD } from '../client/target.ts';
import { PACKAGE_ROOT } from '../contract-files.ts';
import { demoBorgere } from '../world/demo-borgere.ts';
import { writeAnnullering } from './annullering.ts';
import { FLYTNING, writeFlytning } from './flytning.ts';
import { beskedLines, countBeskeder, receiptLines } from './show-files.ts';

/** Runs a command line of this program and gives its exit code. */
export type Run = (argv: readonly string[]) => Promise<number>;

/** The world that the story happens in, and the service on it. */
export interface Stage {
  readonly dir: string;
  /** Scheme, host and port. */
  readonly url: string;
  /** Address of its store: what the world's own settings say, unless the user has chosen another. */
  readonly store: string;
  readonly run: Run;
}

const show = (text: string): void => void process.stdout.write(`${text}\n`);

/** The path of a file of the package, as seen from here. */
export const inPackage = (file: string): string =>
  path.relative(process.cwd(), fileURLToPath(new URL(file, PACKAGE_ROOT)));

/** What a client command needs to find the demo; nothing where it is where clients look by themselves. */
export const clientOptions = ({ url, dir }: Pick<Stage, 'url' | 'dir'>): string[] => [
  ...(url === DEFAULT_URL ? [] : ['--url', url]),
  ...(dir === DEFAULT_WORLD ? [] : ['--world', dir]),
];

/** Tells the story. What a service that has been through it before answers differently is part of it. */
export async function tell(stage: Stage): Promise<void> {
  const { dir, run } = stage;
  const at = clientOptions(stage);
  const inWorld = (file: string): string => path.join(dir, file);
  const command = async (...argv: string[]): Promise<void> => {
    show(`$ npx pension ${argv.join(' ')}`);
    await ended(run(argv));
  };
  const poll = async (akasse: string): Promise<void> => {
    const file = inWorld(`beskeder-${akasse}.jsonl`);
    const before = countBeskeder(file);
    await command('akasse', 'poll', '--as', akasse, '--out', file, ...at);
    const lines = beskedLines(file, before);
    show(lines === '' ? `Nothing new; ${file} has what came before.\n` : `New in ${file}:\n\n${lines}`);
  };

  show('# 1. UDK reports a batch of decisions.\n');
  const receipts = inWorld('receipts.csv');
  await command('udk', 'send', inPackage(BATCH), '--receipts', receipts, '--as', 'udk', ...at);
  show(`What became of each line (${receipts}):\n\n${receiptLines(receipts)}`);

  show('# 2. Two a-kasser fetch what is for them, each besked once.\n');
  await poll(FLYTNING.fra);
  await poll(FLYTNING.til);

  const { personnummer } = demoBorgere.flytter;
  show(
    `# 3. A member of ${FLYTNING.fra} moves to ${FLYTNING.til}: the register says so, and who may read changes with it.\n`,
  );
  await onStore(stage, 'import', 'medlemskaber', writeFlytning(dir, datoI(systemPorts.now())));
  await command('call', 'get', personnummer, '--as', FLYTNING.til, ...at);
  await command('call', 'get', personnummer, '--as', FLYTNING.fra, ...at);

  show(`# 4. UDK annuls the forløb. ${FLYTNING.til} hears of it, as an Update with neither block.\n`);
  await command('call', 'save', writeAnnullering(dir), '--as', 'udk', ...at);
  await poll(FLYTNING.til);

  show('# 5. The operators see who fetches, and for whom beskeder wait.\n');
  await onStore(stage, 'outbox');
}

/** The batch that the demo sends. */
export const BATCH = 'fixtures/world/udk-batch.csv';

/** A command that opens the store has a process of its own, as it would have beside a service. */
async function onStore(stage: Stage, ...argv: string[]): Promise<void> {
  show(`$ ${withSettings(stage, argv.join(' '))}`);
  await ended(
    new Promise<number>((resolve, reject) => {
      const child = spawn(
        process.execPath,
        [fileURLToPath(new URL('bin/pension.js', PACKAGE_ROOT)), ...argv],
        {
          stdio: ['ignore', 'inherit', 'inherit'],
        },
      );
      child.on('error', reject);
      child.on('close', (code) => resolve(code ?? 1));
    }),
  );
}

/** A command line with the settings of the demo world, on the store of this demo. No password is in it. */
export function withSettings({ dir, store }: Pick<Stage, 'dir' | 'store'>, line: string): string {
  const env = path.join(dir, 'env');
  const isOfWorld = parseEnv(readFileSync(env, 'utf8')).PENSION_STORE === store;
  const chosen = isOfWorld ? '' : `PENSION_STORE='${shownAddress(store)}'; `;
  return `(set -a; . ${env}; ${chosen}npx pension ${line})`;
}

/** A refusal is part of the story. */
async function ended(running: Promise<number>): Promise<void> {
  const code = await running;
  show(code === 0 ? '' : `(exit code ${code})\n`);
}

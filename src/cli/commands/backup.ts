// `pension backup FILE`: a copy of the store in one verified file, made while the service serves.

import { constants, setPriority } from 'node:os';
import type { Command } from 'commander';
import { contentsJson, contentsText } from '../backup/contents.ts';
import { type Backup, makeBackup } from '../backup/make.ts';
import { checkText, failed } from '../backup/verified.ts';
import { say } from '../outcome.ts';
import { readSome } from '../some-settings.ts';

/** Adds the command. */
export function addBackup(program: Command): void {
  program
    .command('backup')
    .description('copy the store into one verified file, while the service serves')
    .argument('<file>', 'the file to make, readable by its owner only')
    .option('--replace', 'a file of that name is replaced, once the new one is whole')
    .option('--anyway', 'make it also of a store that does not pass a check')
    .option('--json', 'print what it holds as JSON')
    .addHelpText(
      'after',
      `
Every Save that was answered before the command began is in it. Calls go on meanwhile, a little slower. The file appears
under its name when it has been verified and is on the disk; until then it is FILE.partial. Note the last seal and the
SHA-256 somewhere else: they tell whether it is still the same when it is needed.

The store is that of the settings (see pension serve --help), and is in a file. A store on PostgreSQL is backed up with
PostgreSQL's own tools: docs/deployment.md says how.

Example:
  pension backup /backup/pension-$(date +%F).db`,
    )
    .action(backup);
}

interface Options {
  readonly replace?: boolean;
  readonly anyway?: boolean;
  readonly json?: boolean;
}

async function backup(
  file: string,
  { replace = false, anyway = false, json = false }: Options,
): Promise<void> {
  // The calls of the service come first: it copies and verifies with what they leave of the machine.
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  const made = await makeBackup({
    address: readSome(process.env, 'PENSION_STORE').PENSION_STORE,
    file,
    replace,
    anyway,
    onCheck: (check) => {
      if (!check.ok) say(checkText(check).trimEnd());
    },
  });
  process.stdout.write(json ? `${JSON.stringify(asJson(file, made))}\n` : asText(file, made));
}

const asJson = (file: string, { bytes, sha256, contents, checks }: Backup) => ({
  file,
  bytes,
  sha256,
  ...contentsJson(contents),
  failed: failed(checks),
});

const asText = (file: string, { bytes, sha256, contents, checks }: Backup): string =>
  `${file}\n${contentsText(contents)}size        ${bytes} bytes\nsha256      ${sha256}\nverified    ${verdict(checks)}\n`;

const verdict = (checks: Backup['checks']): string => {
  const bad = failed(checks);
  return bad.length === 0 ? `${checks.length} checks OK` : `does not pass ${bad.join(', ')}`;
};

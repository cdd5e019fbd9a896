// `pension restore FILE`: puts a backup where the store is kept.

import type { Command } from 'commander';
import { readNotedSeal } from '../audit/noted-seal.ts';
import { contentsJson, contentsText, sealText } from '../backup/contents.ts';
import { type Restored, restore } from '../backup/restore.ts';
import { checkText, failed } from '../backup/verified.ts';
import { say } from '../outcome.ts';
import { readSome } from '../some-settings.ts';

/** Adds the command. */
export function addRestore(program: Command): void {
  program
    .command('restore')
    .description('put a backup where the store is kept, while no service runs')
    .argument('<file>', 'a backup; it is not changed')
    .option('--replace', 'a store that is there is put aside, under a name of its own, and kept')
    .option('--seal <nr:hash>', 'and only if the audit trail in it holds a seal that was noted elsewhere')
    .option('--anyway', 'restore it also when it does not pass a check')
    .option('--json', 'print what was done as JSON')
    .addHelpText(
      'after',
      `
The backup is verified first, and brought to the schema of this program if it is older. At every moment the old store
or the new one is in the place, whole. What came after the backup is not in it: docs/operations.md says what to do.

The place is that of the settings (see pension serve --help), and is in a file. For a store on PostgreSQL see
docs/deployment.md.

Example:
  pension restore /backup/pension-2026-11-23.db --replace`,
    )
    .action(restoreCommand);
}

interface Options {
  readonly replace?: boolean;
  readonly seal?: string;
  readonly anyway?: boolean;
  readonly json?: boolean;
}

async function restoreCommand(
  file: string,
  { replace = false, seal, anyway = false, json = false }: Options,
): Promise<void> {
  const restored = await restore({
    file,
    address: readSome(process.env, 'PENSION_STORE').PENSION_STORE,
    replace,
    anyway,
    noted: seal === undefined ? undefined : readNotedSeal(seal),
    onCheck: (check) => {
      if (!check.ok) say(checkText(check).trimEnd());
    },
  });
  process.stdout.write(json ? `${JSON.stringify(asJson(file, restored))}\n` : asText(file, restored));
}

const asJson = (file: string, { store, bytes, sha256, contents, checks, aside }: Restored) => ({
  file,
  bytes,
  sha256,
  store,
  ...contentsJson(contents),
  failed: failed(checks),
  aside:
    aside === undefined ? null : { file: aside.file, ...(aside.contents && contentsJson(aside.contents)) },
});

const asText = (file: string, { store, sha256, contents, aside }: Restored): string =>
  `${store} is restored from ${file}\n${contentsText(contents)}sha256      ${sha256}\n${asideText(aside)}`;

function asideText(aside: Restored['aside']): string {
  if (aside === undefined) return '';
  const { file, contents } = aside;
  if (contents === undefined) return `put aside   ${file} (it could not be read)\n`;
  return `put aside   ${file}, which goes up to audit entry ${contents.entries}, seal ${sealText(contents) ?? '(none)'}\n`;
}

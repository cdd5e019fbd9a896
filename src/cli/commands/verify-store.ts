// `pension verify-store [STORE]`: holds a store, or a backup of one, to the invariants of the promises.

import type { Command } from 'commander';
import { addressOf } from '../../store/open-store.ts';
import { StoreError } from '../../store/store.ts';
import { readNotedSeal } from '../audit/noted-seal.ts';
import { contentsJson, contentsText } from '../backup/contents.ts';
import { checkText, failed, verified } from '../backup/verified.ts';
import { CommandFailed } from '../outcome.ts';
import { readSome } from '../some-settings.ts';

/** Adds the command. */
export function addVerifyStore(program: Command): void {
  program
    .command('verify-store')
    .description('hold a store, or a backup, to the invariants: each line OK or FAIL with what is wrong')
    .argument('[store]', 'a file, or an address as in PENSION_STORE; without it the store of the settings')
    .option('--seal <nr:hash>', 'and that the audit trail holds a seal that was noted elsewhere')
    .option('--json', 'print what was found as JSON')
    .addHelpText(
      'after',
      `
It only reads, and sees the store as it was when it began; the service may go on. What is wrong is named by its
identifier, the first ten of each kind, never with a personnummer. The exit code is 0 when every line is OK, else 1.

Example:
  pension verify-store /backup/pension-2026-11-23.db`,
    )
    .action(verifyStore);
}

async function verifyStore(
  named: string | undefined,
  { seal, json = false }: { readonly seal?: string; readonly json?: boolean },
): Promise<void> {
  const noted = seal === undefined ? undefined : readNotedSeal(seal);
  const address =
    named === undefined ? readSome(process.env, 'PENSION_STORE').PENSION_STORE : asAddress(named);
  const { checks, contents } = await verified(address, {
    noted,
    onCheck: (check) => {
      if (!json) process.stdout.write(checkText(check));
    },
  }).catch((error: unknown) => {
    if (named === undefined || !(error instanceof StoreError)) throw error;
    throw new CommandFailed(error.message.replace(/^PENSION_STORE: /, ''));
  });
  const bad = failed(checks);
  if (json)
    process.stdout.write(`${JSON.stringify({ ok: bad.length === 0, ...contentsJson(contents), checks })}\n`);
  else process.stdout.write(`\n${contentsText(contents)}`);
  if (bad.length > 0)
    throw new CommandFailed(`${bad.length} of ${checks.length} checks are FAIL: ${bad.join(', ')}.`);
}

/** An address names its database first; anything else is a file. */
const asAddress = (named: string): string => (/^[a-z]{2,}:/.test(named) ? named : addressOf(named));

// `pension doctor`: checks what the service needs, and says what to do about each thing that is not well.

import type { Command } from 'commander';
import { describeFinding } from '../doctor/check.ts';
import { examine } from '../doctor/examine.ts';
import { thisMachine } from '../doctor/machine.ts';
import { CommandFailed } from '../outcome.ts';

/** Adds the command. */
export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description('check certificates, store, settings, clock: each line OK or FAIL with the remedy')
    .option('--json', 'print the findings as a JSON array of {check, ok, says, remedy}')
    .addHelpText(
      'after',
      `
Give it the settings of the service and run it as the user of the service, whether that runs or not. It changes
nothing. The exit code is 0 when every line is OK, and 1 when any is FAIL.

Example:
  set -a && . world/env && set +a && pension doctor`,
    )
    .action(doctor);
}

async function doctor({ json = false }: { json?: boolean }): Promise<void> {
  const findings = await examine(thisMachine());
  process.stdout.write(
    json
      ? `${JSON.stringify(findings)}\n`
      : findings.map((finding) => `${describeFinding(finding)}\n`).join(''),
  );
  const failed = findings.filter(({ ok }) => !ok).length;
  if (failed > 0)
    throw new CommandFailed(`${failed} of ${findings.length} findings are FAIL; each names its remedy.`);
}

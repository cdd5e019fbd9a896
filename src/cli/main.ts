// The command `pension`: every subcommand, its help and its exit codes.

import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { maskPersonnumre } from '../contract/mask.ts';
import { StoreError, StoreFailingError } from '../store/store.ts';
import { addAccess } from './commands/access.ts';
import { addAkasse } from './commands/akasse-poll.ts';
import { addAudit } from './commands/audit.ts';
import { addBackup } from './commands/backup.ts';
import { addCall } from './commands/call.ts';
import { addDemo } from './commands/demo.ts';
import { addDoctor } from './commands/doctor.ts';
import { addImport } from './commands/import-medlemskaber.ts';
import { addInit } from './commands/init.ts';
import { addMedlemskab } from './commands/medlemskab-show.ts';
import { addOutbox } from './commands/outbox.ts';
import { addRestore } from './commands/restore.ts';
import { addServe } from './commands/serve.ts';
import { addStore } from './commands/store.ts';
import { addUdk } from './commands/udk-send.ts';
import { addVerifyStore } from './commands/verify-store.ts';
import { PACKAGE_ROOT } from './contract-files.ts';
import { CommandFailed, EXIT, say, UsageError } from './outcome.ts';
import { SettingsError } from './settings.ts';
import { storeFailingText } from './store-failing.ts';

/** The whole program, ready to parse arguments. It throws instead of ending the process. */
export function makeProgram(): Command {
  const { version } = JSON.parse(readFileSync(new URL('package.json', PACKAGE_ROOT), 'utf8')) as {
    version: string;
  };
  const program = new Command('pension')
    .description('Tidlig Pension: the SOAP service, and the tools of those who use and run it.')
    .version(version)
    .showHelpAfterError('Run the command with --help to see how it is used.')
    .configureHelp({ showGlobalOptions: false })
    // What is wrong with a command line may be a personnummer in the wrong place.
    .configureOutput({ writeErr: (text) => void process.stderr.write(maskPersonnumre(text)) })
    // An option behind the name of a command is that command's own.
    .enablePositionalOptions()
    .exitOverride();
  for (const add of [
    addServe,
    addInit,
    addImport,
    addMedlemskab,
    addUdk,
    addAkasse,
    addCall,
    addAccess,
    addOutbox,
    addAudit,
    addDoctor,
    addBackup,
    addRestore,
    addVerifyStore,
    addStore,
  ])
    add(program);
  addDemo(program, run);
  return program;
}

/** A disk that is full, a file that may not be written, an output that nobody takes: not a mistake of ours. */
const isOfTheSystem = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && 'syscall' in error && 'errno' in error;

/** Runs one command line and gives its exit code. */
export async function run(argv: readonly string[]): Promise<number> {
  try {
    await makeProgram().parseAsync(argv, { from: 'user' });
    return EXIT.success;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.success : EXIT.usage;
    if (error instanceof UsageError) {
      say(`pension: ${error.message}`);
      return EXIT.usage;
    }
    if (error instanceof SettingsError) {
      for (const problem of error.problems) say(`pension: ${problem}`);
      return EXIT.failed;
    }
    if (error instanceof StoreFailingError) {
      say(`pension: ${storeFailingText(error)}`);
      return EXIT.failed;
    }
    if (error instanceof CommandFailed || error instanceof StoreError) {
      say(`pension: ${error.message}`);
      return EXIT.failed;
    }
    if (isOfTheSystem(error)) {
      say(`pension: ${maskPersonnumre(error.message)}. Mend that, and run the command again.`);
      return EXIT.failed;
    }
    say(
      `pension: unexpected error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
    return EXIT.failed;
  }
}

// The command `pension`: every subcommand, its help and its exit codes.

import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { maskPersonnumre } from '../contract/mask.ts';
import { StoreError, StoreFailingError } from '../store/store.ts';
import { PACKAGE_ROOT } from './contract-files.ts';
import { CommandFailed, EXIT, say, UsageError } from './outcome.ts';
import { SettingsError } from './settings.ts';
import { storeFailingText } from './store-failing.ts';

/** Adds a command to the program; `run` is the program itself. */
type Add = (program: Command, run: (argv: readonly string[]) => Promise<number>) => void;

/** The commands by their first word, in the order of the help. One is loaded with all that it needs when it is asked for. */
const COMMANDS: Readonly<Record<string, () => Promise<Add>>> = {
  serve: async () => (await import('./commands/serve.ts')).addServe,
  init: async () => (await import('./commands/init.ts')).addInit,
  import: async () => (await import('./commands/import-medlemskaber.ts')).addImport,
  medlemskab: async () => (await import('./commands/medlemskab-show.ts')).addMedlemskab,
  udk: async () => (await import('./commands/udk-send.ts')).addUdk,
  akasse: async () => (await import('./commands/akasse-poll.ts')).addAkasse,
  call: async () => (await import('./commands/call.ts')).addCall,
  access: async () => (await import('./commands/access.ts')).addAccess,
  outbox: async () => (await import('./commands/outbox.ts')).addOutbox,
  audit: async () => (await import('./commands/audit.ts')).addAudit,
  doctor: async () => (await import('./commands/doctor.ts')).addDoctor,
  backup: async () => (await import('./commands/backup.ts')).addBackup,
  restore: async () => (await import('./commands/restore.ts')).addRestore,
  'verify-store': async () => (await import('./commands/verify-store.ts')).addVerifyStore,
  store: async () => (await import('./commands/store.ts')).addStore,
  demo: async () => (await import('./commands/demo.ts')).addDemo,
};

/**
 * The program, ready to parse arguments, with the command of that name alone, or with all of them where there is none. It
 * throws instead of ending the process.
 */
export async function makeProgram(name?: string): Promise<Command> {
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
  const asked =
    name !== undefined && Object.hasOwn(COMMANDS, name) ? [COMMANDS[name]!] : Object.values(COMMANDS);
  for (const load of asked) (await load())(program, run);
  return program;
}

/** A disk that is full, a file that may not be written, an output that nobody takes: not a mistake of ours. */
const isOfTheSystem = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && 'syscall' in error && 'errno' in error;

/** Runs one command line and gives its exit code. */
export async function run(argv: readonly string[]): Promise<number> {
  try {
    await (await makeProgram(argv[0])).parseAsync(argv, { from: 'user' });
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

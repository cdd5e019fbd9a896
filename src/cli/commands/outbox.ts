// `pension outbox …`: how each queue stands, what became of a besked, a stuck sequence closed, and whether any version
// is without the besked it owes.

import { type Command, InvalidArgumentError } from 'commander';
import { datoI } from '../../domain/dato.ts';
import { systemPorts } from '../../domain/ports.ts';
import { type Store, StoreBusyError } from '../../store/store.ts';
import { operatorEntry } from '../operator.ts';
import { findingJson } from '../outbox/besked-json.ts';
import { findingText } from '../outbox/besked-text.ts';
import { readIdentifier } from '../outbox/identifier.ts';
import { queueLines } from '../outbox/lines.ts';
import { overviewJson } from '../outbox/overview-json.ts';
import { lateQueues, overviewText } from '../outbox/overview-text.ts';
import { shown } from '../outbox/shown.ts';
import { sweepText } from '../outbox/sweep-text.ts';
import { STATE } from '../outbox/words.ts';
import { CommandFailed, UsageError } from '../outcome.ts';
import { loadOrganisationer } from '../setting-files.ts';
import { readStoreAndListSettings, readStoreSettings, type StoreSettings } from '../some-settings.ts';
import { openStoreOf } from '../store-of-settings.ts';

const STORE = '\nThe store is that of the settings (see pension serve --help).\n';
const STORE_AND_LIST =
  '\nThe store and the list of a-kasser are those of the settings (see pension serve --help).\n';

/** Adds the commands. */
export function addOutbox(program: Command): void {
  const outbox = program
    .command('outbox')
    .description('the beskeder that a-kasser are owed: how each queue stands; with a command, more')
    // What stands behind the name of a command is that command's own.
    .enablePositionalOptions()
    .option(
      '--alarm <minutes>',
      'exit code 1 when a besked has waited longer, with a line for each a-kasse',
      minutes,
    )
    .option('--json', 'print it as JSON')
    .addHelpText('after', `${STORE_AND_LIST}\nExample:\n  pension outbox --alarm 60`)
    .action(overview)
    .hook('preSubcommand', (_, command) => {
      if (Object.keys(outbox.opts()).length > 0)
        throw new UsageError(`options of outbox ${command.name()} stand behind its name.`);
    });
  outbox
    .command('show')
    .description(
      'what became of a besked, of every besked of a forløb, or of those that a sequence held; audited',
    )
    .argument('<id>', 'a MessageIdentifier, a TidligPensionIdentifier or the Identifier of a sequence')
    .option('--reveal', 'show personnumre in full; that you did is part of the audit entry')
    .option('--json', 'print it as JSON')
    .addHelpText('after', `${STORE}\nExample:\n  pension outbox show 01a204ec-09d2-72c5-84ab-5d33f2e14410`)
    .action(show);
  outbox
    .command('close-sequence')
    .description(
      'give the beskeder of an open sequence back to the queue, for an a-kasse whose system is stuck',
    )
    .argument('<id>', 'the Identifier of the sequence, as pension outbox prints it')
    .option('--json', 'print what was done as JSON')
    .addHelpText(
      'after',
      `\nNothing is lost: the beskeder come again in the next sequence. A client that is at work on this one is refused (1014)\nand begins anew.\n${STORE}\nExample:\n  pension outbox close-sequence 01a204ec-09d2-72c5-84ab-5d33f2e14410`,
    )
    .action(closeSequence);
  outbox
    .command('sweep')
    .description('look for any version without the besked it owes; there must be none')
    .option('--recreate', 'queue what is missing, and say what became of each')
    .option('--json', 'print it as JSON')
    .addHelpText(
      'after',
      `\nThe exit code is 1 when some are missing and --recreate is not given.\n${STORE_AND_LIST}\nExample:\n  pension outbox sweep`,
    )
    .action(sweep);
}

/** Minutes: ten years at most, so that a slip of the finger is no alarm that never comes. */
const LONGEST_ALARM = 5_256_000;

function minutes(text: string): number {
  const count = Number(text);
  if (!/^[0-9]+$/.test(text) || count < 1 || count > LONGEST_ALARM)
    throw new InvalidArgumentError(`It must be a whole number of minutes from 1 to ${LONGEST_ALARM}.`);
  return count;
}

async function overview({ alarm, json = false }: { alarm?: number; json?: boolean }): Promise<void> {
  const { settings, organisationer } = readStoreAndList();
  const now = systemPorts.now();
  const found = await withStore(settings, (store) => store.outbox.overview(operatorEntry('VisOutbox')));
  const lines = queueLines(found, organisationer, datoI(now));
  print(
    json,
    () => overviewJson(lines, found, now),
    () => overviewText(lines, found, now),
  );
  const late = alarm === undefined ? [] : lateQueues(lines, alarm, now);
  if (late.length > 0) throw new CommandFailed(late.join('\npension: '));
}

async function show(
  argument: string,
  { reveal = false, json = false }: { reveal?: boolean; json?: boolean },
): Promise<void> {
  const identifier = readIdentifier(argument);
  const detaljer = JSON.stringify({ reveal, identifier });
  const found = await withStore(readStoreSettings(process.env), (store) =>
    store.outbox.find(identifier, operatorEntry('VisBesked', { detaljer })),
  );
  if (found === undefined) throw unknown(identifier, 'besked, forløb or sequence');
  const beskeder = found.beskeder.map((besked) => shown(besked, reveal));
  const now = systemPorts.now();
  print(
    json,
    () => findingJson(found, beskeder),
    () => findingText(found, beskeder, now),
  );
}

async function closeSequence(argument: string, { json = false }: { json?: boolean }): Promise<void> {
  const identifier = readIdentifier(argument);
  const was = await withStore(readStoreSettings(process.env), (store) =>
    store.outbox.closeSequence(identifier, operatorEntry('LukSequence')),
  );
  if (was === undefined) throw unknown(identifier, 'sequence');
  if (was !== 'open')
    throw new CommandFailed(`Nothing was changed: the sequence ${identifier} is ${STATE[was]}.`);
  print(
    json,
    () => ({ identifier, was, state: 'closed' }),
    () => `The sequence ${identifier} was open and is closed: its beskeder come again in the next one.\n`,
  );
}

async function sweep({
  recreate = false,
  json = false,
}: {
  recreate?: boolean;
  json?: boolean;
}): Promise<void> {
  const { settings, organisationer } = readStoreAndList();
  const idag = datoI(systemPorts.now());
  const swept = await withStore(settings, (store) =>
    store.outbox.sweep({
      recreate,
      idag,
      afloesere: organisationer.afloesere(idag),
      entry: operatorEntry('GennemgaaOutbox'),
    }),
  );
  const masked = { ...swept, missing: swept.missing.map((version) => shown(version)) };
  print(
    json,
    () => masked,
    () => sweepText(masked),
  );
  const left = swept.missing.length - swept.recreated;
  if (left > 0)
    throw new CommandFailed(
      `${left} version(s) without the besked they owe; pension outbox sweep --recreate queues them. The database forbids this: find out what was done to the store.`,
    );
}

const unknown = (identifier: string, what: string): CommandFailed =>
  new CommandFailed(
    `No ${what} has the identifier ${identifier} in this store. Compare it with what pension outbox and pension audit list print, and PENSION_STORE with that of the service.`,
  );

function readStoreAndList() {
  const settings = readStoreAndListSettings(process.env);
  return { settings, organisationer: loadOrganisationer(settings.organisationer) };
}

/** Does the work on the store, which must exist: a service of an older version may be running on it. */
async function withStore<T>(settings: StoreSettings, work: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStoreOf(settings, { mustExist: true });
  try {
    return await work(store);
  } catch (error) {
    if (!(error instanceof StoreBusyError)) throw error;
    throw new CommandFailed(`Nothing was done: ${error.message}. Run the command again.`);
  } finally {
    await store.close();
  }
}

/** Writes the data of a command, for a program or for people. */
const print = (json: boolean, data: () => unknown, text: () => string): void =>
  void process.stdout.write(json ? `${JSON.stringify(data())}\n` : text());

// `pension akasse poll`: empties the queue of an a-kasse into a file, and is safe to run again.

import { type Command, InvalidArgumentError } from 'commander';
import { explainPollFailure, mayPass, type PollFailure } from '../akasse-poll/failure.ts';
import { type BeskedFile, openBeskedFile } from '../akasse-poll/output-file.ts';
import { type PollOptions, type PollResult, pollBeskeder, watchBeskeder } from '../akasse-poll/poll.ts';
import { summarize, summaryText } from '../akasse-poll/summary.ts';
import { addTargetOptions, resolveTarget, type TargetOptions } from '../client/target.ts';
import { makeWsrmClient } from '../client/wsrm-client.ts';
import { CommandFailed, say } from '../outcome.ts';
import { startGrowingProgress } from '../progress.ts';

interface PollCommandOptions extends TargetOptions {
  readonly out: string;
  readonly watch?: number;
  readonly json?: boolean;
}

/** Seconds: as long as a timer can be. */
const LONGEST_WATCH = 2_000_000;

const FORMAT = `
FILE gets one besked a line, as JSON:
  messageIdentifier, registrationType (Create or Update), eventDate, personnummer, tidligPensionIdentifier,
  overgangTilTidligPension, kompensationsudbetaling (each where the forløb has it; with neither it is annulled)
A besked stands there once, however often the command is run, interrupted or killed. One program at a time may empty the
queue of an a-kasse: two with different files close each other's sequences.
`;

/** Adds the command. */
export function addAkasse(program: Command): void {
  const akasse = program.command('akasse').description('what an a-kasse uses');
  const poll = akasse
    .command('poll')
    .description('empty the queue of beskeder into a file; interrupted, it is run again with the same file')
    .requiredOption('--out <file>', 'file that gets each besked once, JSON lines; added to if it is there')
    .option('--watch <seconds>', 'go on: poll again so many seconds after each poll', seconds)
    .option('--json', 'print the summary as JSON');
  addTargetOptions(poll)
    .addHelpText('after', `${FORMAT}\nExample:\n  pension akasse poll --as 22 --out beskeder.jsonl`)
    .action(pollCommand);
}

function seconds(text: string): number {
  const count = Number(text);
  if (!/^[0-9]+$/.test(text) || count < 1 || count > LONGEST_WATCH)
    throw new InvalidArgumentError(`It must be a whole number of seconds from 1 to ${LONGEST_WATCH}.`);
  return count;
}

async function pollCommand(options: PollCommandOptions): Promise<void> {
  const target = resolveTarget(options);
  const interrupt = new AbortController();
  const onSignal = (): void => interrupt.abort();
  process.once('SIGINT', onSignal);
  process.once('SIGTERM', onSignal);
  let file: BeskedFile | undefined;
  let result: PollResult;
  try {
    file = await openBeskedFile(options.out);
    if (file.cutOff > 0)
      say(
        `${options.out}: ${file.cutOff} bytes of a line that an interruption had torn were cut off; what they were of comes again.`,
      );
    const client = await makeWsrmClient(target, 'akasse poll');
    try {
      result = await run(file, client, options.watch, interrupt.signal);
    } finally {
      client.disconnect();
    }
  } finally {
    await file?.close();
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  }
  const summary = summarize(result, file.counts);
  process.stdout.write(options.json ? `${JSON.stringify(summary)}\n` : summaryText(summary));
  explainEnding(result, options);
}

/** Polls once, or goes on, with the progress of it. */
async function run(
  file: BeskedFile,
  client: PollOptions['client'],
  watch: number | undefined,
  signal: AbortSignal,
): Promise<PollResult> {
  const progress = startGrowingProgress('beskeder');
  const poll: PollOptions = {
    client,
    keep: (beskeder) => file.keep(beskeder),
    onInventory: (count) => progress.expect(count),
    onTransfer: ({ fetched }) => progress.add(fetched),
    signal,
  };
  try {
    if (watch === undefined) return await pollBeskeder(poll);
    const onFailure = (failure: PollFailure): void =>
      say(`pension: ${explainPollFailure(failure).replace(/\.?$/, '.')} Polling again in ${watch} s.`);
    return await watchBeskeder({ ...poll, seconds: watch, onFailure });
  } finally {
    progress.stop();
  }
}

function explainEnding({ ending }: PollResult, { out, watch }: PollCommandOptions): void {
  switch (ending.kind) {
    case 'emptied':
      return;
    case 'interrupted':
      if (watch !== undefined) return; // that is how it is meant to end
      throw new CommandFailed(`It was interrupted. Run the same command again to go on with ${out}.`);
    case 'failed':
      throw new CommandFailed(
        `${explainPollFailure(ending.failure)}${mayPass(ending.failure) ? `\nNothing is lost: run the same command again to go on with ${out}.` : ''}`,
      );
  }
}

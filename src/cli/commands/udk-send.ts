// `pension udk send`: sends a batch of indberetninger to a running service, and is safe to run again.

import { readFileSync } from 'node:fs';
import { type Command, InvalidArgumentError } from 'commander';
import { systemPorts } from '../../domain/ports.ts';
import { makePensionClient } from '../client/pension-client.ts';
import { addTargetOptions, resolveTarget, type TargetOptions } from '../client/target.ts';
import { CommandFailed, say } from '../outcome.ts';
import { startProgress } from '../progress.ts';
import { BATCH_COLUMNS, type BatchLine, readBatch } from '../udk-send/batch.ts';
import { RECEIPT_COLUMNS, Receipts } from '../udk-send/receipts.ts';
import { type Ending, isDone, sendBatch } from '../udk-send/send.ts';
import { summarize, summaryText } from '../udk-send/summary.ts';

interface SendCommandOptions extends TargetOptions {
  readonly receipts: string;
  readonly connections: number;
  readonly json?: boolean;
}

const MOST_CONNECTIONS = 64;

const FORMAT = `
FILE has the header line
  ${BATCH_COLUMNS.join(',')}
Dates are YYYY-MM-DD. A reference stands once in a file. Without an identifier a line begins a new forløb; with one it
overwrites that forløb whole, and with no date at all it annuls it. OUT gets, for each line,
  ${RECEIPT_COLUMNS.join(',')}
where outcome is saved, refused or failed. What is saved or refused there is not sent again.
`;

/** Adds the command. */
export function addUdk(program: Command): void {
  const udk = program.command('udk').description("what UDK's operators use");
  const send = udk
    .command('send')
    .description('send a batch of indberetninger; an interrupted batch is run again with the same files')
    .argument('<file>', 'the batch, CSV')
    .requiredOption('--receipts <out>', 'file that gets one line for each line of the batch')
    .option('--connections <n>', `connections to open at once (1 to ${MOST_CONNECTIONS})`, connectionCount, 8)
    .option('--json', 'print the summary as JSON');
  addTargetOptions(send, 'udk')
    .addHelpText(
      'after',
      `${FORMAT}\nExample:\n  pension udk send batch.csv --receipts receipts.csv --as udk`,
    )
    .action(sendCommand);
}

function connectionCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > MOST_CONNECTIONS) {
    throw new InvalidArgumentError(`It must be a whole number from 1 to ${MOST_CONNECTIONS}.`);
  }
  return count;
}

async function sendCommand(file: string, options: SendCommandOptions): Promise<void> {
  const target = resolveTarget(options);
  const lines = readLines(file);
  const receipts = Receipts.open(options.receipts, new Set(lines.map((line) => line.reference)));
  const earlier = lines.filter(({ reference }) => isDone(receipts.of(reference))).length;
  const client = await makePensionClient(target, 'udk send', options.connections);
  const progress = startProgress(lines.length, 'lines', earlier);
  let done = earlier;
  const interrupt = new AbortController();
  const onSignal = (): void => interrupt.abort();
  process.once('SIGINT', onSignal);
  process.once('SIGTERM', onSignal);
  let ending: Ending;
  try {
    ending = await sendBatch(client, lines, receipts, {
      connections: options.connections,
      newIdentifier: () => systemPorts.newForloebId(),
      interrupted: interrupt.signal,
      onReceipt: () => progress.update(++done),
    });
  } finally {
    progress.stop();
    receipts.close(lines.map((line) => line.reference));
    client.close();
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  }
  const summary = summarize(lines, receipts, earlier);
  process.stdout.write(options.json ? `${JSON.stringify(summary)}\n` : summaryText(summary));
  explainEnding(ending, options.receipts);
  if (summary.refused + summary.failed > 0) {
    throw new CommandFailed(
      `${summary.refused} refused and ${summary.failed} failed; the reasons are in ${options.receipts}.`,
    );
  }
}

function readLines(file: string): readonly BatchLine[] {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw new CommandFailed(`The batch ${file} cannot be read (${(error as Error).message}).`);
  }
  const batch = readBatch(bytes);
  if (batch.ok) return batch.lines;
  for (const { line, reason } of batch.bad) say(`${file}:${line}: ${reason}`);
  throw new CommandFailed(
    `${file} has ${batch.bad.length} bad line(s); nothing was sent. Correct them and run the command again.`,
  );
}

function explainEnding(ending: Ending, receipts: string): void {
  const again = `Run the same command again to go on; ${receipts} says what is done.`;
  if (ending.kind === 'stopped')
    throw new CommandFailed(`The batch was stopped: ${ending.reason.replace(/\.$/, '')}. ${again}`);
  if (ending.kind === 'interrupted') throw new CommandFailed(`The batch was interrupted. ${again}`);
}

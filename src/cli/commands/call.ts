// `pension call save|get`: one call, the answer printed for people or as JSON.

import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import type { Command } from 'commander';
import type { TidligPensionMessage } from '../../contract/messages.ts';
import { explain } from '../client/explain.ts';
import { forloebJson } from '../client/forloeb-json.ts';
import { type CallResult, makePensionClient, type PensionClient } from '../client/pension-client.ts';
import { readSaveFile } from '../client/save-file.ts';
import { addTargetOptions, resolveTarget, type TargetOptions } from '../client/target.ts';
import { CommandFailed, UsageError } from '../outcome.ts';
import { readGiven } from '../personnummer-argument.ts';

type CallOptions = TargetOptions & { readonly json?: boolean };

const SAVE_EXAMPLE = `
FILE is JSON, or XML with a SaveTidligPensionRequest in it (alone or in an envelope). As JSON:
  {
    "personnummer": "2902610001",
    "tidligPensionIdentifier": "0190a1b2-…",   (left out: a new forløb)
    "overgangTilTidligPension": {
      "tidligPensionOvergangsdato": "2026-01-01",
      "tidligPensionAfgoerelsesdato": "2025-11-20",
      "tidligPensionOphoersdato": "2026-12-31"  (left out: no end)
    },
    "kompensationsudbetaling": { "kompensationsafgoerelsesdato": "2025-11-20" }
  }

Example:
  pension call save indberetning.json --as udk`;

/** Adds the commands. */
export function addCall(program: Command): void {
  const call = program.command('call').description('make one call to a running service');
  const save = call
    .command('save')
    .description('SaveTidligPension')
    .argument('<file>', 'the indberetning, JSON or XML; - is standard input');
  addTargetOptions(save.option('--json', 'print the answer as JSON'), 'udk')
    .addHelpText('after', SAVE_EXAMPLE)
    .action(callSave);
  const get = call
    .command('get')
    .description('GetTidligPension')
    .argument(
      '<personnummer>',
      'the citizen; - reads the number from standard input, so that it stands in no process list',
    );
  addTargetOptions(get.option('--json', 'print the answer as JSON'), 'udk')
    .addHelpText('after', '\nExample:\n  echo 2902610001 | pension call get - --as akasse-11')
    .action(callGet);
}

async function callSave(file: string, options: CallOptions): Promise<void> {
  const request = readSaveFile(await readInput(file));
  const answer = await withClient(options, (client) => client.save(request));
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ tidligPensionIdentifier: answer.CreatedItemIdentifier })}\n`
      : `saved ${answer.CreatedItemIdentifier}\n`,
  );
}

async function callGet(argument: string, options: CallOptions): Promise<void> {
  const Personnummer = await readGiven(argument);
  if (!/^[0-9]{10}$/.test(Personnummer))
    throw new UsageError('a personnummer is ten digits, without a hyphen.');
  const { TidligPension } = await withClient(options, (client) => client.get({ Personnummer }));
  process.stdout.write(
    options.json ? `${JSON.stringify(TidligPension.map(forloebJson))}\n` : describeAll(TidligPension),
  );
}

async function readInput(file: string): Promise<string> {
  if (file === '-') return text(process.stdin);
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new CommandFailed(`${file} cannot be read (${(error as Error).message}).`);
  }
}

async function withClient<T>(
  options: CallOptions,
  use: (client: PensionClient) => Promise<CallResult<T>>,
): Promise<T> {
  const client = await makePensionClient(resolveTarget(options), 'call');
  try {
    const result = await use(client);
    if (result.kind === 'answered') return result.value;
    throw new CommandFailed(explain(result));
  } finally {
    client.close();
  }
}

function describeAll(forloeb: readonly TidligPensionMessage[]): string {
  if (forloeb.length === 0) return 'no forløb\n';
  return forloeb.map(describe).join('');
}

function describe({
  TidligPensionIdentifier,
  OvergangTilTidligPension: overgang,
  Kompensationsudbetaling: kompensation,
}: TidligPensionMessage): string {
  const lines = [`forløb ${TidligPensionIdentifier}`];
  if (overgang !== undefined) {
    lines.push(
      `  tidlig pension   ${overgang.TidligPensionOvergangsdato} to ${overgang.TidligPensionOphoersdato ?? '(no end)'}, decided ${overgang.TidligPensionAfgoerelsesdato}`,
    );
  }
  if (kompensation !== undefined)
    lines.push(`  kompensation     decided ${kompensation.Kompensationsafgoerelsesdato}`);
  if (overgang === undefined && kompensation === undefined) lines.push('  annulled');
  return `${lines.join('\n')}\n`;
}

// `pension import medlemskaber FILE`: loads the membership register from a CSV file, all of it or nothing.

import type { Command } from 'commander';
import type { Organisationer } from '../../access/organisationer.ts';
import { datoI } from '../../domain/dato.ts';
import { systemPorts } from '../../domain/ports.ts';
import { nameOfPlace } from '../../store/open-store.ts';
import { type MedlemskabImportResult, type Store, StoreBusyError } from '../../store/store.ts';
import { type ChunkedFile, openChunked } from '../csv.ts';
import { AFGANGSAARSAGER } from '../medlemskaber/afgangsaarsager.ts';
import { ERROR_COLUMNS, openRefusedLines } from '../medlemskaber/refused-lines.ts';
import { MEDLEMSKAB_COLUMNS, readRegister } from '../medlemskaber/register.ts';
import { operatorEntry } from '../operator.ts';
import { CommandFailed, say } from '../outcome.ts';
import { startProgress } from '../progress.ts';
import { loadOrganisationer } from '../setting-files.ts';
import { readRegisterSettings } from '../some-settings.ts';
import { inspectStoreOf, openStoreOf } from '../store-of-settings.ts';

interface ImportOptions {
  readonly whole?: boolean;
  readonly errors?: string;
  readonly json?: boolean;
}

const FORMAT = `
FILE has the header line
  ${MEDLEMSKAB_COLUMNS.join(',')}
Dates are YYYY-MM-DD. slut, afgangsaarsag and efterloen may be empty; tilbagekaldt is true or empty. afgangsaarsag, why
a membership ended, is one of
${Object.entries(AFGANGSAARSAGER)
  .map(([letter, meaning]) => `  ${letter}  ${meaning}`)
  .join('\n')}
A line replaces the membership of the same personnummer, akasse and start, in full. Beskeder that wait are
released to the latest previous a-kasse where the register now has a date of efterløn there.

Every bad line is named on standard error; --errors writes them also to a file with the header line
  ${ERROR_COLUMNS.join(',')}
which is all it holds when there are none.

The store and the list of a-kasser are those of the settings (see pension serve --help).

Example:
  pension import medlemskaber medlemskaber.csv`;

/** Adds the command. */
export function addImport(program: Command): void {
  program
    .command('import')
    .description('load reference data into the store')
    .command('medlemskaber')
    .description('load the membership register: all of the file, or nothing')
    .argument('<file>', 'the register, CSV')
    .option('--whole', 'the file is the whole register: what is not in it is recalled')
    .option('--errors <out>', 'file that gets every bad line, CSV')
    .option('--json', 'print the counts as JSON')
    .addHelpText('after', FORMAT)
    .action(importCommand);
}

async function importCommand(
  file: string,
  { whole: hele = false, errors, json = false }: ImportOptions,
): Promise<void> {
  const settings = readRegisterSettings(process.env);
  const organisationer = loadOrganisationer(settings.organisationer);
  const register = open(file);
  const refused = openRefusedLines(errors);
  const condition = await inspectStoreOf(settings);
  const store = await openStoreOf(settings);
  try {
    const result = await importFile(store, register, organisationer, hele);
    if (!result.ok) {
      await refused.report(file, result.fejl);
      throw new CommandFailed(
        `${file} has ${result.antal} bad line(s); nothing was changed. Correct them and run the command again.`,
      );
    }
    if (condition.state === 'none')
      say(`There was no store ${nameOfPlace(condition.place)}; it has been made.`);
    process.stdout.write(json ? countsAsJson(result) : countsAsText(result, hele));
  } finally {
    await store.close();
    refused.close();
    register.close();
  }
}

function open(file: string): ChunkedFile {
  try {
    return openChunked(file);
  } catch (error) {
    throw new CommandFailed(`The register ${file} cannot be read (${(error as Error).message}).`);
  }
}

async function importFile(
  store: Store,
  register: ChunkedFile,
  organisationer: Organisationer,
  hele: boolean,
): Promise<MedlemskabImportResult> {
  const idag = datoI(systemPorts.now());
  const akasser = new Set<string>(organisationer.akasser.map(({ code }) => code));
  const progress = startProgress(register.size, 'bytes');
  function* linjer(): ReturnType<typeof readRegister> {
    yield* readRegister(
      register.chunks((bytes) => progress.update(bytes)),
      akasser,
    );
    progress.stop();
    if (process.stderr.isTTY) say('read; comparing with the register …');
  }
  try {
    return await store.medlemskaber.import({
      linjer: linjer(),
      hele,
      idag,
      afloesere: organisationer.afloesere(idag),
      entry: operatorEntry('ImportMedlemskaber'),
    });
  } catch (error) {
    if (!(error instanceof StoreBusyError)) throw error;
    throw new CommandFailed(`Nothing was changed: ${error.message}. Run the command again.`);
  } finally {
    progress.stop();
  }
}

type Counts = Extract<MedlemskabImportResult, { ok: true }>;

const countsAsJson = ({ nye, aendrede, uaendrede, tilbagekaldte, frigivne }: Counts): string =>
  `${JSON.stringify({
    new: nye,
    changed: aendrede,
    unchanged: uaendrede,
    recalled: tilbagekaldte,
    released: frigivne,
  })}\n`;

const countsAsText = ({ nye, aendrede, uaendrede, tilbagekaldte, frigivne }: Counts, hele: boolean): string =>
  `new ${nye}, changed ${aendrede}, unchanged ${uaendrede}${hele ? `, recalled ${tilbagekaldte}` : ''}${
    frigivne > 0 ? `, released beskeder ${frigivne}` : ''
  }\n`;

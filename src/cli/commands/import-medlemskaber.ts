// `pension import medlemskaber FILE`: loads the membership register from a CSV file, all of it or nothing.

import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { systemPorts } from '../../domain/ports.ts';
import { openStore } from '../../store/open-store.ts';
import type { BadLine } from '../csv.ts';
import { MEDLEMSKAB_COLUMNS, readRegister } from '../medlemskaber/register.ts';
import { CommandFailed, say } from '../outcome.ts';
import { loadOrganisationer } from '../service.ts';
import { readSettings } from '../settings.ts';

const FORMAT = `
FILE has the header line
  ${MEDLEMSKAB_COLUMNS.join(',')}
Dates are YYYY-MM-DD. slut, afgangsaarsag (S, K, E, U, A, F, O, B, D) and efterloen may be empty; tilbagekaldt is true
or empty. A line replaces the membership of the same personnummer, akasse and start, in full.

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
    .option('--json', 'print the counts as JSON')
    .addHelpText('after', FORMAT)
    .action(importCommand);
}

async function importCommand(
  file: string,
  { whole = false, json = false }: { whole?: boolean; json?: boolean },
): Promise<void> {
  const settings = readSettings(process.env);
  const known = new Set<string>(
    loadOrganisationer(settings.organisationer).akasser.map((akasse) => akasse.code),
  );
  const { linjer, bad } = readRegister(readBytes(file), known);
  if (bad.length > 0) throw refused(file, bad);
  const store = openStore(settings.store, systemPorts.now);
  try {
    const counts = await store.importMedlemskaber({ linjer, hele: whole });
    if (!counts.ok)
      throw refused(
        file,
        counts.fejl.map(({ linje, grund }) => ({ line: linje, reason: grund })),
      );
    const { nye, aendrede, uaendrede, tilbagekaldte } = counts;
    process.stdout.write(
      json
        ? `${JSON.stringify({ new: nye, changed: aendrede, unchanged: uaendrede, recalled: tilbagekaldte })}\n`
        : `new ${nye}, changed ${aendrede}, unchanged ${uaendrede}${whole ? `, recalled ${tilbagekaldte}` : ''}\n`,
    );
  } finally {
    await store.close();
  }
}

function readBytes(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new CommandFailed(`The register ${file} cannot be read (${(error as Error).message}).`);
  }
}

function refused(file: string, bad: readonly BadLine[]): CommandFailed {
  for (const { line, reason } of bad) say(`${file}:${line}: ${reason}`);
  return new CommandFailed(
    `${file} has ${bad.length} bad line(s); nothing was changed. Correct them and run the command again.`,
  );
}

// `pension import medlemskaber FILE`: loads the membership register from a CSV file, all of it or nothing.

import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { readDato } from '../domain/dato.ts';
import type { AkasseKode } from '../domain/medlemskab.ts';
import { readPersonnummer } from '../domain/personnummer.ts';
import { systemPorts } from '../domain/ports.ts';
import { openStore } from '../store/open-store.ts';
import type { MedlemskabLinje } from '../store/store.ts';
import { type BadLine, type CsvRecord, readCsv } from './csv.ts';
import { CommandFailed, say } from './outcome.ts';
import { loadOrganisationer } from './service.ts';
import { readSettings } from './settings.ts';

/** The columns of the register file. */
export const MEDLEMSKAB_COLUMNS = [
  'personnummer',
  'akasse',
  'start',
  'slut',
  'afgangsaarsag',
  'efterloen',
  'tilbagekaldt',
] as const;

type Values = Readonly<Record<(typeof MEDLEMSKAB_COLUMNS)[number], string>>;

const AFGANGSAARSAGER = ['S', 'K', 'E', 'U', 'A', 'F', 'O', 'B', 'D'];

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
    .addHelpText(
      'after',
      '\nThe store and the list of a-kasser are those of the settings (see `pension serve --help`).\n\nExample:\n  pension import medlemskaber medlemskaber.csv',
    )
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
  const store = openStore(settings.store, systemPorts.now());
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

/** Reads and checks each line by itself; how they stand to each other is judged by the store. */
export function readRegister(
  bytes: Uint8Array,
  akasser: ReadonlySet<string>,
): { linjer: MedlemskabLinje[]; bad: BadLine[] } {
  const content = readCsv(bytes, MEDLEMSKAB_COLUMNS);
  const bad = [...content.bad];
  const linjer: MedlemskabLinje[] = [];
  for (const record of content.records) {
    const problems = [...problemsOf(record.values as Values, akasser)];
    if (problems.length > 0) bad.push({ line: record.line, reason: problems.join('; ') });
    else linjer.push(toLinje(record));
  }
  return { linjer, bad: bad.sort((a, b) => a.line - b.line) };
}

function* problemsOf(values: Values, akasser: ReadonlySet<string>): Generator<string> {
  if (readPersonnummer(values.personnummer) === undefined) {
    yield 'personnummer must be ten digits of which the first four are a possible day and month';
  }
  if (!akasser.has(values.akasse)) yield 'akasse is not in the list of a-kasser';
  if (!isDate(values.start)) yield 'start must be an existing date YYYY-MM-DD';
  for (const column of ['slut', 'efterloen'] as const) {
    if (values[column] !== '' && !isDate(values[column]))
      yield `${column} must be an existing date YYYY-MM-DD, or empty`;
  }
  if (isDate(values.slut) && isDate(values.start) && values.slut < values.start) yield 'slut is before start';
  if (values.afgangsaarsag !== '' && !AFGANGSAARSAGER.includes(values.afgangsaarsag)) {
    yield `afgangsaarsag must be one of ${AFGANGSAARSAGER.join(', ')}, or empty`;
  }
  if (values.tilbagekaldt !== '' && values.tilbagekaldt !== 'true')
    yield 'tilbagekaldt must be true or empty';
}

const isDate = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text) && readDato(text) !== undefined;

function toLinje({ line, values }: CsvRecord): MedlemskabLinje {
  const { personnummer, akasse, start, slut, afgangsaarsag, efterloen, tilbagekaldt } = values as Values;
  return {
    linje: line,
    personnummer: readPersonnummer(personnummer)!,
    akasse: akasse as AkasseKode,
    start: readDato(start)!,
    ...(slut && { slut: readDato(slut)! }),
    ...(efterloen && { efterloen: readDato(efterloen)! }),
    ...(afgangsaarsag && { afgangsaarsag }),
    tilbagekaldt: tilbagekaldt === 'true',
  };
}

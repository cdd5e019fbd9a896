// `pension medlemskab show PERSONNUMMER`: explains what the register says of a citizen and what follows from it.

import type { Command } from 'commander';
import { datoI } from '../../domain/dato.ts';
import { makeOverblik } from '../../domain/medlemskab-overblik.ts';
import { maskeret, type Personnummer } from '../../domain/personnummer.ts';
import { systemPorts } from '../../domain/ports.ts';
import { overblikJson } from '../medlemskaber/overblik-json.ts';
import { overblikText } from '../medlemskaber/overblik-text.ts';
import { operatorEntry } from '../operator.ts';
import { readPersonnummerArgument } from '../personnummer-argument.ts';
import { loadOrganisationer } from '../setting-files.ts';
import { readRegisterSettings, type StoreSettings } from '../some-settings.ts';
import { openStoreOf } from '../store-of-settings.ts';

interface ShowOptions {
  readonly reveal?: boolean;
  readonly json?: boolean;
}

/** Adds the command. */
export function addMedlemskab(program: Command): void {
  program
    .command('medlemskab')
    .description('the membership register, citizen by citizen')
    .command('show')
    .description("explain a citizen's memberships: which count, who is told, who may read; audited")
    .argument(
      '<personnummer>',
      'the citizen; - reads the number from standard input, so that it stands in no process list',
    )
    .option('--reveal', 'show the personnummer in full; that you did is part of the audit entry')
    .option('--json', 'print it as JSON')
    .addHelpText(
      'after',
      '\nThe store and the list of a-kasser are those of the settings (see pension serve --help).\n\nExample:\n  echo 2902610001 | pension medlemskab show -',
    )
    .action(show);
}

async function show(argument: string, { reveal = false, json = false }: ShowOptions): Promise<void> {
  const personnummer = await readPersonnummerArgument(argument);
  const settings = readRegisterSettings(process.env);
  const organisationer = loadOrganisationer(settings.organisationer);
  const medlemskaber = await lookUp(settings, personnummer, reveal);

  const idag = datoI(systemPorts.now());
  const afloesere = organisationer.afloesere(idag);
  const tidligereMaaneder = settings.formerMonths;
  const overblik = makeOverblik(medlemskaber, { idag, afloesere, tidligereMaaneder });
  const borger = reveal ? personnummer : maskeret(personnummer);
  process.stdout.write(
    json
      ? `${JSON.stringify(overblikJson(overblik, borger))}\n`
      : overblikText(overblik, {
          borger,
          afloesere,
          tidligereMaaneder,
          navnAf: (akasse) => organisationer.akasse(akasse)?.name,
        }),
  );
}

/** Reads the memberships, and leaves the entry that says so. */
async function lookUp(settings: StoreSettings, personnummer: Personnummer, reveal: boolean) {
  const store = await openStoreOf(settings, { mustExist: true });
  try {
    const detaljer = JSON.stringify({ reveal });
    return await store.medlemskaber.show(
      personnummer,
      operatorEntry('VisMedlemskab', { personnummer, detaljer }),
    );
  } finally {
    await store.close();
  }
}

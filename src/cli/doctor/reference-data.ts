// The reference data: can they be used, and does something in them make no sense although it can?

import path from 'node:path';
import type { Organisationer, System } from '../../access/organisationer.ts';
import { maskPersonnumre } from '../../contract/mask.ts';
import { type Dato, erFoer } from '../../domain/dato.ts';
import { loadOrganisationer } from '../setting-files.ts';
import { SettingsError } from '../settings.ts';
import { bad, type Finding, good } from './check.ts';
import type { UsableSettings } from './settings.ts';

/**
 * What the file of PENSION_ORGANISATIONER holds. It fails where the service would not start, where nobody could
 * report, and where an a-kasse has ended and nobody has taken it over. A system without the right to anything is only
 * mentioned: that is how one is switched off, and how the systems of a merged a-kasse are left behind.
 */
export function checkReferenceData({ organisationer: file }: UsableSettings, idag: Dato): Finding[] {
  if (file === undefined) return [];
  let data: Organisationer;
  try {
    data = loadOrganisationer(file);
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return error.problems.map((problem) =>
      bad(
        'reference data',
        maskPersonnumre(problem),
        'Correct the file, or name the right one in PENSION_ORGANISATIONER',
      ),
    );
  }
  const findings = [...noReporter(data, file), ...endedAkasser(data, file, idag)];
  if (findings.length > 0) return findings;
  const remarks = remarksOn(data, idag);
  return [
    good(
      'reference data',
      `${path.basename(file)} has ${data.akasser.length} a-kasser and ${data.systems.length} systems${remarks.map((remark) => `; ${remark}`).join('')}`,
    ),
  ];
}

const noReporter = (data: Organisationer, file: string): Finding[] =>
  data.systems.some((system) => actsForKind(data, system, 'udk'))
    ? []
    : [
        bad(
          'reference data',
          `${file}: no system acts for an organisation of kind udk, so that nobody can report`,
          'Add the system of UDK, with its certificate, to systems',
        ),
      ];

const actsForKind = (data: Organisationer, system: System, kind: string): boolean =>
  system.organisations.some(({ type }) => data.artAf(type) === kind);

/** The service goes by `afloeser` alone: an a-kasse that has ended without one is served and told as before. */
const endedAkasser = (data: Organisationer, file: string, idag: Dato): Finding[] =>
  data.akasser
    .filter(({ til, afloeser }) => til !== undefined && afloeser === undefined && erFoer(til, idag))
    .map(({ code, til }) =>
      bad(
        'reference data',
        `${file}: a-kasse ${code} has ended (til ${til}) and has no afloeser, but is served as before`,
        'Name its afloeser, or remove til',
      ),
    );

function remarksOn(data: Organisationer, idag: Dato): string[] {
  const overtagne = data.afloesere(idag);
  const actsForAkasse = (system: System, test: (code: string) => boolean): boolean =>
    system.organisations.some(({ type, code }) => data.artAf(type) === 'akasse' && test(code));
  const names = (systems: readonly System[]): string => systems.map(({ name }) => name).join(', ');
  const idle = data.systems.filter(({ organisations }) => organisations.length === 0);
  const merged = data.systems.filter((system) =>
    actsForAkasse(system, (code) => Object.hasOwn(overtagne, code)),
  );
  const alone = data.akasser.filter(
    ({ code }) =>
      !Object.hasOwn(overtagne, code) &&
      !data.systems.some((system) => actsForAkasse(system, (its) => its === code)),
  );
  return [
    ...(idle.length > 0 ? [`acting for nobody, and refused with 1013: ${names(idle)}`] : []),
    ...(merged.length > 0
      ? [`acting for an a-kasse that was taken over, and refused with 1013: ${names(merged)}`]
      : []),
    ...(alone.length > 0 ? [`without a system: a-kasse ${alone.map(({ code }) => code).join(', ')}`] : []),
  ];
}

// The settings of commands that work on the store: they make no connection, and ask for no certificate.

import { environment, givenIn, problemsOf, type Settings, SettingsError } from './settings.ts';

/** What commands on the register need. */
export type RegisterSettings = Pick<Settings, 'store' | 'organisationer' | 'formerMonths'>;

/** Reads those alone. Throws SettingsError with every problem found. */
export function readRegisterSettings(env: Readonly<Record<string, string | undefined>>): RegisterSettings {
  const parsed = environment
    .pick({ PENSION_STORE: true, PENSION_ORGANISATIONER: true, PENSION_FORMER_MONTHS: true })
    .safeParse(givenIn(env));
  if (!parsed.success) throw new SettingsError(problemsOf(parsed.error));
  const { PENSION_STORE, PENSION_ORGANISATIONER, PENSION_FORMER_MONTHS } = parsed.data;
  return {
    store: PENSION_STORE,
    organisationer: PENSION_ORGANISATIONER,
    formerMonths: PENSION_FORMER_MONTHS,
  };
}

/** The store's address alone, for commands that need no other setting. Throws SettingsError when it is wrong. */
export function readStoreSetting(env: Readonly<Record<string, string | undefined>>): string {
  const parsed = environment.pick({ PENSION_STORE: true }).safeParse(givenIn(env));
  if (parsed.success) return parsed.data.PENSION_STORE;
  throw new SettingsError(problemsOf(parsed.error));
}

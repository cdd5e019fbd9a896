// Some of the settings by themselves, for commands that need no others: they make no connection, and ask for no
// certificate.

import {
  type Environment,
  environment,
  givenIn,
  problemsOf,
  type Settings,
  SettingsError,
} from './settings.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Reads the settings of those names, each by the rule of the service. Throws SettingsError with every problem found. */
export function readSome<N extends keyof Environment>(
  env: Env,
  ...names: readonly N[]
): Pick<Environment, N> {
  const wanted = Object.fromEntries(names.map((name) => [name, true]));
  const parsed = environment.pick(wanted as never).safeParse(givenIn(env));
  if (!parsed.success) throw new SettingsError(problemsOf(parsed.error));
  return parsed.data as unknown as Pick<Environment, N>;
}

/** What commands on the register need. */
export type RegisterSettings = Pick<Settings, 'store' | 'organisationer' | 'formerMonths'>;

/** Reads those. Throws SettingsError. */
export function readRegisterSettings(env: Env): RegisterSettings {
  const some = readSome(env, 'PENSION_STORE', 'PENSION_ORGANISATIONER', 'PENSION_FORMER_MONTHS');
  return {
    store: some.PENSION_STORE,
    organisationer: some.PENSION_ORGANISATIONER,
    formerMonths: some.PENSION_FORMER_MONTHS,
  };
}

/** Reads the address of the store. Throws SettingsError. */
export const readStoreSetting = (env: Env): string => readSome(env, 'PENSION_STORE').PENSION_STORE;

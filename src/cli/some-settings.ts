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

const OF_STORE = ['PENSION_STORE', 'PENSION_STORE_CONNECTIONS', 'PENSION_STORE_DURABILITY'] as const;

/** Where the store is and how it is opened. */
export type StoreSettings = Pick<Settings, 'store' | 'storeConnections' | 'storeDurability'>;

/** What commands need that also ask which a-kasser there are. */
export type StoreAndListSettings = StoreSettings & Pick<Settings, 'organisationer'>;

/** What commands on the register need. */
export type RegisterSettings = StoreAndListSettings & Pick<Settings, 'formerMonths'>;

/** Reads the settings of the store. Throws SettingsError. */
export const readStoreSettings = (env: Env): StoreSettings => ofStore(readSome(env, ...OF_STORE));

/** Reads those of the store and the list of organisations. Throws SettingsError. */
export function readStoreAndListSettings(env: Env): StoreAndListSettings {
  const some = readSome(env, ...OF_STORE, 'PENSION_ORGANISATIONER');
  return { ...ofStore(some), organisationer: some.PENSION_ORGANISATIONER };
}

/** Reads those of the register. Throws SettingsError. */
export function readRegisterSettings(env: Env): RegisterSettings {
  const some = readSome(env, ...OF_STORE, 'PENSION_ORGANISATIONER', 'PENSION_FORMER_MONTHS');
  return {
    ...ofStore(some),
    organisationer: some.PENSION_ORGANISATIONER,
    formerMonths: some.PENSION_FORMER_MONTHS,
  };
}

const ofStore = (some: Pick<Environment, (typeof OF_STORE)[number]>): StoreSettings => ({
  store: some.PENSION_STORE,
  storeConnections: some.PENSION_STORE_CONNECTIONS,
  storeDurability: some.PENSION_STORE_DURABILITY,
});

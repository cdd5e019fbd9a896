// Are the settings what a start takes? And each of them by itself, so that a wrong one hides no other.

import { readSettings, SettingsError } from '../settings.ts';
import { readSome } from '../some-settings.ts';
import { unknownSettings } from '../unknown-settings.ts';
import { bad, type Finding, good } from './check.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** The settings that can be used, each read by itself; what is missing or wrong is undefined. */
export interface UsableSettings {
  readonly mode: 'on' | 'proxy' | 'off' | undefined;
  readonly host: string | undefined;
  readonly port: number | undefined;
  readonly store: string | undefined;
  readonly storeDurability: 'required' | 'test' | undefined;
  readonly organisationer: string | undefined;
  /** Set and usable; `hasPublicUrl` says whether it is set at all. */
  readonly publicUrl: string | undefined;
  readonly hasPublicUrl: boolean;
  readonly cert: string | undefined;
  readonly key: string | undefined;
  readonly ca: string | undefined;
  readonly crl: string | undefined;
}

/** Reads each setting by itself. */
export function usableSettings(env: Env): UsableSettings {
  const given = (name: string): string | undefined => env[name] || undefined;
  const read = <N extends Parameters<typeof readSome>[1]>(name: N) => {
    try {
      return readSome(env, name)[name];
    } catch (error) {
      if (error instanceof SettingsError) return undefined;
      throw error;
    }
  };
  return {
    mode: read('PENSION_TLS'),
    host: read('PENSION_HOST'),
    port: read('PENSION_PORT'),
    store: read('PENSION_STORE'),
    storeDurability: read('PENSION_STORE_DURABILITY'),
    organisationer: given('PENSION_ORGANISATIONER'),
    publicUrl: read('PENSION_PUBLIC_URL'),
    hasPublicUrl: given('PENSION_PUBLIC_URL') !== undefined,
    cert: given('PENSION_TLS_CERT'),
    key: given('PENSION_TLS_KEY'),
    ca: given('PENSION_TLS_CA'),
    crl: given('PENSION_TLS_CRL'),
  };
}

/**
 * Every problem that would stop a start, each on its own line. A variable that looks like a setting and is none fails
 * too, although a start only warns: what it should have set has its default, and the service runs by another rule
 * than its operator thinks.
 */
export function checkSettings(env: Env): Finding[] {
  const problems = problemsOf(env).map((problem) => {
    const [says, remedy = "Set it as 'pension serve --help' says"] = problem.split(/; (.*)/s);
    return bad('settings', says!, capitalised(remedy));
  });
  const unknown = unknownSettings(env).map((name) =>
    bad(
      'settings',
      `${name} is not a setting of this program; it has no effect`,
      "Correct its name ('pension serve --help' lists them all), or remove it",
    ),
  );
  const findings = [...problems, ...unknown];
  if (findings.length > 0) return findings;
  const count = Object.keys(env).filter((name) => name.startsWith('PENSION_') && env[name]).length;
  return [good('settings', `${count} are set, the others have their defaults, and a start takes them all`)];
}

function problemsOf(env: Env): readonly string[] {
  try {
    readSettings(env);
    return [];
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
}

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

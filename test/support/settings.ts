// Settings as tests read them: what must always be there, and the problems of an environment.

import { expect } from 'chai';
import { readSettings, SettingsError } from '../../src/cli/settings.ts';

/** The settings without which there is no start. */
export const NEEDED = {
  PENSION_TLS_CERT: 'server.pem',
  PENSION_TLS_KEY: 'server.key',
  PENSION_TLS_CA: 'ca.pem',
  PENSION_ORGANISATIONER: 'organisationer.json',
} as const;

/** Every problem that stops a start with this environment; none when it does not. */
export function problemsOf(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  try {
    readSettings(env);
  } catch (error) {
    expect(error).to.be.instanceOf(SettingsError);
    return (error as SettingsError).problems;
  }
  return [];
}

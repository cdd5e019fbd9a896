// Finds variables that look like settings of the service and are none.

import { SETTING_DOCS } from './setting-docs.ts';

/** Variables that look like settings and are none: perhaps misspelt, so the start says so. */
export function unknownSettings(env: Readonly<Record<string, string | undefined>>): string[] {
  const known = new Set(SETTING_DOCS.map((doc) => doc.name));
  return Object.keys(env).filter(
    (name) => name.startsWith('PENSION_') && !name.startsWith('PENSION_TEST_') && !known.has(name),
  );
}

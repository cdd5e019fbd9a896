// Reads the file that a setting names as a start does, and finds why it cannot be.

import { readSettingFile as read } from '../setting-files.ts';
import { SettingsError } from '../settings.ts';
import { bad, type CheckName, type Finding } from './check.ts';

/** A setting that names a file, and what is wrong with a text that it should not hold. */
export interface SettingFile {
  readonly check: CheckName;
  readonly variable: string;
  readonly path: string;
  readonly problemOf: (text: string) => string | undefined;
}

/** The text of the file, or the finding that it cannot be used. */
export function readSettingFile({ check, variable, path, problemOf }: SettingFile): string | Finding {
  try {
    return read(variable, path, problemOf);
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return bad(check, error.message, `Name the right file in ${variable}, and let this user read it`);
  }
}

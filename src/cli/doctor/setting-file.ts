// Reads the file that a setting names, or finds why it cannot be.

import { readFileSync } from 'node:fs';
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
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    return bad(
      check,
      `${variable}: the file ${path} cannot be read (${(error as Error).message})`,
      `Name the right file in ${variable}, and let this user read it`,
    );
  }
  const problem = problemOf(text);
  return problem === undefined
    ? text
    : bad(check, `${variable}: ${path}: ${problem}`, `Name the right file in ${variable}`);
}

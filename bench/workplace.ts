// The folder of one run, beside the prepared stores and so on the same disk; it goes with the process.

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { isInMemory } from './machine.ts';
import { say } from './table.ts';

/** Where stores are kept from run to run. */
export const KEPT = fileURLToPath(new URL('../var/bench/', import.meta.url));

/** Makes the folder of this run. */
export function makeWorkplace(): string {
  mkdirSync(KEPT, { recursive: true });
  if (isInMemory(KEPT))
    say('var/bench/ is in memory: a flush costs nothing there, and the ratios of Saves say little.');
  const folder = mkdtempSync(path.join(KEPT, 'run-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

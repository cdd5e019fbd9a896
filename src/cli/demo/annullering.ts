// The indberetning of the demo by which UDK annuls a forløb: its identifier, and neither block.

import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { demoBorgere } from '../world/demo-borgere.ts';

/** The forløb that the batch of the demo has begun for the citizen who moves. */
const FLYTTERS_FORLOEB = '5f1d0c30-0001-4000-8000-000000000025';

/** Writes the file into the world. Gives its path. */
export function writeAnnullering(dir: string): string {
  const file = path.join(dir, 'annullering.json');
  const indberetning = {
    personnummer: demoBorgere.flytter.personnummer,
    tidligPensionIdentifier: FLYTTERS_FORLOEB,
  };
  writeFileSync(file, `${JSON.stringify(indberetning, null, 2)}\n`, { mode: 0o600 });
  return file;
}

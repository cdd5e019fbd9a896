// The import of the demo by which a citizen moves from one a-kasse to another, today.

import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Dato, dageEfter } from '../../domain/dato.ts';
import { csvLine } from '../csv.ts';
import { MEDLEMSKAB_COLUMNS } from '../medlemskaber/register.ts';
import { demoBorgere } from '../world/demo-borgere.ts';
import { LONG_AGO } from '../world/situationer.ts';

/** From which a-kasse to which the citizen moves. */
export const FLYTNING = { fra: '11', til: '22' } as const;

/** Writes the file into the world, unless it is there: who has moved does not move again. Gives its path. */
export function writeFlytning(dir: string, today: Dato): string {
  const file = path.join(dir, 'flytning.csv');
  if (existsSync(file)) return file;
  const { personnummer } = demoBorgere.flytter;
  const old = [personnummer, FLYTNING.fra, LONG_AGO, dageEfter(today, -1), 'A', '', ''];
  const next = [personnummer, FLYTNING.til, today, '', '', '', ''];
  writeFileSync(file, csvLine(MEDLEMSKAB_COLUMNS) + csvLine(old) + csvLine(next), { mode: 0o600 });
  return file;
}

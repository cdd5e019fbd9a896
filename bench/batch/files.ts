// The files of the batch: a register of members of one a-kasse, and UDK's indberetninger for them.

import { readFileSync, writeFileSync } from 'node:fs';
import { csvLine, readCsv } from '../../src/cli/csv.ts';
import { MEDLEMSKAB_COLUMNS } from '../../src/cli/medlemskaber/register.ts';
import { BATCH_COLUMNS } from '../../src/cli/udk-send/batch.ts';
import { RECEIPT_COLUMNS } from '../../src/cli/udk-send/receipts.ts';
import { citizen, FIRST_FREE_YEAR } from '../load/messages.ts';

/** Writes a register of so many members, each of that a-kasse since long ago. */
export function writeRegister(file: string, citizens: number, akasse: string): void {
  const lines = Array.from({ length: citizens }, (_, number) =>
    csvLine([citizen(number), akasse, '2010-01-01', '', '', '', '']),
  );
  writeFileSync(file, csvLine(MEDLEMSKAB_COLUMNS) + lines.join(''));
}

/** Writes a batch of so many new forløb, spread over the citizens, those of one citizen in years of their own. */
export function writeBatch(file: string, count: number, citizens: number): void {
  const lines = Array.from({ length: count }, (_, number) => {
    const year = FIRST_FREE_YEAR + Math.floor(number / citizens);
    const dates = [`${year}-02-01`, '2026-11-20', `${year}-11-30`];
    return csvLine([`B${number}`, citizen(number % citizens), '', ...dates, '']);
  });
  writeFileSync(file, csvLine(BATCH_COLUMNS) + lines.join(''));
}

/** The identifiers of the forløb that the receipts say are saved. */
export function savedIn(receipts: string): string[] {
  const { records } = readCsv(readFileSync(receipts), RECEIPT_COLUMNS);
  return records
    .map(({ values }) => values as Record<(typeof RECEIPT_COLUMNS)[number], string>)
    .filter(({ outcome }) => outcome === 'saved')
    .map(({ tidligPensionIdentifier }) => tidligPensionIdentifier);
}

/** Of which forløb beskeder came. Throws where one besked stands there twice. */
export function forloebIn(beskeder: string): string[] {
  const lines = readFileSync(beskeder, 'utf8').split('\n').filter(Boolean);
  const all = lines.map(
    (line) => JSON.parse(line) as { messageIdentifier: string; tidligPensionIdentifier: string },
  );
  const own = new Set(all.map(({ messageIdentifier }) => messageIdentifier));
  if (own.size !== all.length) throw new Error(`${all.length - own.size} beskeder came twice`);
  return all.map(({ tidligPensionIdentifier }) => tidligPensionIdentifier);
}

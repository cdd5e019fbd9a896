// What the files of the demo say, for people: the receipts of a batch, and the beskeder that have come.

import { existsSync, readFileSync } from 'node:fs';
import type { Besked } from '../akasse-poll/besked.ts';
import { readCsv } from '../csv.ts';
import { RECEIPT_COLUMNS } from '../udk-send/receipts.ts';

/** The receipts, one a line: reference, outcome, error code. */
export function receiptLines(file: string): string {
  const { records } = readCsv(readFileSync(file), RECEIPT_COLUMNS);
  return records
    .map(
      ({ values }) =>
        `  ${values.reference!.padEnd(36)}${`${values.outcome} ${values.errorCode}`.trimEnd()}\n`,
    )
    .join('');
}

/** How many beskeder a file has; none when it is not there yet. */
export const countBeskeder = (file: string): number => linesOf(file).length;

/** The beskeder of a file after the first so many, one a line: what happened, to whom, which forløb, how it stands. */
export const beskedLines = (file: string, after: number): string =>
  linesOf(file)
    .slice(after)
    .map((line) => {
      const besked = JSON.parse(line) as Besked;
      return `  ${besked.registrationType}  ${besked.personnummer}  ${besked.tidligPensionIdentifier}  ${stateOf(besked)}\n`;
    })
    .join('');

const linesOf = (file: string): string[] =>
  existsSync(file)
    ? readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
    : [];

function stateOf({ overgangTilTidligPension: overgang, kompensationsudbetaling }: Besked): string {
  const blocks = [
    overgang &&
      `from ${overgang.tidligPensionOvergangsdato} to ${overgang.tidligPensionOphoersdato ?? '(no end)'}`,
    kompensationsudbetaling && `kompensation ${kompensationsudbetaling.kompensationsafgoerelsesdato}`,
  ].filter((block) => block !== undefined);
  return blocks.length === 0 ? 'annulled' : blocks.join(', ');
}

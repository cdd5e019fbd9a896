// What a batch came to: by outcome and error code.

import { FEJLKATALOG } from '../../contract/fejlkatalog.ts';
import type { BatchLine } from './batch.ts';
import type { Receipts } from './receipts.ts';

/** Counts of a run. `notSent` are lines without a final receipt that this run did not come to. */
export interface Summary {
  readonly lines: number;
  readonly saved: number;
  readonly refused: number;
  readonly failed: number;
  readonly notSent: number;
  /** How many of the lines had been saved or refused by an earlier run, and were not sent again. */
  readonly earlier: number;
  readonly errorCodes: Readonly<Record<string, number>>;
}

/** Counts what the receipts say of each line. */
export function summarize(lines: readonly BatchLine[], receipts: Receipts, earlier: number): Summary {
  const counts = { saved: 0, refused: 0, failed: 0, notSent: 0 };
  const errorCodes: Record<string, number> = {};
  for (const { reference } of lines) {
    const receipt = receipts.of(reference);
    if (receipt === undefined || receipt.outcome === 'sending') counts.notSent += 1;
    else counts[receipt.outcome] += 1;
    if (receipt?.errorCode) errorCodes[receipt.errorCode] = (errorCodes[receipt.errorCode] ?? 0) + 1;
  }
  return { lines: lines.length, ...counts, earlier, errorCodes };
}

/** The summary for people, one fact a line. */
export function summaryText(summary: Summary): string {
  const row = (name: string, count: number, note = ''): string =>
    `${name.padEnd(10)}${String(count).padStart(7)}${note && `  ${note}`}\n`;
  const codes = Object.entries(summary.errorCodes).map(([code, count]) =>
    row(`  ${code}`, count, FEJLKATALOG[Number(code) as keyof typeof FEJLKATALOG]?.tekst ?? ''),
  );
  return (
    row(
      'lines',
      summary.lines,
      summary.earlier > 0 ? `(${summary.earlier} done by an earlier run, not sent again)` : '',
    ) +
    row('saved', summary.saved) +
    row('refused', summary.refused) +
    row('failed', summary.failed) +
    codes.join('') +
    (summary.notSent > 0 ? row('not sent', summary.notSent, 'run the same command again to go on') : '')
  );
}

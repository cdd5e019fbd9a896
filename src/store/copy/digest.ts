// What a store holds as one digest for each table: the same for the same rows, whatever database they are in.

import { createHash } from 'node:crypto';
import type { CopyReader } from './sides.ts';
import { COPY_STEPS, type CopyKey } from './tables.ts';

/** The rows of a table, and the SHA-256 of them all in their order. */
export interface TableDigest {
  readonly rows: number;
  readonly sha256: string;
}

/** Reads every row; `onRows` is told of them by the page. */
export async function digestsOf(
  reader: CopyReader,
  onRows: (rows: number) => void = () => undefined,
): Promise<Map<string, TableDigest>> {
  const digests = new Map<string, TableDigest>();
  for (const step of COPY_STEPS) {
    const hashes = step.tables.map(() => createHash('sha256'));
    const counts = step.tables.map(() => 0);
    for (let after: CopyKey | undefined; ; ) {
      const page = await reader.page(step, after);
      if (page === undefined) break;
      page.rows.forEach((rows, at) => {
        for (const row of rows) hashes[at]!.update(`${JSON.stringify(row)}\n`);
        counts[at]! += rows.length;
        onRows(rows.length);
      });
      after = page.last;
    }
    step.tables.forEach(({ name }, at) => {
      digests.set(name, { rows: counts[at]!, sha256: hashes[at]!.digest('hex') });
    });
  }
  return digests;
}

/** In which tables, or numbers that were given, two stores differ; those that could not all be read count, too. */
export async function differences(
  [one, other]: readonly [CopyReader, CopyReader],
  onRows: (rows: number) => void = () => undefined,
): Promise<string[]> {
  const [ones, others] = await Promise.all([digestsOf(one, onRows), digestsOf(other, onRows)]);
  const [counts, otherCounts] = [await one.counts(), await other.counts()];
  const [counters, otherCounters] = [await one.counters(), await other.counters()];
  const found = [...ones.keys()].filter(
    (table) =>
      ones.get(table)!.sha256 !== others.get(table)!.sha256 ||
      ones.get(table)!.rows !== counts.get(table) ||
      others.get(table)!.rows !== otherCounts.get(table),
  );
  const numbers = (Object.keys(counters) as (keyof typeof counters)[]).filter(
    (name) => counters[name] !== otherCounters[name],
  );
  return [...found, ...numbers.map((name) => `the counter of ${name}`)];
}

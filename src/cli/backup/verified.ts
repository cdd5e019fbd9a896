// The verification of a store as the commands run it: with a bar on a terminal, and each check as a line.

import type { NotedSeal } from '../../access/audit/verify.ts';
import {
  type CheckResult,
  openRows,
  STORE_CHECKS,
  type StoreContents,
  type StoreRows,
  verifyStore,
} from '../../store/open-store.ts';
import { startGrowingProgress } from '../progress.ts';

/** What was found, and what the store holds. */
export interface Verified {
  readonly checks: readonly CheckResult[];
  /** Undefined where it is so damaged that it cannot be counted; then a check has failed. */
  readonly contents: StoreContents | undefined;
}

/** Times that the checks look at each kind of row, more or less: the bar need not end where it says. */
const LOOKS = 3;

interface VerifyOptions {
  readonly noted?: NotedSeal | undefined;
  readonly onCheck?: (check: CheckResult) => void;
}

/** Verifies a store as it is now. Throws StoreError when it cannot be read, or is of another version. */
export const verified = async (address: string, options: VerifyOptions = {}): Promise<Verified> =>
  verifiedRows(await openRows(address), options);

/** Verifies a store that was opened for it, and closes it. */
export async function verifiedRows(
  rows: StoreRows,
  { noted, onCheck }: VerifyOptions = {},
): Promise<Verified> {
  const progress = startGrowingProgress('looked at');
  try {
    // Damage is what the checks are for: they are made, and name it, also where nothing can be counted.
    const counted = await rows.contents().catch((error: Error) => error);
    const contents = counted instanceof Error ? undefined : counted;
    if (contents) progress.expect(LOOKS * (contents.versions + contents.forloeb) + contents.entries);
    let waiting = 0;
    const tally = (): void => {
      waiting += 1;
      if (waiting < 1_000) return;
      progress.add(waiting);
      waiting = 0;
    };
    const checks: CheckResult[] = [];
    for await (const check of verifyStore(rows, { ...(noted && { noted }), tally })) {
      checks.push(check);
      onCheck?.(check);
    }
    if (counted instanceof Error && failed(checks).length === 0) throw counted;
    return { checks, contents };
  } finally {
    progress.stop();
    await rows.close();
  }
}

const WIDTH = Math.max(...STORE_CHECKS.map(({ id }) => id.length));

/** A check for people: a line, and one for each violation that is named. */
export function checkText({ id, says, ok, looked, counts, found, violations }: CheckResult): string {
  const named = violations.map((violation) => `       ${violation}\n`).join('');
  const more = found > violations.length ? `       … and ${found - violations.length} more\n` : '';
  const what = counts === undefined ? '' : ` (${looked} ${counts})`;
  return `${ok ? 'OK  ' : 'FAIL'} ${id.padEnd(WIDTH)} ${says}${what}\n${named}${more}`;
}

/** The checks that something was found by. */
export const failed = (checks: readonly CheckResult[]): string[] =>
  checks.filter(({ ok }) => !ok).map(({ id }) => id);

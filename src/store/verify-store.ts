// Verifies a store of whatever database: the invariants of the promises, each by a check that names what is wrong.

import { maskPersonnumre } from '../contract/mask.ts';
import type { Circumstances, StoreCheck } from './verify/check.ts';
import { NOT_DAMAGED, SCHEMA_AS_MADE } from './verify/database.ts';
import { NO_OVERLAP } from './verify/periods.ts';
import type { StoreRows } from './verify/rows.ts';
import { DELIVERED_ONCE } from './verify/sequences.ts';
import { TRAIL_VERIFIES } from './verify/trail.ts';
import { IN_ORDER, ONE_BESKED_EACH, SAVED_WHOLE, STANDS_AT_LATEST } from './verify/versions.ts';

/** Every check, in the order in which they are made. */
export const STORE_CHECKS: readonly StoreCheck[] = [
  NOT_DAMAGED,
  SCHEMA_AS_MADE,
  STANDS_AT_LATEST,
  ONE_BESKED_EACH,
  SAVED_WHOLE,
  DELIVERED_ONCE,
  IN_ORDER,
  TRAIL_VERIFIES,
  NO_OVERLAP,
];

/** Violations of one check that are named. */
const NAMED = 10;

/** What one check found. */
export interface CheckResult {
  readonly id: string;
  readonly says: string;
  readonly ok: boolean;
  /** How many were looked at, and of what; nothing where that cannot be counted. */
  readonly looked?: number;
  readonly counts?: string;
  /** How many violations there are, and the first of them. */
  readonly found: number;
  readonly violations: readonly string[];
}

/** Makes every check, one after the other, and gives what each found. What cannot be read is itself a violation. */
export async function* verifyStore(
  rows: StoreRows,
  { noted, tally }: Partial<Circumstances> = {},
): AsyncGenerator<CheckResult> {
  for (const check of STORE_CHECKS) {
    let looked = 0;
    const circumstances = {
      ...(noted && { noted }),
      tally: () => {
        looked += 1;
        tally?.();
      },
    };
    const violations: string[] = [];
    let found = 0;
    for await (const violation of findings(check, rows, circumstances)) {
      found += 1;
      if (violations.length < NAMED) violations.push(violation);
    }
    const { id, says, counts } = check;
    yield { id, says, ok: found === 0, ...(counts !== '' && { looked, counts }), found, violations };
  }
}

async function* findings(
  check: StoreCheck,
  rows: StoreRows,
  circumstances: Circumstances,
): AsyncGenerator<string> {
  try {
    yield* check.find(rows, circumstances);
  } catch (error) {
    yield `it cannot be looked at: ${maskPersonnumre((error as Error).message)}`;
  }
}

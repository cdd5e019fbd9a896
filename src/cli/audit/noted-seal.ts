// A seal as it was noted elsewhere: `NR:HASH`.

import type { NotedSeal } from '../../access/audit/verify.ts';
import { UsageError } from '../outcome.ts';

/** Reads the value of `--seal`. Throws UsageError. */
export function readNotedSeal(text: string): NotedSeal {
  const match = /^([1-9][0-9]{0,14}):([0-9a-f]{64})$/.exec(text.toLowerCase());
  if (match === null)
    throw new UsageError(
      '--seal must be NR:HASH with 64 hexadecimal digits, as pension audit verify prints it.',
    );
  return { nr: Number(match[1]), hash: match[2]! };
}

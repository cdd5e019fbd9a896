// Rolls idle sequences back: their beskeder come again, in the place they had. Looked at when a sequence stands in the
// way or is called, and from time to time.

import {
  type Circumstances,
  type Grund,
  idleAmong,
  type Occasion,
  rollBackEntry,
  whyOver,
} from '../kept/roll-back.ts';
import type { SequenceRow } from '../kept/sequence.ts';
import type { Statements } from './statements.ts';

/**
 * Rolls the sequence back if it is open and must not go on, with an entry of its own; gives whether it did. The sequence
 * must be locked.
 */
export async function rollBackIfOver(
  statements: Statements,
  sequence: SequenceRow,
  circumstances: Circumstances,
  occasion: Occasion,
  now: Date,
): Promise<boolean> {
  const grund = whyOver(sequence, circumstances, now);
  if (grund !== undefined) await rollBack(statements, sequence, grund, occasion, now);
  return grund !== undefined;
}

async function rollBack(
  statements: Statements,
  sequence: SequenceRow,
  grund: Grund,
  occasion: Occasion,
  now: Date,
): Promise<void> {
  await statements.sequence.end(sequence, 'rolled-back', now);
  await statements.audit.add(rollBackEntry(sequence, grund, occasion, now));
}

/** Rolls back every sequence that has been idle for so long; gives their identifiers. Another process may be at it too. */
export async function rollBackAllIdle(
  statements: Statements,
  idleMinutes: number,
  occasion: Occasion,
  now: Date,
): Promise<string[]> {
  const found = idleAmong(await statements.sequence.allOpen(), idleMinutes, now);
  const still = idleAmong(await statements.sequence.lockOpen(found), idleMinutes, now);
  for (const sequence of still) await rollBack(statements, sequence, 'inaktiv', occasion, now);
  return still.map(({ identifier }) => identifier);
}

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

/** Rolls the sequence back if it is open and must not go on, with an entry of its own; gives whether it did. */
export function rollBackIfOver(
  statements: Statements,
  sequence: SequenceRow,
  circumstances: Circumstances,
  occasion: Occasion,
  now: Date,
): boolean {
  const grund = whyOver(sequence, circumstances, now);
  if (grund !== undefined) rollBack(statements, sequence, grund, occasion, now);
  return grund !== undefined;
}

function rollBack(
  statements: Statements,
  sequence: SequenceRow,
  grund: Grund,
  occasion: Occasion,
  now: Date,
): void {
  statements.sequence.end(sequence, 'rolled-back', now);
  statements.audit.add(rollBackEntry(sequence, grund, occasion, now));
}

/** Rolls back every sequence that has been idle for so long; gives their identifiers. */
export const rollBackAllIdle = (
  statements: Statements,
  idleMinutes: number,
  occasion: Occasion,
  now: Date,
): string[] =>
  idleAmong(statements.sequence.allOpen(), idleMinutes, now).map((sequence) => {
    rollBack(statements, sequence, 'inaktiv', occasion, now);
    return sequence.identifier;
  });

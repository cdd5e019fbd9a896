// Rolls idle sequences back: their beskeder come again, in the place they had. Looked at when a sequence stands in the
// way or is called, and from time to time.

import type { NewAuditEntry } from '../../access/audit/entry.ts';
import { isIdle } from '../../notify/pull/transfer.ts';
import type { SequenceRow } from './sequence.ts';
import type { Statements } from './statements.ts';

/** The time and id that its entry is written with. */
type Occasion = Pick<NewAuditEntry, 'correlationId'>;

/** Rolls the sequence back if it is open and idle, with an entry of its own; gives whether it did. */
export function rollBackIfIdle(
  statements: Statements,
  sequence: SequenceRow,
  idleMinutes: number,
  { correlationId }: Occasion,
  now: Date,
): boolean {
  if (sequence.state !== 'open' || !isIdle(new Date(sequence.lastCall), now, idleMinutes)) return false;
  statements.sequence.end(sequence, 'rolled-back', now);
  statements.audit.add({
    tidspunkt: now.toISOString(),
    correlationId,
    operation: 'RulSequenceTilbage',
    udfald: 'udfoert',
    system: 'pension',
    modtager: sequence.akasse,
    sequence: sequence.identifier,
  });
  return true;
}

/** Rolls back every sequence that has been idle for so long; gives their identifiers. */
export const rollBackAllIdle = (
  statements: Statements,
  idleMinutes: number,
  occasion: Occasion,
  now: Date,
): string[] =>
  statements.sequence
    .allOpen()
    .filter((sequence) => rollBackIfIdle(statements, sequence, idleMinutes, occasion, now))
    .map(({ identifier }) => identifier);

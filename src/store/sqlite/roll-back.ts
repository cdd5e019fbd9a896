// Rolls idle sequences back: their beskeder come again, in the place they had. Looked at when a sequence stands in the
// way or is called, and from time to time.

import type { NewAuditEntry } from '../../access/audit/entry.ts';
import { isIdle } from '../../notify/pull/transfer.ts';
import type { Koe } from '../outbox.ts';
import type { SequenceRow } from './sequence.ts';
import type { Statements } from './statements.ts';

/** The time and id that its entry is written with. */
type Occasion = Pick<NewAuditEntry, 'correlationId'>;

/** Whose call it is, and how long a sequence may be idle. */
interface Circumstances {
  readonly koe: Koe;
  readonly idleMinutes: number;
}

/**
 * Rolls the sequence back if it is open and must not go on, with an entry of its own; gives whether it did. It has been
 * idle for too long; or a merger of a-kasser was undone, and what it holds is not all that of one a-kasse any more.
 */
export function rollBackIfOver(
  statements: Statements,
  sequence: SequenceRow,
  { koe, idleMinutes }: Circumstances,
  occasion: Occasion,
  now: Date,
): boolean {
  if (sequence.state !== 'open') return false;
  const isOneQueue = [sequence.akasse, ...sequence.koder].every((kode) => koe.koder.includes(kode));
  if (!isOneQueue) rollBack(statements, sequence, 'afloeser', occasion, now);
  else if (isIdle(new Date(sequence.lastCall), now, idleMinutes))
    rollBack(statements, sequence, 'inaktiv', occasion, now);
  else return false;
  return true;
}

function rollBack(
  statements: Statements,
  sequence: SequenceRow,
  grund: 'inaktiv' | 'afloeser',
  { correlationId }: Occasion,
  now: Date,
): void {
  statements.sequence.end(sequence, 'rolled-back', now);
  statements.audit.add({
    tidspunkt: now.toISOString(),
    correlationId,
    operation: 'RulSequenceTilbage',
    udfald: 'udfoert',
    system: 'pension',
    modtager: sequence.akasse,
    detaljer: JSON.stringify({ grund }),
    sequence: sequence.identifier,
  });
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
    .filter(({ lastCall }) => isIdle(new Date(lastCall), now, idleMinutes))
    .map((sequence) => {
      rollBack(statements, sequence, 'inaktiv', occasion, now);
      return sequence.identifier;
    });

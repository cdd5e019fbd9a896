// When a sequence must not go on, and the entry of it being rolled back.

import type { NewAuditEntry } from '../../access/audit/entry.ts';
import { isIdle } from '../../notify/pull/transfer.ts';
import type { Koe } from '../outbox.ts';
import type { SequenceRow } from './sequence.ts';

/** What the entry of a roll-back has in common with the call or the look that found it. */
export type Occasion = Pick<NewAuditEntry, 'correlationId'>;

/** Whose call it is, and how long a sequence may be idle. */
export interface Circumstances {
  readonly koe: Koe;
  readonly idleMinutes: number;
}

/** Why a sequence is rolled back. */
export type Grund = 'inaktiv' | 'afloeser';

/**
 * Why an open sequence must not go on, if it must not: it has been idle for too long; or a merger of a-kasser was undone,
 * and what it holds is not all that of one a-kasse any more.
 */
export function whyOver(
  sequence: SequenceRow,
  { koe, idleMinutes }: Circumstances,
  now: Date,
): Grund | undefined {
  if (sequence.state !== 'open') return undefined;
  const isOneQueue = [sequence.akasse, ...sequence.koder].every((kode) => koe.koder.includes(kode));
  if (!isOneQueue) return 'afloeser';
  return isIdle(new Date(sequence.lastCall), now, idleMinutes) ? 'inaktiv' : undefined;
}

/** Those that have been idle for so long. */
export const idleAmong = (open: readonly SequenceRow[], idleMinutes: number, now: Date): SequenceRow[] =>
  open.filter(({ lastCall }) => isIdle(new Date(lastCall), now, idleMinutes));

/** The entry of a roll-back. */
export const rollBackEntry = (
  sequence: SequenceRow,
  grund: Grund,
  { correlationId }: Occasion,
  now: Date,
): NewAuditEntry => ({
  tidspunkt: now.toISOString(),
  correlationId,
  operation: 'RulSequenceTilbage',
  udfald: 'udfoert',
  system: 'pension',
  modtager: sequence.akasse,
  detaljer: JSON.stringify({ grund }),
  sequence: sequence.identifier,
});

// What operators are shown of the outbox, and the entries of their looks, from what a database keeps.

import type { NewAuditEntry } from '../../access/audit/entry.ts';
import type { AkasseKode } from '../../domain/medlemskab.ts';
import type { Personnummer } from '../../domain/personnummer.ts';
import type { OutboxFinding, QueueLength, QueueOverview } from '../outbox.ts';
import { type SequenceRow, toSequenceFacts } from './sequence.ts';

/** When an a-kasse last called for its queue. */
export interface Poll {
  readonly akasse: AkasseKode;
  readonly lastPoll: string;
}

/** Every queue in which something waits, that has an open sequence, or whose a-kasse has ever called; by code. */
export function queuesOf(
  lengths: readonly QueueLength[],
  open: readonly SequenceRow[],
  polls: readonly Poll[],
): QueueOverview[] {
  const lengthOf = new Map(lengths.map((queue) => [queue.akasse, queue]));
  const openOf = new Map(open.map((one) => [one.akasse, one]));
  const pollOf = new Map(polls.map(({ akasse, lastPoll }) => [akasse, lastPoll]));
  const codes = new Set([...lengthOf.keys(), ...openOf.keys(), ...pollOf.keys()]);
  return [...codes].sort().map((akasse) => {
    const [length, sequence, lastPoll] = [lengthOf.get(akasse), openOf.get(akasse), pollOf.get(akasse)];
    return {
      akasse,
      waiting: length?.waiting ?? 0,
      ...(length && { oldest: length.oldest }),
      ...(sequence && { open: toSequenceFacts(sequence) }),
      ...(lastPoll && { lastPoll }),
    };
  });
}

/** What the entry of a look says it was about: the sequence, or the citizen. */
export const about = (
  identifier: string,
  found: OutboxFinding | undefined,
): { readonly sequence?: string; readonly personnummer?: Personnummer } => {
  if (found?.sequence !== undefined) return { sequence: identifier };
  const [first] = found?.beskeder ?? [];
  return first === undefined ? {} : { personnummer: first.personnummer };
};

/** The entry of an operator's closing of a sequence, as it was found. */
export const closingEntry = (
  entry: NewAuditEntry,
  identifier: string,
  found: SequenceRow | undefined,
): NewAuditEntry => ({
  ...entry,
  detaljer: JSON.stringify({ identifier, var: found?.state ?? null }),
  ...(found && { modtager: found.akasse, sequence: identifier }),
});

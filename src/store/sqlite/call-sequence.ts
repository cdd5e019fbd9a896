// A call on a sequence as a transaction: the sequence in its state, what the table of the transfer says, and then that
// and its audit entry, or the entry of the refusal alone.

import { ok, type Resultat } from '../../contract/fejlkatalog.ts';
import type { Besked } from '../../domain/besked.ts';
import { decideCall, type SequenceEffect, type SequenceOperation } from '../../notify/pull/transfer.ts';
import type { SequenceRow } from '../kept/sequence.ts';
import type { SequenceCommand } from '../outbox.ts';
import { rollBackIfOver } from './roll-back.ts';
import type { Statements } from './statements.ts';

/** The beskeder of an open sequence, in order. Runs inside a write transaction. */
export function fetchSequence(
  statements: Statements,
  command: SequenceCommand<'GetTidligPensionVersion1'>,
  now: Date,
): Resultat<readonly Besked[]> {
  const called = callSequence(statements, command, now);
  if (!called.ok) return called;
  const { sequence } = called.value;
  statements.sequence.markFetched(sequence, now);
  return ok(statements.besked.heldBy(sequence.sequenceNr));
}

/** Ends a sequence, or gives the answer that it got when it ended. Runs inside a write transaction. */
export function endSequence(
  statements: Statements,
  command: SequenceCommand<'TerminateSequence' | 'CloseSequence'>,
  now: Date,
): Resultat<undefined> {
  const called = callSequence(statements, command, now);
  if (!called.ok) return called;
  const { sequence, effect } = called.value;
  if (effect === 'remove') statements.sequence.end(sequence, 'terminated', now);
  if (effect === 'release') statements.sequence.end(sequence, 'closed', now);
  return ok(undefined);
}

/**
 * Finds the sequence among those of the a-kasse, and judges the call. Its entry is written either way; the idle clock of
 * an open one restarts.
 */
function callSequence(
  statements: Statements,
  { kald, koe, operation, identifier, idleMinutes }: SequenceCommand<SequenceOperation>,
  now: Date,
): Resultat<{ readonly sequence: SequenceRow; readonly effect: SequenceEffect }> {
  statements.sequence.polled(koe.akasse, now);
  const found = statements.sequence.named(identifier);
  const sequence = found !== undefined && koe.koder.includes(found.akasse) ? found : undefined;
  const state =
    sequence !== undefined && rollBackIfOver(statements, sequence, { koe, idleMinutes }, kald, now)
      ? 'rolled-back'
      : sequence?.state;
  const verdict = decideCall(operation, identifier, state);
  statements.audit.addCall(
    { ...kald, operation, sequence: identifier },
    verdict.ok ? {} : { fejlkode: verdict.fejl.kode },
  );
  if (!verdict.ok) return verdict;
  const effect = verdict.value;
  if (effect !== 'nothing') statements.sequence.touch(sequence!, now);
  return ok({ sequence: sequence!, effect });
}

// A call on a sequence as a transaction: the sequence in its state, what the table of the transfer says, and then that
// and its audit entry, or the entry of the refusal alone.

import { ok, type Resultat } from '../../contract/fejlkatalog.ts';
import type { Besked } from '../../domain/besked.ts';
import { decideCall, type SequenceEffect, type SequenceOperation } from '../../notify/pull/transfer.ts';
import type { SequenceRow } from '../kept/sequence.ts';
import type { SequenceCommand } from '../outbox.ts';
import { rollBackIfOver } from './roll-back.ts';
import type { Statements } from './statements.ts';

/** The beskeder of an open sequence, in order. Runs inside a transaction. */
export async function fetchSequence(
  statements: Statements,
  command: SequenceCommand<'GetTidligPensionVersion1'>,
  now: Date,
): Promise<Resultat<readonly Besked[]>> {
  const called = await callSequence(statements, command, now);
  if (!called.ok) return called;
  const { sequence } = called.value;
  await statements.sequence.markFetched(sequence, now);
  return ok(await statements.besked.heldBy(sequence.sequenceNr));
}

/** Ends a sequence, or gives the answer that it got when it ended. Runs inside a transaction. */
export async function endSequence(
  statements: Statements,
  command: SequenceCommand<'TerminateSequence' | 'CloseSequence'>,
  now: Date,
): Promise<Resultat<undefined>> {
  const called = await callSequence(statements, command, now);
  if (!called.ok) return called;
  const { sequence, effect } = called.value;
  if (effect === 'remove') await statements.sequence.end(sequence, 'terminated', now);
  if (effect === 'release') await statements.sequence.end(sequence, 'closed', now);
  return ok(undefined);
}

/**
 * Finds the sequence among those of the a-kasse, and judges the call. Its entry is written either way; the idle clock of
 * an open one restarts.
 */
async function callSequence(
  statements: Statements,
  { kald, koe, operation, identifier, idleMinutes }: SequenceCommand<SequenceOperation>,
  now: Date,
): Promise<Resultat<{ readonly sequence: SequenceRow; readonly effect: SequenceEffect }>> {
  await statements.sequence.polled(koe, now);
  const found = await statements.sequence.named(identifier);
  const sequence = found !== undefined && koe.koder.includes(found.akasse) ? found : undefined;
  const state =
    sequence !== undefined && (await rollBackIfOver(statements, sequence, { koe, idleMinutes }, kald, now))
      ? 'rolled-back'
      : sequence?.state;
  const verdict = decideCall(operation, identifier, state);
  await statements.audit.addCall(
    { ...kald, operation, sequence: identifier },
    verdict.ok ? {} : { fejlkode: verdict.fejl.kode },
  );
  if (!verdict.ok) return verdict;
  const effect = verdict.value;
  if (effect !== 'nothing') await statements.sequence.touch(sequence!, now);
  return ok({ sequence: sequence!, effect });
}

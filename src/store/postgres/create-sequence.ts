// CreateSequence as a transaction: what has been idle is rolled back, what waits is held by a new sequence, and the
// audit entry says what that is.

import { ok, type Resultat } from '../../contract/fejlkatalog.ts';
import { LIMITS } from '../../contract/limits.ts';
import { alreadyOpen } from '../../notify/pull/transfer.ts';
import { contentOf, type SequenceRow, shares } from '../kept/sequence.ts';
import type { CreateSequenceCommand } from '../outbox.ts';
import { rollBackIfOver } from './roll-back.ts';
import type { Statements } from './statements.ts';

/** Opens a sequence over the oldest beskeder of the queue, unless one is open. Runs inside a transaction. */
export async function createSequence(
  statements: Statements,
  command: CreateSequenceCommand,
  now: Date,
): Promise<Resultat<{ readonly antal: number }>> {
  const { kald, koe, identifier } = command;
  const call = { ...kald, operation: 'CreateSequence' as const };
  await statements.sequence.polled(koe, now);
  const open = await findOpen(statements, command, now);
  if (open !== undefined) {
    const refusal = alreadyOpen(open.identifier);
    await statements.audit.addCall({ ...call, sequence: open.identifier }, { fejlkode: refusal.fejl.kode });
    return refusal;
  }
  const beskeder = await statements.besked.toDeliver(koe.koder, LIMITS.maxSequence);
  await statements.sequence.open(
    identifier,
    koe,
    beskeder.map(({ beskedNr }) => beskedNr),
    now,
  );
  await statements.audit.addCall({ ...call, sequence: identifier }, { detaljer: contentOf(beskeder) });
  return ok({ antal: beskeder.length });
}

/** The sequence that stands in the way, if one does that is not over. */
async function findOpen(
  statements: Statements,
  { kald, koe, idleMinutes }: CreateSequenceCommand,
  now: Date,
): Promise<SequenceRow | undefined> {
  const found = (await statements.sequence.allOpen()).filter((sequence) => shares(sequence, koe.koder));
  for (const sequence of await statements.sequence.lockOpen(found)) {
    if (!(await rollBackIfOver(statements, sequence, { koe, idleMinutes }, kald, now))) return sequence;
  }
  return undefined;
}

// CreateSequence as a transaction: what has been idle is rolled back, what waits is held by a new sequence, and the
// audit entry says what that is.

import { ok, type Resultat } from '../../contract/fejlkatalog.ts';
import { LIMITS } from '../../contract/limits.ts';
import { alreadyOpen } from '../../notify/pull/transfer.ts';
import { contentOf, shares } from '../kept/sequence.ts';
import type { CreateSequenceCommand } from '../outbox.ts';
import { rollBackIfOver } from './roll-back.ts';
import type { Statements } from './statements.ts';

/** Opens a sequence over the oldest beskeder of the queue, unless one is open. Runs inside a write transaction. */
export function createSequence(
  statements: Statements,
  { kald, koe, identifier, idleMinutes }: CreateSequenceCommand,
  now: Date,
): Resultat<{ readonly antal: number }> {
  const call = { ...kald, operation: 'CreateSequence' as const };
  statements.sequence.polled(koe.akasse, now);
  const open = statements.sequence
    .allOpen()
    .filter((sequence) => shares(sequence, koe.koder))
    .find((sequence) => !rollBackIfOver(statements, sequence, { koe, idleMinutes }, kald, now));
  if (open !== undefined) {
    const refusal = alreadyOpen(open.identifier);
    statements.audit.addCall({ ...call, sequence: open.identifier }, { fejlkode: refusal.fejl.kode });
    return refusal;
  }
  const beskeder = statements.besked.toDeliver(koe.koder, LIMITS.maxSequence);
  statements.sequence.open(
    identifier,
    koe,
    beskeder.map(({ beskedNr }) => beskedNr),
    now,
  );
  statements.audit.addCall({ ...call, sequence: identifier }, { detaljer: contentOf(beskeder) });
  return ok({ antal: beskeder.length });
}

// Every statement on a connection, by what it is about.

import type { StorePorts } from '../store.ts';
import { auditStatements } from './audit.ts';
import { gatheringStatements } from './audit-gathering.ts';
import { numberingStatements } from './audit-numbering.ts';
import { sealStatements } from './audit-seals.ts';
import { beskedStatements } from './besked.ts';
import { type Session, statement } from './connection.ts';
import { forloebStatements } from './forloeb.ts';
import { medlemskabStatements } from './medlemskab.ts';
import { careStatements } from './outbox-care.ts';
import { watchStatements } from './outbox-watch.ts';
import { requeueStatements } from './requeue.ts';
import { sequenceStatements } from './sequence.ts';

const LOCK_MANY = statement('SELECT generation FROM medlemskab_register FOR UPDATE');

/** All of them, in the caller's transaction. */
export function statementsOf(session: Session, ports: StorePorts) {
  const audit = auditStatements(session);
  const besked = beskedStatements(session);
  const sequence = sequenceStatements(session);
  const watch = watchStatements(session);
  return {
    forloeb: forloebStatements(session),
    besked,
    ...requeueStatements(session, besked),
    sequence,
    watch,
    care: careStatements(session, { audit, sequence, watch }),
    medlemskab: medlemskabStatements(session),
    audit,
    gathering: gatheringStatements(session, audit),
    numbering: numberingStatements(session, ports),
    seals: sealStatements(session),
    /**
     * Gives the generation of the register. From here on nobody else locks many citizens until the transaction ends, so
     * that no two wait for each other.
     */
    lockMany: async (): Promise<number> =>
      (await session.one<{ readonly generation: number }>(LOCK_MANY))!.generation,
  };
}

export type Statements = ReturnType<typeof statementsOf>;

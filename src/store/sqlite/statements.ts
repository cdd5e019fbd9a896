// Every prepared statement of a connection, by what it is about.

import type { StorePorts } from '../store.ts';
import { auditStatements } from './audit.ts';
import { gatheringStatements } from './audit-gathering.ts';
import { sealStatements } from './audit-seals.ts';
import { beskedStatements } from './besked.ts';
import type { Connection } from './connection.ts';
import { forloebStatements } from './forloeb.ts';
import { medlemskabStatements } from './medlemskab.ts';
import { careStatements } from './outbox-care.ts';
import { watchStatements } from './outbox-watch.ts';
import { requeueStatements } from './requeue.ts';
import { sequenceStatements } from './sequence.ts';

/** Prepares them all. The schema must be in place. */
export function prepareStatements(db: Connection, ports: StorePorts) {
  const audit = auditStatements(db, ports);
  const besked = beskedStatements(db);
  const sequence = sequenceStatements(db);
  const watch = watchStatements(db);
  return {
    forloeb: forloebStatements(db),
    besked,
    ...requeueStatements(db, besked),
    sequence,
    watch,
    care: careStatements(db, { audit, sequence, watch }),
    medlemskab: medlemskabStatements(db),
    audit,
    gathering: gatheringStatements(db, audit),
    seals: sealStatements(db),
  };
}

export type Statements = ReturnType<typeof prepareStatements>;

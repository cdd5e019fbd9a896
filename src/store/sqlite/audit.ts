// Adds entries to the audit trail. There is no way here to change or remove one.

import { digestOf, faceOf, sidesOf } from '../../access/audit/digest.ts';
import { AUDIT_FIELDS, type NewAuditEntry } from '../../access/audit/entry.ts';
import type { Kald } from '../kald.ts';
import { ENTRY_COLUMNS } from '../kept/audit.ts';
import { entryOf, type Udfald } from '../kept/call-entry.ts';
import { demandWritten } from '../kept/row.ts';
import type { StorePorts } from '../store.ts';
import type { Connection } from './connection.ts';

/** The statements that add to the audit trail, prepared once for a connection. They run inside the caller's transaction. */
export function auditStatements(db: Connection, ports: StorePorts) {
  const insert = db.prepare(
    `INSERT INTO audit_entry (${ENTRY_COLUMNS}, salt, digest)
     VALUES (${AUDIT_FIELDS.map(() => '?').join(', ')}, ?, ?)`,
  );
  const lastSeq = db
    .prepare<[], number | null>(
      `SELECT max((SELECT coalesce(max(seq), 0) FROM audit_entry),
                  coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'audit_entry'), 0))`,
    )
    .pluck();

  /** Adds an entry with the next number, its salt where it has something to hide, and its digest. */
  const add = (entry: NewAuditEntry): void => {
    const numbered = { ...entry, seq: lastSeq.get()! + 1 };
    const sides = sidesOf(numbered);
    const salt = sides.hidden && Buffer.from(ports.newSalt());
    const digest = digestOf(faceOf(sides, salt?.toString('hex')));
    const { changes } = insert.run(
      ...AUDIT_FIELDS.map(({ name }) => numbered[name] ?? null),
      salt ?? null,
      Buffer.from(digest, 'hex'),
    );
    demandWritten(changes, 'audit_entry');
  };
  return {
    add,
    /** Adds the entry of one call. */
    addCall: (kald: Kald, udfald: Udfald): void => add(entryOf(kald, udfald)),
  };
}

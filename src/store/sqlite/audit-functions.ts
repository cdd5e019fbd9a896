// What SQL cannot compute of an audit entry: offered to the step that brings an older trail to the sealed form.

import { digestOf, faceOf, sidesOf } from '../../access/audit/digest.ts';
import type { AuditEntry } from '../../access/audit/entry.ts';
import type { Connection } from './connection.ts';

/** Defines `audit_digest(json, salt)` and `audit_hides(json)` on the connection. */
export function offerAuditFunctions(db: Connection): void {
  db.function('audit_hides', { deterministic: true }, (json) => (sidesOf(entryOf(json)).hidden ? 1 : 0));
  db.function('audit_digest', { deterministic: true }, (json, salt) => {
    const face = faceOf(sidesOf(entryOf(json)), Buffer.from(salt as Uint8Array).toString('hex'));
    return Buffer.from(digestOf(face), 'hex');
  });
}

/** JSON as SQLite makes it of a row, with null for what is not there. */
const entryOf = (json: unknown): AuditEntry =>
  JSON.parse(json as string, (_, value: unknown) => value ?? undefined) as AuditEntry;

// Seals what has been added to the audit trail, in batches. What the entries say is not read for it: each has its digest.

import { makeSeal, SEAL_ENTRIES, type SealedEntry, sealedLines } from '../../access/audit/seal.ts';
import type { Connection } from './connection.ts';

/** The statements that seal, prepared once for a connection. They run inside the caller's transaction. */
export function sealStatements(db: Connection) {
  const last = db.prepare<[], { nr: number; hash: string; sidste: number }>(
    'SELECT nr, hash, sidste FROM audit_seal ORDER BY nr DESC LIMIT 1',
  );
  const unsealed = db.prepare<[number, number], SealedEntry>(
    'SELECT seq, lower(hex(digest)) AS digest FROM audit_entry WHERE seq > ? ORDER BY seq LIMIT ?',
  );
  const insert = db.prepare(
    `INSERT INTO audit_seal (nr, tidspunkt, sidste, entries, forrige, indhold, hash)
     VALUES (:nr, :tidspunkt, :sidste, :entries, :forrige, :indhold, :hash)`,
  );
  return {
    /** Seals the next batch. True when there may be more. */
    sealNext(now: Date): boolean {
      const previous = last.get();
      const entries = unsealed.all(previous?.sidste ?? 0, SEAL_ENTRIES);
      if (entries.length === 0) return false;
      const seal = makeSeal(previous, entries, now);
      insert.run({ ...seal, sidste: entries.at(-1)!.seq, entries: sealedLines(entries) });
      return entries.length === SEAL_ENTRIES;
    },
  };
}

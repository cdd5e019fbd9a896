// Seals what has been added to the audit trail, in batches. What the entries say is not read for it: each has its digest.

import {
  type FullSeal,
  makeSeal,
  SEAL_ENTRIES,
  type SealedEntry,
  sealedLines,
} from '../../access/audit/seal.ts';
import { demandWritten } from '../kept/row.ts';
import type { Connection } from './connection.ts';

/** The statements that seal, prepared once for a connection. They run inside the caller's transaction. */
export function sealStatements(db: Connection) {
  const last = db.prepare<[], { nr: number; hash: string; sidste: number }>(
    'SELECT nr, hash, sidste FROM audit_seal ORDER BY nr DESC LIMIT 1',
  );
  const counter = db.prepare<[], number>(`SELECT seq FROM sqlite_sequence WHERE name = 'audit_seal'`).pluck();
  const unsealed = db.prepare<[number, number], SealedEntry>(
    'SELECT seq, lower(hex(digest)) AS digest FROM audit_entry WHERE seq > ? ORDER BY seq LIMIT ?',
  );
  const insert = db.prepare(
    `INSERT INTO audit_seal (nr, tidspunkt, sidste, entries, forrige, indhold, hash)
     VALUES (:nr, :tidspunkt, :sidste, :entries, :forrige, :indhold, :hash)`,
  );
  return {
    /**
     * Seals the next batch and gives its seal, if there was anything to seal. Throws when the last seal has been
     * removed: making it anew would hide that, and what was done to its entries.
     */
    sealNext(now: Date): FullSeal | undefined {
      const previous = last.get();
      const made = counter.get() ?? 0;
      if (made > (previous?.nr ?? 0)) {
        throw new Error(`seal ${made} of the audit trail has been removed; run pension audit verify`);
      }
      const entries = unsealed.all(previous?.sidste ?? 0, SEAL_ENTRIES);
      if (entries.length === 0) return undefined;
      const seal = makeSeal(previous, entries, now);
      const { changes } = insert.run({ ...seal, sidste: entries.at(-1)!.seq, entries: sealedLines(entries) });
      demandWritten(changes, 'audit_seal');
      return seal;
    },
  };
}

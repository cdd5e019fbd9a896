// Seals what has been added to the audit trail, in batches. What the entries say is not read for it: each has its digest.

import {
  type FullSeal,
  makeSeal,
  SEAL_ENTRIES,
  type SealedEntry,
  sealedLines,
} from '../../access/audit/seal.ts';
import { demandWritten } from '../kept/row.ts';
import { type Session, statement } from './connection.ts';

const MADE = statement(`SELECT value FROM audit_counter WHERE name = 'audit_seal' FOR UPDATE`);
const LAST = statement('SELECT nr, hash, sidste FROM audit_seal ORDER BY nr DESC LIMIT 1');
const UNSEALED = statement(
  `SELECT seq, encode(digest, 'hex') AS digest FROM audit_entry WHERE seq > $1 ORDER BY seq LIMIT ${SEAL_ENTRIES}`,
);
const INSERT = statement(
  'INSERT INTO audit_seal (nr, tidspunkt, sidste, entries, forrige, indhold, hash) VALUES ($1, $2, $3, $4, $5, $6, $7)',
);

/** The statements that seal, in the caller's transaction. */
export const sealStatements = (session: Session) => ({
  /**
   * Seals the next batch and gives its seal, if there was anything to seal. Throws when the last seal has been
   * removed: making it anew would hide that, and what was done to its entries.
   */
  async sealNext(now: Date): Promise<FullSeal | undefined> {
    const { value: made } = (await session.one<{ readonly value: number }>(MADE))!;
    const previous = await session.one<{
      readonly nr: number;
      readonly hash: string;
      readonly sidste: number;
    }>(LAST);
    if (made > (previous?.nr ?? 0))
      throw new Error(`seal ${made} of the audit trail has been removed; run pension audit verify`);
    const entries = await session.all<SealedEntry>(UNSEALED, [previous?.sidste ?? 0]);
    if (entries.length === 0) return undefined;
    const seal = makeSeal(previous, entries, now);
    const { nr, tidspunkt, forrige, indhold, hash } = seal;
    const values = [nr, tidspunkt, entries.at(-1)!.seq, sealedLines(entries), forrige, indhold, hash];
    demandWritten(await session.run(INSERT, values), 'audit_seal');
    return seal;
  },
});

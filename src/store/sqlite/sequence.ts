// Reads and writes sequences and what they hold.

import type { AkasseKode } from '../../domain/medlemskab.ts';
import type { SequenceState } from '../../notify/pull/transfer.ts';
import { demandWritten } from '../kept/row.ts';
import { type RawSequence, SEQUENCE_COLUMNS, type SequenceRow, toSequence } from '../kept/sequence.ts';
import type { Koe } from '../outbox.ts';
import type { Connection } from './connection.ts';

/** The statements on sequences, prepared once for a connection. They run inside the caller's transaction. */
export function sequenceStatements(db: Connection) {
  const insert = db.prepare(
    `INSERT INTO sequence (identifier, akasse, koder, state, antal, opened, last_call, ended)
     VALUES (:identifier, :akasse, :koder, :state, :antal, :now, :now, iif(:state = 'open', NULL, :now))`,
  );
  const hold = db.prepare(
    `INSERT INTO sequence_besked (sequence_nr, besked_nr, personnummer)
     SELECT ?, besked_nr, personnummer FROM besked WHERE besked_nr IN (SELECT value FROM json_each(?))`,
  );
  const poll = db.prepare(
    `INSERT INTO queue_poll (akasse, last_call) VALUES (:akasse, :now)
     ON CONFLICT (akasse) DO UPDATE SET last_call = :now`,
  );
  const named = db.prepare<[string], RawSequence>(
    `SELECT ${SEQUENCE_COLUMNS} FROM sequence WHERE identifier = ?`,
  );
  const open = db.prepare<[], RawSequence>(
    `SELECT ${SEQUENCE_COLUMNS} FROM sequence WHERE state = 'open' ORDER BY sequence_nr`,
  );
  const touch = db.prepare('UPDATE sequence SET last_call = ? WHERE sequence_nr = ?');
  const markFetched = db.prepare('UPDATE sequence SET fetched = ? WHERE sequence_nr = ? AND fetched IS NULL');
  const end = db.prepare('UPDATE sequence SET state = ?, ended = ? WHERE sequence_nr = ?');
  const forget = db.prepare('DELETE FROM sequence_besked WHERE sequence_nr = ?');
  const remove = db.prepare(
    `UPDATE besked SET delivered = ?, delivered_in = ?
      WHERE besked_nr IN (SELECT besked_nr FROM sequence_besked WHERE sequence_nr = ?)`,
  );
  return {
    /** Opens a sequence that holds those beskeder; one that holds none is terminated already. */
    open(identifier: string, { akasse, koder }: Koe, beskedNre: readonly number[], now: Date): void {
      const antal = beskedNre.length;
      const state: SequenceState = antal === 0 ? 'terminated' : 'open';
      const made = insert.run({
        identifier,
        akasse,
        koder: JSON.stringify(koder),
        state,
        antal,
        now: now.toISOString(),
      });
      demandWritten(made.changes, 'sequence');
      demandWritten(
        hold.run(made.lastInsertRowid, JSON.stringify(beskedNre)).changes,
        'sequence_besked',
        antal,
      );
    },
    /** The sequence of that identifier, in lower case. */
    named(identifier: string): SequenceRow | undefined {
      const row = named.get(identifier);
      return row && toSequence(row);
    },
    /** Every open sequence, oldest first: one for each a-kasse at most. */
    allOpen: (): SequenceRow[] => open.all().map(toSequence),
    /** The a-kasse has called for its queue, whatever came of it. */
    polled: (akasse: AkasseKode, now: Date): void =>
      demandWritten(poll.run({ akasse, now: now.toISOString() }).changes, 'queue_poll'),
    /** A call on a sequence: its idle clock restarts. */
    touch: ({ sequenceNr }: SequenceRow, now: Date): void =>
      demandWritten(touch.run(now.toISOString(), sequenceNr).changes, 'sequence'),
    /** What it holds is handed out. */
    markFetched: ({ sequenceNr }: SequenceRow, now: Date): void =>
      void markFetched.run(now.toISOString(), sequenceNr),
    /**
     * Ends an open sequence. Terminated, exactly what it holds leaves the queue; otherwise it comes again, and what
     * nobody has fetched is forgotten.
     */
    end({ sequenceNr, antal, fetched }: SequenceRow, state: Exclude<SequenceState, 'open'>, now: Date): void {
      const at = now.toISOString();
      demandWritten(end.run(state, at, sequenceNr).changes, 'sequence');
      if (state === 'terminated')
        demandWritten(remove.run(at, sequenceNr, sequenceNr).changes, 'besked', antal);
      else if (fetched === null) forget.run(sequenceNr);
    },
  };
}

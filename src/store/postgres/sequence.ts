// Reads and writes sequences and what they hold.

import type { SequenceState } from '../../notify/pull/transfer.ts';
import { demandWritten } from '../kept/row.ts';
import { type RawSequence, SEQUENCE_COLUMNS, type SequenceRow, toSequence } from '../kept/sequence.ts';
import type { Koe } from '../outbox.ts';
import { type Session, statement } from './connection.ts';

const MAKE_QUEUES = statement(
  'INSERT INTO queue_poll (akasse) SELECT unnest($1::text[]) ON CONFLICT DO NOTHING',
);
const LOCK_QUEUES = statement(
  'SELECT akasse FROM queue_poll WHERE akasse = ANY ($1::text[]) ORDER BY akasse FOR UPDATE',
);
const POLLED = statement('UPDATE queue_poll SET last_call = $2 WHERE akasse = $1');
const LOCK_ALL = statement('LOCK TABLE queue_poll IN EXCLUSIVE MODE');
const INSERT = statement(
  `INSERT INTO sequence (identifier, akasse, koder, state, antal, opened, last_call, ended)
   VALUES ($1, $2, $3, $4, $5, $6, $6, $7) RETURNING sequence_nr AS "sequenceNr"`,
);
const HOLD = statement(
  `INSERT INTO sequence_besked (sequence_nr, besked_nr, personnummer)
   SELECT $1, besked_nr, personnummer FROM besked WHERE besked_nr = ANY ($2::bigint[]) ORDER BY besked_nr`,
);
const NAMED = statement(`SELECT ${SEQUENCE_COLUMNS} FROM sequence WHERE identifier = $1 FOR UPDATE`);
const LOOKED_AT = statement(`SELECT ${SEQUENCE_COLUMNS} FROM sequence WHERE identifier = $1`);
const OPEN = statement(`SELECT ${SEQUENCE_COLUMNS} FROM sequence WHERE state = 'open' ORDER BY sequence_nr`);
const LOCK_OPEN = statement(
  `SELECT ${SEQUENCE_COLUMNS} FROM sequence WHERE sequence_nr = ANY ($1::bigint[]) AND state = 'open'
    ORDER BY sequence_nr FOR UPDATE`,
);
const TOUCH = statement('UPDATE sequence SET last_call = $2 WHERE sequence_nr = $1');
const MARK_FETCHED = statement('UPDATE sequence SET fetched = $2 WHERE sequence_nr = $1 AND fetched IS NULL');
const END = statement('UPDATE sequence SET state = $2, ended = $3 WHERE sequence_nr = $1');
const FORGET = statement('DELETE FROM sequence_besked WHERE sequence_nr = $1');
const REMOVE = statement(
  `UPDATE besked AS b SET delivered = $2, delivered_in = $1 FROM sequence_besked AS h
    WHERE h.sequence_nr = $1 AND b.personnummer = h.personnummer AND b.besked_nr = h.besked_nr`,
);

/** The statements on sequences, in the caller's transaction. */
export const sequenceStatements = (session: Session) => ({
  /**
   * An a-kasse calls for its queue, whatever comes of it: from here on this is the only call for any of its codes, until
   * the transaction ends.
   */
  async polled({ akasse, koder }: Koe, now: Date): Promise<void> {
    await session.run(MAKE_QUEUES, [koder]);
    await session.run(LOCK_QUEUES, [koder]);
    demandWritten(await session.run(POLLED, [akasse, now.toISOString()]), 'queue_poll');
  },
  /** From here on nobody calls for any queue, until the transaction ends. */
  lockAll: async (): Promise<void> => void (await session.run(LOCK_ALL)),
  /** Opens a sequence that holds those beskeder; one that holds none is terminated already. */
  async open(
    identifier: string,
    { akasse, koder }: Koe,
    beskedNre: readonly number[],
    now: Date,
  ): Promise<void> {
    const antal = beskedNre.length;
    const state: SequenceState = antal === 0 ? 'terminated' : 'open';
    const at = now.toISOString();
    const values = [identifier, akasse, JSON.stringify(koder), state, antal, at, antal === 0 ? at : null];
    const made = await session.one<{ readonly sequenceNr: number }>(INSERT, values);
    demandWritten(made === undefined ? 0 : 1, 'sequence');
    demandWritten(await session.run(HOLD, [made!.sequenceNr, beskedNre]), 'sequence_besked', antal);
  },
  /** The sequence of that identifier, in lower case; nobody else changes it until the transaction ends. */
  named: async (identifier: string): Promise<SequenceRow | undefined> =>
    toSequenceIf(await session.one<RawSequence>(NAMED, [identifier])),
  /** The same, only to be looked at. */
  lookedAt: async (identifier: string): Promise<SequenceRow | undefined> =>
    toSequenceIf(await session.one<RawSequence>(LOOKED_AT, [identifier])),
  /** Every open sequence, oldest first: one for each a-kasse at most. */
  allOpen: async (): Promise<SequenceRow[]> => (await session.all<RawSequence>(OPEN)).map(toSequence),
  /** Those of them that still are open; nobody else changes them until the transaction ends. */
  lockOpen: async (found: readonly SequenceRow[]): Promise<SequenceRow[]> =>
    (await session.all<RawSequence>(LOCK_OPEN, [found.map(({ sequenceNr }) => sequenceNr)])).map(toSequence),
  /** A call on a sequence: its idle clock restarts. */
  touch: async ({ sequenceNr }: SequenceRow, now: Date): Promise<void> =>
    demandWritten(await session.run(TOUCH, [sequenceNr, now.toISOString()]), 'sequence'),
  /** What it holds is handed out. */
  markFetched: async ({ sequenceNr }: SequenceRow, now: Date): Promise<void> =>
    void (await session.run(MARK_FETCHED, [sequenceNr, now.toISOString()])),
  /**
   * Ends an open sequence. Terminated, exactly what it holds leaves the queue; otherwise it comes again, and what nobody
   * has fetched is forgotten.
   */
  async end(
    { sequenceNr, antal, fetched }: SequenceRow,
    state: Exclude<SequenceState, 'open'>,
    now: Date,
  ): Promise<void> {
    const at = now.toISOString();
    demandWritten(await session.run(END, [sequenceNr, state, at]), 'sequence');
    if (state === 'terminated') demandWritten(await session.run(REMOVE, [sequenceNr, at]), 'besked', antal);
    else if (fetched === null) await session.run(FORGET, [sequenceNr]);
  },
});

const toSequenceIf = (row: RawSequence | undefined): SequenceRow | undefined => row && toSequence(row);

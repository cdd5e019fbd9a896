// How long the queue of each a-kasse is, for who watches: one look at an index, beside the transactions.

import type { QueueLength } from '../outbox.ts';
import { type Session, statement } from './connection.ts';

const LENGTHS = statement(
  `SELECT modtager AS akasse, count(*) AS waiting, min(event_date) AS oldest FROM besked
    WHERE modtager IS NOT NULL AND delivered IS NULL GROUP BY modtager ORDER BY modtager`,
);

/** The statement, in the caller's transaction. */
export const watchStatements = (session: Session) => ({
  /** Every queue in which something waits. */
  lengths: (): Promise<QueueLength[]> => session.all<QueueLength>(LENGTHS),
});

// How long the queue of each a-kasse is, for who watches: one look at an index, beside the transactions.

import type { QueueLength } from '../outbox.ts';
import type { Connection } from './connection.ts';

/** The statement, prepared once for a connection. */
export function watchStatements(db: Connection) {
  const lengths = db.prepare<[], QueueLength>(
    `SELECT modtager AS akasse, count(*) AS waiting, min(event_date) AS oldest FROM besked
      WHERE modtager IS NOT NULL AND delivered IS NULL GROUP BY modtager ORDER BY modtager`,
  );
  return {
    /** Every queue in which something waits. */
    lengths: (): QueueLength[] => lengths.all(),
  };
}

// Gathers the refusals that a stranger can cause at will (1101, 1012): one entry for each certificate or address, code
// and minute, with a count, so that the trail cannot be filled from outside. Each is durable before it is answered. A
// stranger can also make certificates at will: what comes after the first many in a minute is one entry, of nobody.

import { LIMITS } from '../../contract/limits.ts';
import { type GatheringRow, gatheredEntry, minuteOf, NO_MINUTE, NOBODY } from '../kept/gathering.ts';
import type { AfvistKald } from '../store.ts';
import type { auditStatements } from './audit.ts';
import { type Session, statement } from './connection.ts';

// Who comes first in a minute is told apart from the others as long as there are not too many of them.
const COUNT = statement(
  `WITH told AS (
     SELECT EXISTS (SELECT 1 FROM audit_gathering WHERE minut = $1 AND fejlkode = $2 AND hvem = $3)
         OR (SELECT count(*) FROM audit_gathering WHERE minut = $1 AND fejlkode = $2) < ${LIMITS.maxGathered} AS apart)
   INSERT INTO audit_gathering AS g (minut, fejlkode, hvem, tidspunkt, correlation_id, certificate, adresse, antal)
   SELECT $1, $2, CASE WHEN apart THEN $3 ELSE '${NOBODY}' END, $4, $5, CASE WHEN apart THEN $6 END,
          CASE WHEN apart THEN $7 END, 1 FROM told
       ON CONFLICT (minut, fejlkode, hvem) DO UPDATE SET antal = g.antal + 1`,
);
const TAKE_OTHERS = statement(
  `WITH over AS (DELETE FROM audit_gathering WHERE minut <> $1 RETURNING *)
   SELECT minut, fejlkode, tidspunkt, correlation_id, certificate, adresse, antal
     FROM over ORDER BY minut, tidspunkt, fejlkode, hvem`,
);

/** The statement that counts one refusal, and its values, to be a transaction of its own. */
export function counting({ kald, fejlkode }: AfvistKald) {
  const { modtaget, correlationId, certificate = null, adresse = null } = kald;
  const hvem = certificate ?? adresse ?? NOBODY;
  const values = [
    minuteOf(modtaget),
    fejlkode,
    hvem,
    modtaget.toISOString(),
    correlationId,
    certificate,
    adresse,
  ];
  return [COUNT, values] as const;
}

/** The statements on what is being gathered, in the caller's transaction. */
export const gatheringStatements = (session: Session, audit: ReturnType<typeof auditStatements>) => ({
  /**
   * Makes entries of what was gathered in other minutes than that of the instant; of all of it without one. Other
   * minutes are over, or come from a clock that has been set back.
   */
  async close(now?: Date): Promise<void> {
    const minute = now === undefined ? NO_MINUTE : minuteOf(now);
    for (const row of await session.all<GatheringRow>(TAKE_OTHERS, [minute]))
      await audit.add(gatheredEntry(row));
  },
});

// Gathers the refusals that a stranger can cause at will (1101, 1012): one entry for each certificate or address, code
// and minute, with a count, so that the trail cannot be filled from outside. Each is durable before it is answered. A
// stranger can also make certificates at will: what comes after the first many in a minute is one entry, of nobody.

import { LIMITS } from '../../contract/limits.ts';
import { type GatheringRow, gatheredEntry, minuteOf, NO_MINUTE, NOBODY } from '../kept/gathering.ts';
import { demandWritten } from '../kept/row.ts';
import type { AfvistKald } from '../store.ts';
import type { auditStatements } from './audit.ts';
import type { Connection } from './connection.ts';

/** The statements on what is being gathered, prepared once for a connection. They run inside the caller's transaction. */
export function gatheringStatements(db: Connection, audit: ReturnType<typeof auditStatements>) {
  const others = db
    .prepare<[string, number], number>(
      'SELECT count(*) FROM audit_gathering WHERE minut = ? AND fejlkode = ?',
    )
    .pluck();
  const isGathering = db
    .prepare<[string, number, string], 1>(
      'SELECT 1 FROM audit_gathering WHERE minut = ? AND fejlkode = ? AND hvem = ?',
    )
    .pluck();
  const count = db.prepare(
    `INSERT INTO audit_gathering (minut, fejlkode, hvem, tidspunkt, correlation_id, certificate, adresse, antal)
     VALUES (:minut, :fejlkode, :hvem, :tidspunkt, :correlationId, :certificate, :adresse, 1)
     ON CONFLICT (minut, fejlkode, hvem) DO UPDATE SET antal = antal + 1`,
  );
  const ofOtherMinutes = db.prepare<[string], GatheringRow>(
    'SELECT * FROM audit_gathering WHERE minut <> ? ORDER BY minut, tidspunkt',
  );
  const remove = db.prepare<[string]>('DELETE FROM audit_gathering WHERE minut <> ?');
  return {
    /** Counts one refusal. */
    count({ kald, fejlkode }: AfvistKald): void {
      const minut = minuteOf(kald.modtaget);
      const { certificate = null, adresse = null } = kald;
      const hvem = certificate ?? adresse ?? NOBODY;
      const isTold =
        isGathering.get(minut, fejlkode, hvem) !== undefined ||
        others.get(minut, fejlkode)! < LIMITS.maxGathered;
      const { changes } = count.run({
        minut,
        fejlkode,
        ...(isTold ? { hvem, certificate, adresse } : { hvem: NOBODY, certificate: null, adresse: null }),
        tidspunkt: kald.modtaget.toISOString(),
        correlationId: kald.correlationId,
      });
      demandWritten(changes, 'audit_gathering');
    },
    /**
     * Makes entries of what was gathered in other minutes than that of the instant; of all of it without one. Other
     * minutes are over, or come from a clock that has been set back.
     */
    close(now?: Date): void {
      const minute = now === undefined ? NO_MINUTE : minuteOf(now);
      for (const row of ofOtherMinutes.all(minute)) audit.add(gatheredEntry(row));
      remove.run(minute);
    },
  };
}

// Queues a besked that is missing, in the place that it had in its forløb, or not at all where that would take an a-kasse
// back to an older state.

import { erOverhalet } from '../../domain/besked-modtager.ts';
import type { Afloesere } from '../../domain/medlemskab.ts';
import type { BeskedModtager, OwedBesked } from '../kept/besked.ts';
import type { beskedStatements } from './besked.ts';
import type { Connection } from './connection.ts';

/** The statements of it, prepared once for a connection. They run inside the caller's transaction. */
export function requeueStatements(db: Connection, besked: ReturnType<typeof beskedStatements>) {
  const around = db.prepare<
    { forloebId: string; version: number },
    { earlier: number | null; later: number | null }
  >(
    `SELECT max(iif(v.version < :version AND modtager_aarsag <> 'overhalet', besked_nr, 0)) AS earlier,
            min(iif(v.version > :version, besked_nr, NULL)) AS later
       FROM forloeb_version AS v JOIN besked USING (version_nr) WHERE v.forloeb_id = :forloebId`,
  );
  // Down from the next version, number by number, to the first that is free. No number is free that was ever in a
  // sequence, as long as that is known: what it holds is known by these numbers, and stays what it was.
  const freeBelow = db
    .prepare<{ earlier: number; later: number }, number>(
      `WITH RECURSIVE number (n) AS (
         SELECT :later - 1
         UNION ALL
         SELECT n - 1 FROM number
          WHERE n - 1 > :earlier
            AND (EXISTS (SELECT 1 FROM besked WHERE besked_nr = n)
                 OR EXISTS (SELECT 1 FROM sequence_besked WHERE besked_nr = n)))
       SELECT n FROM number
        WHERE n > :earlier AND NOT EXISTS (SELECT 1 FROM besked WHERE besked_nr = n)
          AND NOT EXISTS (SELECT 1 FROM sequence_besked WHERE besked_nr = n)`,
    )
    .pluck();
  /** The number that a besked of that version can have; none where it goes to the end, or nowhere. */
  const placeOf = ({ forloebId, version }: OwedBesked): { isLast: boolean; place: number | null } => {
    const { earlier, later } = around.get({ forloebId, version })!;
    if (later === null) return { isLast: true, place: null };
    return { isLast: false, place: freeBelow.get({ earlier: earlier ?? 0, later }) ?? null };
  };
  return {
    /**
     * Queues it; the last version of a forløb at the end. Where its place is taken, or a later version has been handed
     * out, it is not sent: the later one says all there is to say. Gives what it was queued with.
     */
    requeue(
      owed: OwedBesked,
      modtager: BeskedModtager,
      messageIdentifier: string,
      afloesere: Afloesere,
      now: Date,
    ): BeskedModtager {
      const { forloebId, version } = owed;
      const { isLast, place } = placeOf(owed);
      const isLate =
        (!isLast && place === null) ||
        (modtager.akasse !== undefined &&
          erOverhalet(modtager.akasse, besked.senere({ forloebId, version }), afloesere));
      const used: BeskedModtager = isLate ? { aarsag: 'overhalet' } : modtager;
      besked.add(place, owed, used, messageIdentifier, now);
      return used;
    },
  };
}

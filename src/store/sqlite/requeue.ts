// Queues a besked that is missing, in the place that it had in its forløb, or not at all where that would take an a-kasse
// back to an older state.

import type { Afloesere } from '../../domain/medlemskab.ts';
import type { BeskedModtager, beskedStatements, OwedBesked } from './besked.ts';
import type { Connection } from './connection.ts';

/** The statements of it, prepared once for a connection. They run inside the caller's transaction. */
export function requeueStatements(db: Connection, besked: ReturnType<typeof beskedStatements>) {
  // The last number before that of the next version that no besked has, and none had that was ever in a sequence: what a
  // sequence holds is known by these numbers, and stays what it was.
  const placeBefore = db.prepare<
    { forloebId: string; version: number },
    { later: number | null; place: number | null }
  >(
    `WITH around AS (
       SELECT max(iif(version < :version AND modtager_aarsag <> 'overhalet', besked_nr, 0)) AS earlier,
              min(iif(version > :version, besked_nr, NULL)) AS later
         FROM besked WHERE forloeb_id = :forloebId),
     taken (besked_nr) AS (SELECT besked_nr FROM besked UNION SELECT besked_nr FROM sequence_besked)
     SELECT later, (SELECT max(t.besked_nr - 1) FROM taken AS t
                     WHERE t.besked_nr <= later AND t.besked_nr - 1 > earlier
                       AND NOT EXISTS (SELECT 1 FROM taken AS u WHERE u.besked_nr = t.besked_nr - 1)) AS place
       FROM around`,
  );
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
      const { later, place } = placeBefore.get({ forloebId, version })!;
      const isLate =
        (later !== null && place === null) ||
        (modtager.akasse !== undefined &&
          besked.isOvertaken({ forloebId, version }, modtager.akasse, afloesere));
      const used: BeskedModtager = isLate ? { aarsag: 'overhalet' } : modtager;
      besked.add(place, owed, used, messageIdentifier, now);
      return used;
    },
  };
}

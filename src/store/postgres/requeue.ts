// Queues a besked that is missing, in the place that it had in its forløb, or not at all where that would take an a-kasse
// back to an older state.

import { erOverhalet } from '../../domain/besked-modtager.ts';
import type { Afloesere } from '../../domain/medlemskab.ts';
import type { BeskedModtager, OwedBesked } from '../kept/besked.ts';
import type { beskedStatements } from './besked.ts';
import { type Session, statement } from './connection.ts';

const AROUND = statement(
  `SELECT max(besked_nr) FILTER (WHERE version < $3 AND modtager_aarsag <> 'overhalet') AS earlier,
          min(besked_nr) FILTER (WHERE version > $3) AS later
     FROM besked WHERE personnummer = $1 AND forloeb_id = $2`,
);
// Down from the next version, number by number, to the first that is free. No number is free that was ever in a sequence,
// as long as that is known: what it holds is known by these numbers, and stays what it was.
const FREE_BELOW = statement(
  `WITH RECURSIVE number (n) AS (
     SELECT $2::bigint - 1
     UNION ALL
     SELECT n - 1 FROM number
      WHERE n - 1 > $1
        AND (EXISTS (SELECT 1 FROM besked WHERE besked_nr = n)
             OR EXISTS (SELECT 1 FROM sequence_besked WHERE besked_nr = n)))
   SELECT n FROM number
    WHERE n > $1 AND NOT EXISTS (SELECT 1 FROM besked WHERE besked_nr = n)
      AND NOT EXISTS (SELECT 1 FROM sequence_besked WHERE besked_nr = n)`,
);

/** The statements of it, in the caller's transaction. */
export function requeueStatements(session: Session, besked: ReturnType<typeof beskedStatements>) {
  /** The number that a besked of that version can have; none where it goes to the end, or nowhere. */
  const placeOf = async ({ personnummer, forloebId, version }: OwedBesked) => {
    const { earlier, later } = (await session.one<{
      readonly earlier: number | null;
      readonly later: number | null;
    }>(AROUND, [personnummer, forloebId, version]))!;
    if (later === null) return { isLast: true, place: null };
    const free = await session.one<{ readonly n: number }>(FREE_BELOW, [earlier ?? 0, later]);
    return { isLast: false, place: free?.n ?? null };
  };
  return {
    /**
     * Queues it; the last version of a forløb at the end. Where its place is taken, or a later version has been handed
     * out, it is not sent: the later one says all there is to say. Gives what it was queued with.
     */
    async requeue(
      owed: OwedBesked,
      modtager: BeskedModtager,
      messageIdentifier: string,
      afloesere: Afloesere,
      now: Date,
    ): Promise<BeskedModtager> {
      const { isLast, place } = await placeOf(owed);
      const isLate =
        (!isLast && place === null) ||
        (modtager.akasse !== undefined && erOverhalet(modtager.akasse, await besked.senere(owed), afloesere));
      const used: BeskedModtager = isLate ? { aarsag: 'overhalet' } : modtager;
      await besked.add(place, owed, used, messageIdentifier, now);
      return used;
    },
  };
}

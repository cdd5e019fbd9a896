// What an import would change: decided by reading only, beside whatever else is going on, and applied later in one go.

import { type Changes, hasChanges } from '../kept/import-changes.ts';
import type { Connection } from './connection.ts';
import { COLUMNS, countOf } from './import-lines.ts';

/** Compares the staged lines with the register. Another import may change it later: then they are compared again. */
export function findChanges(db: Connection, hele: boolean): Changes {
  return db
    .transaction((): Changes => {
      db.exec('DELETE FROM temp.aendring');
      const generation = generationOf(db);
      const lines = countOf(db, 'temp.fil');
      collectChanges(db);
      const aendringer = countOf(db, 'temp.aendring');
      const nye = countOf(db, "temp.aendring WHERE art = 'ny'");
      refuseClashes(db, hele);
      const afviste = countOf(db, 'temp.afvist');
      const tilbagekaldte = hele && afviste === 0 ? collectRecalls(db) : 0;
      return {
        generation,
        nye,
        aendrede: aendringer - nye,
        uaendrede: lines - aendringer,
        tilbagekaldte,
        afviste,
      };
    })
    .deferred();
}

/** The number of times that the register has been changed. */
export const generationOf = (db: Connection): number =>
  db.prepare('SELECT generation FROM medlemskab_register').pluck().get() as number;

const collectChanges = (db: Connection): void => {
  db.exec(`INSERT INTO temp.aendring (${COLUMNS}, art)
    SELECT f.personnummer, f.akasse, f.start, f.slut, f.afgangsaarsag, f.efterloen, f.tilbagekaldt,
           CASE WHEN m.start IS NULL THEN 'ny' ELSE 'aendret' END
      FROM temp.fil AS f LEFT JOIN main.medlemskab AS m USING (personnummer, akasse, start)
     WHERE m.start IS NULL OR m.slut IS NOT f.slut OR m.afgangsaarsag IS NOT f.afgangsaarsag
        OR m.efterloen IS NOT f.efterloen OR m.tilbagekaldt <> f.tilbagekaldt
     ORDER BY f.personnummer, f.akasse, f.start`);
};

const collectRecalls = (db: Connection): number =>
  db
    .prepare(
      `INSERT INTO temp.aendring (${COLUMNS}, art)
       SELECT personnummer, akasse, start, slut, afgangsaarsag, efterloen, 1, 'tilbagekaldt'
         FROM main.medlemskab AS m
        WHERE tilbagekaldt = 0
          AND NOT EXISTS (SELECT 1 FROM temp.fil AS f
                           WHERE (f.personnummer, f.akasse, f.start) = (m.personnummer, m.akasse, m.start))`,
    )
    .run().changes;

/**
 * Refuses the lines after which a citizen would have two memberships that start the same day, or one that ends on or
 * after the next start: the line of the one that ends, or the other one where only that is in the file. Only citizens
 * of whom something changes can have come to that.
 */
function refuseClashes(db: Connection, hele: boolean): void {
  db.prepare(
    `WITH borger AS (SELECT DISTINCT personnummer FROM temp.aendring),
     bliver AS (
       SELECT f.personnummer, f.akasse, f.start, f.slut, f.linje
         FROM borger CROSS JOIN temp.fil AS f USING (personnummer)
        WHERE f.tilbagekaldt = 0
       UNION ALL
       SELECT m.personnummer, m.akasse, m.start, m.slut, NULL
         FROM borger CROSS JOIN main.medlemskab AS m USING (personnummer)
        WHERE NOT :hele AND m.tilbagekaldt = 0
          AND NOT EXISTS (SELECT 1 FROM temp.fil AS f
                           WHERE (f.personnummer, f.akasse, f.start) = (m.personnummer, m.akasse, m.start))),
     fulgt AS (
       SELECT *, lead(start) OVER borgers AS naeste_start, lead(linje) OVER borgers AS naeste_linje
         FROM bliver
       WINDOW borgers AS (PARTITION BY personnummer ORDER BY start, akasse))
     INSERT INTO temp.afvist (linje, grund)
     SELECT coalesce(linje, naeste_linje),
            CASE WHEN naeste_start = start THEN 'two memberships of the citizen start on ' || start
                 ELSE 'the membership of a-kasse ' || akasse || ' from ' || start || ' ends on ' || slut
                      || ', on or after the next start ' || naeste_start END
              || CASE WHEN linje IS NULL OR naeste_linje IS NULL
                      THEN '; the other membership is in the register already' ELSE '' END
       FROM fulgt
      WHERE (naeste_start = start OR slut >= naeste_start) AND coalesce(linje, naeste_linje) IS NOT NULL
         ON CONFLICT (linje) DO UPDATE SET grund = grund || '; ' || excluded.grund`,
  ).run({ hele: hele ? 1 : 0 });
}

/** Writes the changes. Runs inside a write transaction, in the generation that they were found for. */
export function applyChanges(db: Connection, changes: Changes): void {
  if (!hasChanges(changes)) return;
  db.exec(`INSERT INTO main.medlemskab (${COLUMNS})
    SELECT ${COLUMNS} FROM temp.aendring WHERE true ORDER BY personnummer, akasse, start
    ON CONFLICT (personnummer, akasse, start) DO UPDATE
       SET slut = excluded.slut, afgangsaarsag = excluded.afgangsaarsag, efterloen = excluded.efterloen,
           tilbagekaldt = excluded.tilbagekaldt;
    UPDATE medlemskab_register SET generation = generation + 1`);
}

// What an import would change: decided by reading only, beside whatever else is going on, and applied later in one go.

import { type Changes, hasChanges } from '../kept/import-changes.ts';
import type { Session } from './connection.ts';
import { COLUMNS, countOf } from './import-lines.ts';

/** Compares the staged lines with the register. Another import may change it later: then they are compared again. */
export async function findChanges(session: Session, hele: boolean): Promise<Changes> {
  // First of all: what is read below may be newer than this, and then it is read again.
  const generation = await generationOf(session);
  await session.run('DELETE FROM pg_temp.aendring');
  const lines = await countOf(session, 'pg_temp.fil');
  await collectChanges(session);
  const aendringer = await countOf(session, 'pg_temp.aendring');
  const nye = await countOf(session, "pg_temp.aendring WHERE art = 'ny'");
  await refuseClashes(session, hele);
  const afviste = await countOf(session, 'pg_temp.afvist');
  const tilbagekaldte = hele && afviste === 0 ? await collectRecalls(session) : 0;
  await session.run('ANALYZE pg_temp.aendring');
  return {
    generation,
    nye,
    aendrede: aendringer - nye,
    uaendrede: lines - aendringer,
    tilbagekaldte,
    afviste,
  };
}

/** The number of times that the register has been changed. */
const generationOf = async (session: Session): Promise<number> =>
  (await session.one<{ readonly generation: number }>('SELECT generation FROM medlemskab_register'))!
    .generation;

const collectChanges = (session: Session): Promise<number> =>
  session.run(`INSERT INTO pg_temp.aendring (${COLUMNS}, art)
    SELECT f.personnummer, f.akasse, f.start, f.slut, f.afgangsaarsag, f.efterloen, f.tilbagekaldt,
           CASE WHEN m.start IS NULL THEN 'ny' ELSE 'aendret' END
      FROM pg_temp.fil AS f LEFT JOIN medlemskab AS m USING (personnummer, akasse, start)
     WHERE m.start IS NULL OR m.slut IS DISTINCT FROM f.slut OR m.afgangsaarsag IS DISTINCT FROM f.afgangsaarsag
        OR m.efterloen IS DISTINCT FROM f.efterloen OR m.tilbagekaldt <> f.tilbagekaldt`);

const collectRecalls = (session: Session): Promise<number> =>
  session.run(`INSERT INTO pg_temp.aendring (${COLUMNS}, art)
    SELECT personnummer, akasse, start, slut, afgangsaarsag, efterloen, true, 'tilbagekaldt'
      FROM medlemskab AS m
     WHERE NOT tilbagekaldt
       AND NOT EXISTS (SELECT 1 FROM pg_temp.fil AS f
                        WHERE (f.personnummer, f.akasse, f.start) = (m.personnummer, m.akasse, m.start))`);

/**
 * Refuses the lines after which a citizen would have two memberships that start the same day, or one that ends on or
 * after the next start: the line of the one that ends, or the other one where only that is in the file. Only citizens
 * of whom something changes can have come to that.
 */
const refuseClashes = (session: Session, hele: boolean): Promise<number> =>
  session.run(
    `WITH borger AS (SELECT DISTINCT personnummer FROM pg_temp.aendring),
     bliver AS (
       SELECT f.personnummer, f.akasse, f.start, f.slut, f.linje
         FROM borger JOIN pg_temp.fil AS f USING (personnummer)
        WHERE NOT f.tilbagekaldt
       UNION ALL
       SELECT m.personnummer, m.akasse, m.start, m.slut, NULL
         FROM borger JOIN medlemskab AS m USING (personnummer)
        WHERE NOT $1 AND NOT m.tilbagekaldt
          AND NOT EXISTS (SELECT 1 FROM pg_temp.fil AS f
                           WHERE (f.personnummer, f.akasse, f.start) = (m.personnummer, m.akasse, m.start))),
     fulgt AS (
       SELECT *, lead(start) OVER borgers AS naeste_start, lead(linje) OVER borgers AS naeste_linje
         FROM bliver
       WINDOW borgers AS (PARTITION BY personnummer ORDER BY start, akasse))
     INSERT INTO pg_temp.afvist (linje, grund)
     SELECT coalesce(linje, naeste_linje), string_agg(
            CASE WHEN naeste_start = start THEN 'two memberships of the citizen start on ' || start
                 ELSE 'the membership of a-kasse ' || akasse || ' from ' || start || ' ends on ' || slut
                      || ', on or after the next start ' || naeste_start END
              || CASE WHEN linje IS NULL OR naeste_linje IS NULL
                      THEN '; the other membership is in the register already' ELSE '' END, '; ' ORDER BY start, akasse)
       FROM fulgt
      WHERE (naeste_start = start OR slut >= naeste_start) AND coalesce(linje, naeste_linje) IS NOT NULL
      GROUP BY 1
         ON CONFLICT (linje) DO UPDATE SET grund = afvist.grund || '; ' || excluded.grund`,
    [hele],
  );

/**
 * Writes the changes, in the caller's transaction and in the generation that they were found for. The citizens are
 * locked first, so that a Save is either before all of it or after all of it.
 */
export async function applyChanges(session: Session, changes: Changes): Promise<void> {
  if (!hasChanges(changes)) return;
  await session.run(`INSERT INTO borger (personnummer)
    SELECT DISTINCT personnummer FROM pg_temp.aendring ORDER BY personnummer ON CONFLICT DO NOTHING`);
  await session.run(`SELECT count(*) FROM (
    SELECT 1 FROM borger WHERE personnummer IN (SELECT personnummer FROM pg_temp.aendring)
     ORDER BY personnummer FOR UPDATE) AS locked`);
  await session.run(`INSERT INTO medlemskab (${COLUMNS})
    SELECT ${COLUMNS} FROM pg_temp.aendring ORDER BY personnummer, akasse, start
    ON CONFLICT (personnummer, akasse, start) DO UPDATE
       SET slut = excluded.slut, afgangsaarsag = excluded.afgangsaarsag, efterloen = excluded.efterloen,
           tilbagekaldt = excluded.tilbagekaldt`);
  await session.run('UPDATE medlemskab_register SET generation = generation + 1');
}

// Loads lines of the membership register: first beside the store, without holding anyone up, then into it in one
// short transaction, and then looks at what the register has become. Two memberships of a citizen may not claim the
// same day; with any such line nothing is kept.

import type { MedlemskabImportCounts, MedlemskabLinje } from '../store.ts';
import type { Connection } from './connection.ts';

/** A line that stands in the way, and why. */
interface Afvist {
  readonly linje: number;
  readonly grund: string;
}

/** Reads the lines into a table beside the store. Gives those whose key an earlier line has. */
export function stage(db: Connection, linjer: Iterable<MedlemskabLinje>): Afvist[] {
  db.exec(`DROP TABLE IF EXISTS temp.indlaest;
           CREATE TEMP TABLE indlaest (
             personnummer TEXT, akasse TEXT, start TEXT, slut TEXT, afgangsaarsag TEXT, efterloen TEXT,
             tilbagekaldt INTEGER, linje INTEGER, PRIMARY KEY (personnummer, akasse, start)
           ) WITHOUT ROWID`);
  const insert = db.prepare(
    `INSERT OR IGNORE INTO temp.indlaest
     VALUES (:personnummer, :akasse, :start, :slut, :afgangsaarsag, :efterloen, :tilbagekaldt, :linje)`,
  );
  const afviste: Afvist[] = [];
  // The transaction writes the temporary table only, so it locks nothing of the store.
  db.transaction(() => {
    for (const linje of linjer) {
      if (insert.run(toRow(linje)).changes > 0) continue;
      afviste.push({
        linje: linje.linje,
        grund: 'the same personnummer, akasse and start stand on an earlier line',
      });
    }
  }).deferred();
  return afviste;
}

/** An import whose lines clash with each other or with what is there; it undoes the transaction. */
export class ImportRefused extends Error {
  readonly afviste: readonly Afvist[];

  constructor(afviste: readonly Afvist[]) {
    super('the register would contradict itself');
    this.afviste = afviste;
  }
}

/** Merges the staged lines. Runs inside a write transaction; throws ImportRefused to undo it. */
export function merge(db: Connection, hele: boolean, afviste: readonly Afvist[]): MedlemskabImportCounts {
  const count = (sql: string): number => db.prepare(`SELECT count(*) FROM ${sql}`).pluck().get() as number;
  const lines = count('temp.indlaest');
  const kendte = count('temp.indlaest JOIN medlemskab USING (personnummer, akasse, start)');
  const uaendrede = count(`temp.indlaest AS i JOIN medlemskab AS m USING (personnummer, akasse, start)
    WHERE m.slut IS i.slut AND m.afgangsaarsag IS i.afgangsaarsag AND m.efterloen IS i.efterloen
      AND m.tilbagekaldt = i.tilbagekaldt`);
  db.exec(`INSERT INTO medlemskab (personnummer, akasse, start, slut, afgangsaarsag, efterloen, tilbagekaldt)
    SELECT personnummer, akasse, start, slut, afgangsaarsag, efterloen, tilbagekaldt FROM temp.indlaest WHERE true
    ON CONFLICT (personnummer, akasse, start) DO UPDATE
       SET slut = excluded.slut, afgangsaarsag = excluded.afgangsaarsag, efterloen = excluded.efterloen,
           tilbagekaldt = excluded.tilbagekaldt
     WHERE medlemskab.slut IS NOT excluded.slut OR medlemskab.afgangsaarsag IS NOT excluded.afgangsaarsag
        OR medlemskab.efterloen IS NOT excluded.efterloen OR medlemskab.tilbagekaldt <> excluded.tilbagekaldt`);
  const tilbagekaldte = hele ? recallTheRest(db) : 0;
  const alle = [...afviste, ...clashes(db)].sort((a, b) => a.linje - b.linje);
  if (alle.length > 0) throw new ImportRefused(alle);
  return { ok: true, nye: lines - kendte, aendrede: kendte - uaendrede, uaendrede, tilbagekaldte };
}

const toRow = (linje: MedlemskabLinje) => ({
  personnummer: linje.personnummer,
  akasse: linje.akasse,
  start: linje.start,
  slut: linje.slut ?? null,
  afgangsaarsag: linje.afgangsaarsag ?? null,
  efterloen: linje.efterloen ?? null,
  tilbagekaldt: linje.tilbagekaldt ? 1 : 0,
  linje: linje.linje,
});

const recallTheRest = (db: Connection): number =>
  db
    .prepare(
      `UPDATE medlemskab SET tilbagekaldt = 1 WHERE tilbagekaldt = 0
          AND NOT EXISTS (SELECT 1 FROM temp.indlaest AS i
                           WHERE i.personnummer = medlemskab.personnummer AND i.akasse = medlemskab.akasse
                             AND i.start = medlemskab.start)`,
    )
    .run().changes;

interface Clash {
  readonly akasse: string;
  readonly start: string;
  readonly slut: string | null;
  readonly naeste_start: string;
  readonly linje: number | null;
  readonly naeste_linje: number | null;
}

/** Lines whose citizen now has two memberships that start the same day, or one that ends on or after the next start. */
function clashes(db: Connection): Afvist[] {
  const rows = db
    .prepare<[], Clash>(
      `SELECT m.*, i.linje, n.linje AS naeste_linje
         FROM (SELECT personnummer, akasse, start, slut,
                      lead(akasse) OVER borger AS naeste_akasse, lead(start) OVER borger AS naeste_start
                 FROM medlemskab
                WHERE tilbagekaldt = 0 AND personnummer IN (SELECT personnummer FROM temp.indlaest)
               WINDOW borger AS (PARTITION BY personnummer ORDER BY start, akasse)) AS m
         LEFT JOIN temp.indlaest AS i ON (i.personnummer, i.akasse, i.start) = (m.personnummer, m.akasse, m.start)
         LEFT JOIN temp.indlaest AS n
                ON (n.personnummer, n.akasse, n.start) = (m.personnummer, m.naeste_akasse, m.naeste_start)
        WHERE m.naeste_start = m.start OR m.slut >= m.naeste_start`,
    )
    .all();
  return rows.map((row) => ({
    linje: row.linje ?? row.naeste_linje ?? 0,
    grund:
      row.naeste_start === row.start
        ? `two memberships of the citizen start on ${row.start}`
        : `the membership of a-kasse ${row.akasse} from ${row.start} ends on ${row.slut}, on or after the next start ${row.naeste_start}`,
  }));
}

// Loads lines of the membership register in one transaction, then looks at what the register has become: two
// memberships of a citizen may not claim the same day. With any such line nothing is kept.

import type { MedlemskabImport, MedlemskabImportCounts, MedlemskabLinje } from '../store.ts';
import type { Connection } from './connection.ts';

interface Clash {
  personnummer: string;
  akasse: string;
  start: string;
  slut: string | null;
  naeste_start: string;
}

class RolledBack extends Error {}

/** Runs an import. The lines are valid one by one; what is judged here is how they stand to each other. */
export function importMedlemskaber(
  db: Connection,
  { linjer, hele }: MedlemskabImport,
): MedlemskabImportCounts {
  let counts: MedlemskabImportCounts = { ok: false, fejl: [] };
  try {
    db.transaction(() => {
      counts = load(db, linjer, hele);
      if (!counts.ok) throw new RolledBack();
    }).immediate();
  } catch (error) {
    if (!(error instanceof RolledBack)) throw error;
  } finally {
    db.exec('DROP TABLE IF EXISTS temp.indlaest');
  }
  return counts;
}

function load(db: Connection, linjer: Iterable<MedlemskabLinje>, hele: boolean): MedlemskabImportCounts {
  db.exec(`CREATE TEMP TABLE indlaest (
    personnummer TEXT, akasse TEXT, start TEXT, linje INTEGER, PRIMARY KEY (personnummer, akasse, start)
  ) WITHOUT ROWID`);
  const seen = db.prepare(
    'INSERT OR IGNORE INTO temp.indlaest VALUES (:personnummer, :akasse, :start, :linje)',
  );
  const existing = db.prepare(
    'SELECT slut, afgangsaarsag, efterloen, tilbagekaldt FROM medlemskab WHERE personnummer = ? AND akasse = ? AND start = ?',
  );
  const upsert = db.prepare(
    `INSERT INTO medlemskab (personnummer, akasse, start, slut, afgangsaarsag, efterloen, tilbagekaldt)
     VALUES (:personnummer, :akasse, :start, :slut, :afgangsaarsag, :efterloen, :tilbagekaldt)
     ON CONFLICT (personnummer, akasse, start) DO UPDATE
        SET slut = excluded.slut, afgangsaarsag = excluded.afgangsaarsag, efterloen = excluded.efterloen,
            tilbagekaldt = excluded.tilbagekaldt`,
  );
  const fejl: { linje: number; grund: string }[] = [];
  let [nye, aendrede, uaendrede] = [0, 0, 0];
  for (const linje of linjer) {
    const row = toRow(linje);
    if (
      seen.run({ personnummer: row.personnummer, akasse: row.akasse, start: row.start, linje: linje.linje })
        .changes === 0
    ) {
      fejl.push({
        linje: linje.linje,
        grund: 'the same personnummer, akasse and start stand on an earlier line',
      });
      continue;
    }
    const before = existing.get(row.personnummer, row.akasse, row.start) as
      | Record<string, unknown>
      | undefined;
    if (before === undefined) nye += 1;
    else if (Object.entries(before).some(([column, value]) => value !== row[column as keyof typeof row]))
      aendrede += 1;
    else {
      uaendrede += 1;
      continue;
    }
    upsert.run(row);
  }
  const tilbagekaldte = hele ? recallTheRest(db) : 0;
  fejl.push(...clashes(db));
  if (fejl.length > 0) return { ok: false, fejl: fejl.sort((a, b) => a.linje - b.linje) };
  return { ok: true, nye, aendrede, uaendrede, tilbagekaldte };
}

const toRow = (linje: MedlemskabLinje) => ({
  personnummer: linje.personnummer as string,
  akasse: linje.akasse as string,
  start: linje.start as string,
  slut: linje.slut ?? null,
  afgangsaarsag: linje.afgangsaarsag ?? null,
  efterloen: linje.efterloen ?? null,
  tilbagekaldt: linje.tilbagekaldt ? 1 : 0,
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

/** Lines whose citizen now has two memberships that start the same day, or one that ends on or after the next start. */
function clashes(db: Connection): { linje: number; grund: string }[] {
  const rows = db
    .prepare<[], Clash & { linje: number | null; naeste_linje: number | null }>(
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

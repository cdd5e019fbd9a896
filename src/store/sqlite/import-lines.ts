// The lines of an import beside the store: in temporary tables, which are files, so that a register of any size takes
// little memory and nobody is held up while it is read.

import type { AfvistLinje, MedlemskabLinje } from '../store.ts';
import type { Connection } from './connection.ts';

/** Refused lines that are read back at a time. */
const PAGE = 1_000;

/** What lines of the register have as columns, here and in `medlemskab`. */
export const COLUMNS = 'personnummer, akasse, start, slut, afgangsaarsag, efterloen, tilbagekaldt';

/** Tables of one import: the lines as read, by key, what they change, and the lines that were refused. */
const TABLES = `
  DROP TABLE IF EXISTS temp.indlaest;
  DROP TABLE IF EXISTS temp.fil;
  DROP TABLE IF EXISTS temp.aendring;
  DROP TABLE IF EXISTS temp.afvist;
  CREATE TEMP TABLE indlaest (personnummer TEXT, akasse TEXT, start TEXT, slut TEXT, afgangsaarsag TEXT,
                              efterloen TEXT, tilbagekaldt INTEGER, linje INTEGER);
  CREATE TEMP TABLE fil (personnummer TEXT, akasse TEXT, start TEXT, slut TEXT, afgangsaarsag TEXT, efterloen TEXT,
                         tilbagekaldt INTEGER, linje INTEGER,
                         PRIMARY KEY (personnummer, akasse, start)) WITHOUT ROWID;
  CREATE TEMP TABLE aendring (personnummer TEXT, akasse TEXT, start TEXT, slut TEXT, afgangsaarsag TEXT,
                              efterloen TEXT, tilbagekaldt INTEGER, art TEXT,
                              PRIMARY KEY (personnummer, akasse, start)) WITHOUT ROWID;
  CREATE TEMP TABLE afvist (linje INTEGER NOT NULL PRIMARY KEY, grund TEXT NOT NULL)`;

/** Makes the tables anew and reads the lines into them; a key that an earlier line has is refused. */
export function stageLines(db: Connection, linjer: Iterable<MedlemskabLinje | AfvistLinje>): void {
  db.exec(TABLES);
  const insert = db.prepare('INSERT INTO temp.indlaest VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
  const refuse = db.prepare('INSERT INTO temp.afvist (linje, grund) VALUES (?, ?)');
  // The transaction writes temporary tables only, so it locks nothing of the store.
  db.transaction(() => {
    for (const linje of linjer) {
      if ('grund' in linje) refuse.run(linje.linje, linje.grund);
      else insert.run(...toRow(linje));
    }
    sortLines(db);
    refuseRepeatedKeys(db);
    db.exec('DROP TABLE temp.indlaest'); // what follows takes its room
  }).deferred();
}

const toRow = (linje: MedlemskabLinje): readonly unknown[] => [
  linje.personnummer,
  linje.akasse,
  linje.start,
  linje.slut ?? null,
  linje.afgangsaarsag ?? null,
  linje.efterloen ?? null,
  linje.tilbagekaldt ? 1 : 0,
  linje.linje,
];

/** In the order of the key everything that follows goes through the tables from end to end. */
const sortLines = (db: Connection): void => {
  db.exec(`INSERT OR IGNORE INTO temp.fil (${COLUMNS}, linje)
           SELECT ${COLUMNS}, linje FROM temp.indlaest ORDER BY personnummer, akasse, start, rowid`);
};

function refuseRepeatedKeys(db: Connection): void {
  if (countOf(db, 'temp.indlaest') === countOf(db, 'temp.fil')) return;
  db.exec(`INSERT INTO temp.afvist (linje, grund)
    SELECT i.linje, 'the same personnummer, akasse and start stand on line ' || f.linje || ' already'
      FROM temp.indlaest AS i JOIN temp.fil AS f USING (personnummer, akasse, start)
     WHERE i.linje <> f.linje`);
}

/** Refused lines in order, a page at a time, so that the connection is free in between. */
export async function* refusedLines(db: Connection): AsyncGenerator<AfvistLinje> {
  const next = db.prepare<[number, number], AfvistLinje>(
    'SELECT linje, grund FROM temp.afvist WHERE linje > ? ORDER BY linje LIMIT ?',
  );
  for (let page = next.all(0, PAGE); page.length > 0; page = next.all(page.at(-1)!.linje, PAGE)) yield* page;
}

/** Rows of a table. */
export const countOf = (db: Connection, table: string): number =>
  db.prepare(`SELECT count(*) FROM ${table}`).pluck().get() as number;

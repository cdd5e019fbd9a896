// The lines of an import beside the store: in temporary tables of the connection, so that a register of any size takes
// little memory here and nobody is held up while it is read.

import type { AfvistLinje, MedlemskabLinje } from '../store.ts';
import type { Session } from './connection.ts';

/** Refused lines that are read back at a time, and lines that are sent at a time. */
const PAGE = 1_000;

/** What lines of the register have as columns, here and in `medlemskab`. */
export const COLUMNS = 'personnummer, akasse, start, slut, afgangsaarsag, efterloen, tilbagekaldt';

const LINE = `personnummer text COLLATE "C", akasse text COLLATE "C", start date, slut date, afgangsaarsag text COLLATE "C",
  efterloen date, tilbagekaldt boolean`;

/** Tables of one import: the lines as read, by key, what they change, and the lines that were refused. */
const TABLES = `
  DROP TABLE IF EXISTS pg_temp.indlaest, pg_temp.fil, pg_temp.aendring, pg_temp.afvist;
  CREATE TEMP TABLE indlaest (${LINE}, linje integer, nr integer GENERATED ALWAYS AS IDENTITY);
  CREATE TEMP TABLE fil (${LINE}, linje integer, PRIMARY KEY (personnummer, akasse, start));
  CREATE TEMP TABLE aendring (${LINE}, art text, PRIMARY KEY (personnummer, akasse, start));
  CREATE TEMP TABLE afvist (linje integer NOT NULL PRIMARY KEY, grund text NOT NULL)`;

/** Makes the tables anew and reads the lines into them; a key that an earlier line has is refused. */
export async function stageLines(
  session: Session,
  linjer: Iterable<MedlemskabLinje | AfvistLinje>,
): Promise<void> {
  await session.run(TABLES);
  for (const page of pagesOf(linjer)) {
    await session.run(
      `INSERT INTO indlaest (${COLUMNS}, linje) SELECT ${COLUMNS}, linje FROM json_populate_recordset(NULL::indlaest, $1)`,
      [JSON.stringify(page.filter((linje) => !('grund' in linje)))],
    );
    await session.run('INSERT INTO afvist SELECT * FROM json_populate_recordset(NULL::afvist, $1)', [
      JSON.stringify(page.filter((linje) => 'grund' in linje)),
    ]);
  }
  // In the order of the key everything that follows goes through the tables from end to end.
  await session.run(`INSERT INTO fil (${COLUMNS}, linje)
    SELECT DISTINCT ON (personnummer, akasse, start) ${COLUMNS}, linje FROM indlaest
     ORDER BY personnummer, akasse, start, nr`);
  await session.run(`INSERT INTO afvist (linje, grund)
    SELECT i.linje, 'the same personnummer, akasse and start stand on line ' || f.linje || ' already'
      FROM indlaest AS i JOIN fil AS f USING (personnummer, akasse, start)
     WHERE i.linje <> f.linje`);
  await session.run('DROP TABLE indlaest; ANALYZE pg_temp.fil'); // what follows takes its room
}

/** Refused lines in order, a page at a time, so that the connection is free in between. */
export async function* refusedLines(session: Session): AsyncGenerator<AfvistLinje> {
  for (let after = 0; ; ) {
    const page = await session.all<AfvistLinje>(
      `SELECT linje, grund FROM pg_temp.afvist WHERE linje > $1 ORDER BY linje LIMIT ${PAGE}`,
      [after],
    );
    yield* page;
    if (page.length < PAGE) return;
    after = page.at(-1)!.linje;
  }
}

/** Rows of a table. */
export const countOf = async (session: Session, table: string): Promise<number> =>
  (await session.one<{ readonly antal: number }>(`SELECT count(*) AS antal FROM ${table}`))!.antal;

function* pagesOf<T>(items: Iterable<T>): Generator<T[]> {
  let page: T[] = [];
  for (const item of items) {
    if (page.push(item) < PAGE) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}

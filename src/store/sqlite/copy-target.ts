// Makes a store of the rows of another. While they are written the triggers are off, for those want to see how a row
// came to be; the rules of each row, and its references, hold.

import { existsSync, statSync } from 'node:fs';
import Database from 'better-sqlite3';
import {
  demandProgress,
  notTaken,
  otherVersion,
  readProgress,
  takenSince,
  writeProgress,
} from '../copy/progress.ts';
import type {
  CopyCounters,
  CopyMarker,
  CopyOrigin,
  CopyPlace,
  CopyProgress,
  CopyTarget,
} from '../copy/sides.ts';
import type { CopyColumn, CopyTable, CopyValue } from '../copy/tables.ts';
import { MARKER } from '../kept/unfinished.ts';
import { StoreError, type StorePorts } from '../store.ts';
import { auditStatements } from './audit.ts';
import { versionNrOf } from './besked.ts';
import { type Connection, explain, openConnection, openReadOnly } from './connection.ts';
import { COUNTER_OF } from './copy-reader.ts';
import { checkSchema, isUnfinished, migrate, refuseForeign } from './migrate.ts';
import { triggersAsMade } from './verify-database.ts';

/** What is in the file `path` now; nothing is made. Throws StoreError where it is another program's. */
export function lookForCopy(path: string): CopyPlace {
  if (!existsSync(path) || (statSync(path).isFile() && statSync(path).size === 0)) return { state: 'free' };
  const db = openReadOnly(path, true);
  try {
    refuseForeign(db);
    if (isUnfinished(db)) return { state: 'unfinished', marker: markerIn(db) };
    return { state: holdsNothing(db) ? 'free' : 'taken' };
  } catch (error) {
    throw explain(error, path);
  } finally {
    db.close();
  }
}

/** Makes an unfinished copy that holds nothing yet. Throws StoreError where there is a store meanwhile. */
export function beginSqliteCopy(path: string, { poster, segl }: CopyOrigin, ports: StorePorts): CopyTarget {
  return opened(path, false, ports, (db) => {
    migrate(db, ports);
    db.transaction(() => {
      if (!holdsNothing(db)) throw takenSince();
      db.exec(`CREATE TABLE ${MARKER} (nr INTEGER NOT NULL PRIMARY KEY CHECK (nr = 1), poster INTEGER NOT NULL,
                 segl TEXT NOT NULL, progress TEXT NOT NULL) STRICT`);
      db.prepare(`INSERT INTO ${MARKER} VALUES (1, ?, ?, ?)`).run(poster, segl, writeProgress({ step: 0 }));
      for (const trigger of triggersOf(db)) db.exec(`DROP TRIGGER ${trigger}`);
    }).immediate();
  });
}

/** Opens the unfinished copy that is there. Throws StoreError. */
export const goOnWithSqliteCopy = (path: string, ports: StorePorts): CopyTarget =>
  opened(path, true, ports, (db) => {
    try {
      checkSchema(db, undefined, { unfinished: true });
    } catch (error) {
      throw error instanceof StoreError ? otherVersion() : error;
    }
  });

function opened(
  path: string,
  mustExist: boolean,
  ports: StorePorts,
  prepare: (db: Connection) => void,
): CopyTarget {
  const db = openConnection(path, { mustExist, check: refuseForeign });
  try {
    prepare(db);
    return targetOf(db, path, ports);
  } catch (error) {
    db.close();
    throw explain(error, path);
  }
}

function targetOf(db: Connection, path: string, ports: StorePorts): CopyTarget {
  const move = (from: CopyProgress, to: CopyProgress): number =>
    isUnfinished(db)
      ? db
          .prepare(`UPDATE ${MARKER} SET progress = ? WHERE progress = ?`)
          .run(writeProgress(to), writeProgress(from)).changes
      : 0;
  const step = async (from: CopyProgress, to: CopyProgress, work: () => void): Promise<void> => {
    try {
      db.transaction(() => {
        demandProgress(move(from, to));
        work();
      }).immediate();
    } catch (error) {
      const isRule = error instanceof Database.SqliteError && error.code.startsWith('SQLITE_CONSTRAINT');
      throw isRule ? notTaken(error.message) : explain(error, path);
    }
  };
  return {
    write: (copied, page, from, to) =>
      step(from, to, () => {
        copied.tables.forEach((table, at) => {
          const insert = db.prepare(insertOf(table));
          for (const row of page.rows[at]!)
            insert.run(
              Object.fromEntries(table.columns.map((column, nr) => [column.name, asKept(column, row[nr]!)])),
            );
        });
      }),
    complete: (counters, from, to) =>
      step(from, to, () => {
        setCounters(db, counters);
        for (const trigger of triggersAsMade()) db.exec(trigger);
      }),
    finish: (entry, from) =>
      step(from, from, () => {
        db.exec(`DROP TABLE ${MARKER}`);
        auditStatements(db, ports).add(entry);
      }),
    close: async () => void db.close(),
  };
}

/** Sets the counters as those of the other store are. */
function setCounters(db: Connection, counters: CopyCounters): void {
  for (const [name, table] of COUNTER_OF) {
    db.prepare('DELETE FROM sqlite_sequence WHERE name = ?').run(table);
    if (counters[name] > 0)
      db.prepare('INSERT INTO sqlite_sequence (name, seq) VALUES (?, CAST(? AS INTEGER))').run(
        table,
        counters[name],
      );
  }
  db.prepare('UPDATE medlemskab_register SET generation = ?').run(counters.generation);
}

/** What only this database has: a besked points at its version by the number that it has here. */
const ONLY_HERE: Readonly<Record<string, { readonly column: string; readonly value: string }>> = {
  besked: { column: 'version_nr', value: versionNrOf(':forloeb_id', ':version') },
};

function insertOf({ name, columns }: CopyTable): string {
  const names = columns.map((column) => column.name);
  const own = ONLY_HERE[name];
  return `INSERT INTO ${name} (${[...names, ...(own ? [own.column] : [])].join(', ')})
          VALUES (${[...names.map((column) => `:${column}`), ...(own ? [own.value] : [])].join(', ')})`;
}

const asKept = ({ kind }: CopyColumn, value: CopyValue): CopyValue | Buffer =>
  kind === 'bytes' && value !== null ? Buffer.from(String(value), 'hex') : value;

function markerIn(db: Connection): CopyMarker {
  const { poster, segl, progress } = db
    .prepare<[], CopyOrigin & { readonly progress: string }>(`SELECT poster, segl, progress FROM ${MARKER}`)
    .get()!;
  return { poster, segl, progress: readProgress(progress) };
}

const triggersOf = (db: Connection): string[] =>
  db.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'trigger'").pluck().all();

/** Tables that are never empty. */
const MADE_WITH_ROWS = ['migration', 'medlemskab_register', 'sqlite_sequence'];

/** Whether it is a store in which nothing has ever been kept, or is just being made. */
function holdsNothing(db: Connection): boolean {
  const tables = db.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all();
  const counted = tables.includes('sqlite_sequence')
    ? 'SELECT 1 FROM sqlite_sequence WHERE seq > 0'
    : 'SELECT 1 LIMIT 0';
  return (
    db.prepare(counted).get() === undefined &&
    tables
      .filter((table) => !MADE_WITH_ROWS.includes(table))
      .every((table) => db.prepare(`SELECT 1 FROM "${table}" LIMIT 1`).get() === undefined)
  );
}

// Looks at a store without opening it for use: nothing is made, migrated, repaired or written. For `pension doctor`.

import { existsSync, statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { GO_ON, UNFINISHED } from '../kept/unfinished.ts';
import { type StoreCondition, StoreError, type StoreInUse } from '../store.ts';
import { type Connection, SYNCHRONOUS_FULL } from './connection.ts';
import { checkSchema, isUnfinished, knownMigrations } from './migrate.ts';

/** Milliseconds to wait for a lock. Readers hardly ever do, and whoever looks waits for the answer. */
const BUSY_TIMEOUT = 500;
/** Bytes up to which every page is looked through: about a third of a second. A larger store takes too long for a look. */
const LOOK_THROUGH_BYTES = 16 * 1024 * 1024;

/** Looks at the store in the file `path`. Whatever is wrong with it is told, never thrown. */
export function inspectSqliteStore(path: string): StoreCondition {
  const unusable = (reason: string, remedy: string): StoreCondition => ({
    state: 'unusable',
    place: { kind: 'file', file: path },
    reason,
    remedy,
  });
  if (path.startsWith(':')) return unusable('it would be kept in memory only', NAME_A_FILE);
  let db: Connection | undefined;
  try {
    if (!existsSync(path) || isEmptyFile(path)) return { state: 'none', place: { kind: 'file', file: path } };
    db = openForALook(path);
    return db.transaction(look)(db, path);
  } catch (error) {
    if (error instanceof Unusable) return unusable(error.message, error.remedy);
    if (error instanceof Database.SqliteError) return unusable(error.message, remedyFor(error.code));
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
    return unusable((error as Error).message, CHECK_RIGHTS);
  } finally {
    db?.close();
  }
}

const NAME_A_FILE = 'Name a file on a local disk in PENSION_STORE, for instance sqlite:var/pension.db';
const CHECK_RIGHTS =
  'Check the path in PENSION_STORE, and that this user may read and write the file and its folder';

class Unusable extends Error {
  readonly remedy: string;

  constructor(reason: string, remedy: string) {
    super(reason);
    this.remedy = remedy;
  }
}

/** An empty file is taken by the first start as if there were none. */
function isEmptyFile(path: string): boolean {
  const stat = statSync(path);
  return stat.isFile() && stat.size === 0;
}

/**
 * A connection that leaves no trace. Where a log is in use or was left behind, one that only reads lets it be; where
 * there is none, one that may write takes its own files away again, which one that only reads cannot.
 */
function openForALook(path: string): Connection {
  const db = new Database(path, {
    readonly: existsSync(`${path}-wal`),
    fileMustExist: true,
    timeout: BUSY_TIMEOUT,
  });
  db.pragma('query_only = ON');
  db.pragma('synchronous = FULL'); // as the service does; read back below
  return db;
}

function look(db: Connection, path: string): StoreInUse {
  const steps = stepsOf(db);
  if (isUnfinished(db)) throw new Unusable(`it is ${UNFINISHED}`, GO_ON);
  const known = knownMigrations();
  const newest = steps.at(-1);
  if (newest !== undefined && newest.number > known.at(-1)!.number) {
    throw new Unusable(
      `it is newer than this program: it holds migration ${newest.name}, the program knows up to ${known.at(-1)!.name}`,
      'Start a newer version of the program on it',
    );
  }
  const applied = new Set(steps.map(({ number }) => number));
  const notDurable = durabilityProblem(db);
  return {
    state: known.every(({ number }) => applied.has(number)) ? 'current' : 'older',
    place: { kind: 'file', file: path },
    schema: newest?.name ?? '(none)',
    schemaFrom: newest?.applied ?? '',
    ...(notDurable && { notDurable }),
    lookedThrough: lookThrough(db, path),
    ...contentsOf(db),
  };
}

interface Step {
  readonly number: number;
  readonly name: string;
  readonly applied: string;
}

/** The steps of the schema that it has taken, in order. */
function stepsOf(db: Connection): Step[] {
  try {
    const steps = hasTable(db, 'migration')
      ? db.prepare<[], Step>('SELECT number, name, applied FROM migration ORDER BY number').all()
      : [];
    checkSchema(
      db,
      steps.map((step) => ({ ...step, sql: '' })), // its own steps: only whose it is can be wrong
      { unfinished: true },
    );
    return steps;
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    throw new Unusable(
      'it is a SQLite database, but not a store of this program',
      'Name the right file in PENSION_STORE',
    );
  }
}

const hasTable = (db: Connection, name: string): boolean =>
  db.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?").get(name) !== undefined;

function durabilityProblem(db: Connection): string | undefined {
  const journal = db.pragma('journal_mode', { simple: true });
  const synchronous = db.pragma('synchronous', { simple: true });
  if (journal !== 'wal') return `its journal is ${journal}, not a write-ahead log`;
  if (synchronous !== SYNCHRONOUS_FULL) return `synchronous is ${synchronous}, not FULL`;
  return undefined;
}

/** Looks every page through, unless there are too many. Throws Unusable where one is damaged. */
function lookThrough(db: Connection, path: string): boolean {
  if (statSync(path).size > LOOK_THROUGH_BYTES) return false;
  const found = db.pragma('quick_check(1)', { simple: true });
  if (found !== 'ok') throw new Unusable(`it is damaged: ${found}`, RESTORE);
  return true;
}

function contentsOf(db: Connection) {
  const newestEntry = hasTable(db, 'audit_entry')
    ? db.prepare<[], string>('SELECT tidspunkt FROM audit_entry ORDER BY seq DESC LIMIT 1').pluck().get()
    : undefined;
  const { antal, fra } = unsealedIn(db);
  return {
    hasMedlemskaber:
      hasTable(db, 'medlemskab') &&
      db.prepare('SELECT 1 FROM medlemskab WHERE tilbagekaldt = 0 LIMIT 1').get() !== undefined,
    ...(newestEntry && { newestEntry }),
    unsealed: antal,
    ...(fra && { unsealedSince: fra }),
  };
}

/** What waits for a seal. A store from before there were seals has none to wait for. */
function unsealedIn(db: Connection): { antal: number; fra: string | null } {
  if (!hasTable(db, 'audit_seal')) return { antal: 0, fra: null };
  return db
    .prepare<[], { antal: number; fra: string | null }>(
      `SELECT count(*) AS antal, min(tidspunkt) AS fra
         FROM (SELECT tidspunkt FROM audit_entry
                WHERE seq > coalesce((SELECT sidste FROM audit_seal ORDER BY nr DESC LIMIT 1), 0)
               UNION ALL
               SELECT tidspunkt FROM audit_gathering)`,
    )
    .get()!;
}

const RESTORE = 'Stop the service and run pension restore FILE --replace with the newest backup';

function remedyFor(code: string): string {
  if (code.startsWith('SQLITE_BUSY')) return 'Wait for the process that holds it, or stop that process';
  if (code.startsWith('SQLITE_NOTADB')) return 'Name the right file in PENSION_STORE';
  if (code.startsWith('SQLITE_CORRUPT')) return RESTORE;
  return CHECK_RIGHTS;
}

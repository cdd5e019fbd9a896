// Brings a database to the schema of this program: numbered files, each applied once, in a transaction of its own. Of
// several processes that start together one at a time has the lock, and the others find the work done. A store from a
// newer program is refused by name.

import { type Migration, migrationsIn } from '../kept/migrations.ts';
import { GO_ON, MARKER, UNFINISHED } from '../kept/unfinished.ts';
import { StoreError, type StorePorts } from '../store.ts';
import { SCHEMA, type Session } from './connection.ts';

/** The steps that this program knows, in order. */
export const knownMigrations = (): Migration[] => migrationsIn(new URL('./migrations/', import.meta.url));

/** The advisory lock of those who migrate, by a number that is ours: the letters PenS. */
const LOCK = 0x50_65_6e_53;
/** Milliseconds to wait for it: another process may be bringing up a large store. */
const LOCK_TIMEOUT = 600_000;

const BEGINNING = `
  CREATE SCHEMA IF NOT EXISTS ${SCHEMA};
  CREATE EXTENSION IF NOT EXISTS btree_gist SCHEMA ${SCHEMA};
  CREATE TABLE migration (number integer NOT NULL PRIMARY KEY, name text NOT NULL, applied text NOT NULL)`;

/** A step that has been taken. */
export interface Step {
  readonly number: number;
  readonly name: string;
  readonly applied: string;
}

/**
 * Applies what is missing. Throws StoreError when the schema is another program's, an unfinished copy, or a store that
 * holds a step this program does not know; all are left as they are. The clock stamps the steps that are applied.
 */
export async function migrate(
  session: Session,
  ports: Pick<StorePorts, 'now'>,
  migrations: readonly Migration[] = knownMigrations(),
): Promise<void> {
  const isDone = ({ number }: Migration, steps: readonly Step[]) =>
    steps.some((step) => step.number === number);
  const found = await stepsOf(session);
  refuseNewer(found ?? [], migrations);
  if (found !== undefined && migrations.every((migration) => isDone(migration, found))) return;
  await session.run(`SELECT set_config('lock_timeout', '${LOCK_TIMEOUT}', false)`);
  await session.run(`SELECT pg_advisory_lock(${LOCK})`);
  try {
    if ((await stepsOf(session)) === undefined) await inTransaction(session, BEGINNING);
    for (const migration of migrations) {
      const steps = (await stepsOf(session))!;
      refuseNewer(steps, migrations);
      if (isDone(migration, steps)) continue;
      const { number, name, sql } = migration;
      const applied = ports.now().toISOString();
      await inTransaction(
        session,
        `${sql};\nINSERT INTO migration VALUES (${number}, '${name}', '${applied}')`,
      );
    }
  } finally {
    await session.run(`SELECT pg_advisory_unlock(${LOCK})`).catch(() => undefined);
  }
}

/**
 * Throws StoreError when this is not a store with exactly the steps that this program knows; only with `unfinished` an
 * unfinished copy counts as one.
 */
export async function checkSchema(
  session: Session,
  migrations: readonly Migration[] = knownMigrations(),
  { unfinished = false } = {},
): Promise<void> {
  const steps = await stepsOf(session, { unfinished });
  if (steps === undefined)
    throw new StoreError(
      'PENSION_STORE: there is no store in this database. Name the one that the service uses, or start the service on it.',
    );
  refuseNewer(steps, migrations);
  if (migrations.every(({ number }) => steps.some((step) => step.number === number))) return;
  throw new StoreError(
    'PENSION_STORE: the store is of an older version. Start the service on it once, which brings it up to date.',
  );
}

/**
 * The steps that the store in this database has taken, in order; undefined where there is none. Throws StoreError where
 * the schema is another program's, and where it is that of an unfinished copy, unless such a one may be.
 */
export async function stepsOf(session: Session, { unfinished = false } = {}): Promise<Step[] | undefined> {
  const { migration, marked, things } = (await session.one<{
    readonly migration: boolean;
    readonly marked: boolean;
    readonly things: number;
  }>(
    `SELECT coalesce((SELECT string_agg(attname || ' ' || format_type(atttypid, atttypmod), ', ' ORDER BY attnum)
                        FROM pg_attribute
                       WHERE attrelid = to_regclass('${SCHEMA}.migration') AND attnum > 0 AND NOT attisdropped)
                     = 'number integer, name text, applied text', false) AS migration,
            to_regclass('${SCHEMA}.${MARKER}') IS NOT NULL AS marked,
            (SELECT count(*) FROM pg_depend AS d
              WHERE refclassid = 'pg_namespace'::regclass AND refobjid = to_regnamespace('${SCHEMA}')
                AND classid <> 'pg_extension'::regclass
                AND NOT EXISTS (SELECT 1 FROM pg_depend AS e
                                 WHERE e.classid = d.classid AND e.objid = d.objid AND e.deptype = 'e')) AS things`,
  ))!;
  if (marked && !unfinished) throw new StoreError(`PENSION_STORE: this is ${UNFINISHED}. ${GO_ON}.`);
  if (migration)
    return session.all<Step>(`SELECT number, name, applied FROM ${SCHEMA}.migration ORDER BY number`);
  if (things === 0) return undefined;
  throw new StoreError(
    `PENSION_STORE: the schema ${SCHEMA} in this database is another program's. Name another database; it was not changed.`,
  );
}

/** Several statements as one transaction: they are sent together, and so they are one. */
const inTransaction = async (session: Session, statements: string): Promise<void> => {
  await session.run(`BEGIN;\n${statements};\nCOMMIT`).catch(async (error: unknown) => {
    await session.run('ROLLBACK').catch(() => undefined);
    throw error;
  });
};

function refuseNewer(steps: readonly Step[], migrations: readonly Migration[]): void {
  const [newest, known] = [steps.at(-1), migrations.at(-1)!];
  if (newest === undefined || newest.number <= known.number) return;
  throw new StoreError(
    `PENSION_STORE: the store is newer than this program: it holds migration ${newest.name}, the program knows up to ${known.name}. ` +
      'Start a newer version of the program on it; it was not changed.',
  );
}

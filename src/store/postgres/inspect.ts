// Looks at a store without opening it for use: nothing is made, migrated or written. For `pension doctor`.

import { type StoreCondition, StoreError, type StoreInUse, type StorePlace } from '../store.ts';
import { durabilityProblem, notDurable, openClient, type Session, sessionOf } from './connection.ts';
import { explainFailure, LET_IT } from './health.ts';
import { knownMigrations, type Step, stepsOf } from './migrate.ts';

/** Looks at the store in that database, which is called `name`. Whatever is wrong with it is told, never thrown. */
export async function inspectPostgresStore(
  url: string,
  name: string,
  isTest: boolean,
): Promise<StoreCondition> {
  const place: StorePlace = { kind: 'server', name };
  const unusable = (reason: string, remedy: string): StoreCondition => ({
    state: 'unusable',
    place,
    reason,
    remedy,
  });
  try {
    // What is not durable is told, and does not keep anybody from looking.
    const client = await openClient(url, true);
    try {
      return await look(sessionOf(client), place, isTest);
    } finally {
      await client.end();
    }
  } catch (thrown) {
    const { error, cause } = explainFailure(thrown);
    if (error instanceof StoreError) {
      const [reason = '', ...remedy] = error.message.replace(/^PENSION_STORE: /, '').split(/(?<=[.;]) /);
      return unusable(reason.replace(/[.;]$/, ''), remedy.join(' ').replace(/\.$/, '') || CHECK_ADDRESS);
    }
    if (cause === undefined) throw error;
    return unusable(cause, CHECK_ADDRESS);
  }
}

const CHECK_ADDRESS =
  'Check that PostgreSQL runs, and host, port, user, password and database in PENSION_STORE';

interface Facts {
  readonly version: string;
  readonly fsync: string;
  readonly synchronous_commit: string;
  readonly full_page_writes: string;
  readonly mayCreate: boolean;
}

async function look(session: Session, place: StorePlace, isTest: boolean): Promise<StoreCondition> {
  const steps = await stepsOf(session);
  const facts = (await session.one<Facts>(
    `SELECT split_part(current_setting('server_version'), ' ', 1) AS version, current_setting('fsync') AS fsync,
            current_setting('synchronous_commit') AS synchronous_commit,
            current_setting('full_page_writes') AS full_page_writes,
            has_database_privilege(current_database(), 'CREATE')
              OR to_regnamespace('pension') IS NOT NULL AS "mayCreate"`,
  ))!;
  const problem = isTest ? undefined : durabilityProblem(facts);
  if (steps === undefined || steps.length === 0) {
    // What would stop the first start.
    if (problem !== undefined) throw notDurable(problem);
    if (!facts.mayCreate) throw new StoreError(`PENSION_STORE: this user may not make the store. ${LET_IT}`);
    return { state: 'none', place };
  }
  const newest = steps.at(-1)!;
  return {
    state: stateOf(steps),
    place,
    version: `PostgreSQL ${facts.version}`,
    schema: newest.name,
    schemaFrom: newest.applied,
    ...(problem && { notDurable: problem }),
    lookedThrough: false,
    ...(await contentsOf(session, steps)),
  };
}

function stateOf(steps: readonly Step[]): 'older' | 'current' {
  const known = knownMigrations();
  const newest = steps.at(-1)!;
  if (newest.number > known.at(-1)!.number)
    throw new StoreError(
      `PENSION_STORE: it is newer than this program: it holds migration ${newest.name}, the program knows up to ${known.at(-1)!.name}. Start a newer version of the program on it.`,
    );
  return known.every(({ number }) => steps.some((step) => step.number === number)) ? 'current' : 'older';
}

/** What the doctor asks of the register and the trail; an older store may not have either yet. */
async function contentsOf(
  session: Session,
  steps: readonly Step[],
): Promise<Pick<StoreInUse, 'hasMedlemskaber' | 'newestEntry' | 'unsealed' | 'unsealedSince'>> {
  const has = (number: number): boolean => steps.some((step) => step.number >= number);
  const hasMedlemskaber =
    has(2) &&
    (await session.one('SELECT 1 AS found FROM medlemskab WHERE NOT tilbagekaldt LIMIT 1')) !== undefined;
  if (!has(3)) return { hasMedlemskaber, unsealed: 0 };
  const { newest, antal, fra } = (await session.one<{
    readonly newest: string | null;
    readonly antal: number;
    readonly fra: string | null;
  }>(
    `SELECT coalesce((SELECT tidspunkt FROM audit_intake ORDER BY nr DESC LIMIT 1),
                     (SELECT tidspunkt FROM audit_entry ORDER BY seq DESC LIMIT 1)) AS newest,
            count(*) AS antal, min(tidspunkt) AS fra
       FROM (SELECT tidspunkt FROM audit_entry
              WHERE seq > coalesce((SELECT sidste FROM audit_seal ORDER BY nr DESC LIMIT 1), 0)
             UNION ALL SELECT tidspunkt FROM audit_intake
             UNION ALL SELECT tidspunkt FROM audit_gathering) AS unsealed`,
  ))!;
  return {
    hasMedlemskaber,
    ...(newest && { newestEntry: newest }),
    unsealed: antal,
    ...(fra && { unsealedSince: fra }),
  };
}

// Opens connections that keep their word: every commit is on disk before it is answered, dates are text, and nobody
// waits for ever. PostgreSQL sets this for each connection, so it is set and read back each time.

import pg from 'pg';
import { StoreError } from '../store.ts';
import { passwordOf } from './password.ts';

/** A statement that a connection prepares once. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

let named = 0;

/** Names a statement, to be made once for the whole process. Columns come out under the names that it gives them. */
export const statement = (text: string): Statement => {
  named += 1;
  return { name: `pension_${named}`, text };
};

/** What is asked of one connection, inside a transaction or each statement a transaction of its own. */
export interface Session {
  /** The rows that a statement gives. */
  all<T>(statement: Statement | string, values?: readonly unknown[]): Promise<T[]>;
  /** The one row, if there is one. */
  one<T>(statement: Statement | string, values?: readonly unknown[]): Promise<T | undefined>;
  /** How many rows it has written. */
  run(statement: Statement | string, values?: readonly unknown[]): Promise<number>;
}

/** What a connection is for. Times are in milliseconds; 0 is for ever. */
export interface Use {
  /** For one statement, as the database counts it. */
  readonly statement: number;
  /** For a lock. */
  readonly lock: number;
  /**
   * Whether each statement is to go along an index. The plans of a function are kept, and one that was made while a
   * table was nearly empty would go through all of it when it has grown.
   */
  readonly indexed: boolean;
}

/** For work that takes as long as it takes. */
const LONG: Use = { statement: 0, lock: 10_000, indexed: false };

/** Where everything is, inside the database. */
export const SCHEMA = 'pension';
/** `server_version_num` of the oldest PostgreSQL that will do. */
const OLDEST = 140_000;
/** Milliseconds after which the database gives up a transaction whose process has gone quiet, and lets go of its locks. */
const QUIET = 10_000;
/** Milliseconds of silence after which the network is asked whether the other end is still there. */
const KEEP_ALIVE = 10_000;
/** Milliseconds for making a connection by itself: at a start the machine may be busy with much else. */
const CONNECT_TIMEOUT = 10_000;

/** Types as text and numbers: OIDs of `date` and `bigint`. A bigint here is a count or a number, far below 2^53. */
const DATE = 1082;
const BIGINT = 20;
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) => {
    if (oid === DATE) return (text: string) => text;
    if (oid === BIGINT) return Number;
    return pg.types.getTypeParser(oid, format as 'text');
  },
};

/** What a connection is opened with; within so many milliseconds. */
export function configOf(address: string, within = CONNECT_TIMEOUT): pg.ClientConfig {
  // Taken apart by the library: beside the address itself it would not listen to `password`.
  const {
    host,
    port,
    database = '',
    user = '',
    password,
    ssl,
  } = new pg.Client({ connectionString: address });
  return {
    host,
    port,
    database,
    user,
    ssl,
    options: new URL(address).searchParams.get('options') ?? undefined,
    application_name: 'pension',
    connectionTimeoutMillis: within,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE,
    types,
    // Looked up only where the database asks for one.
    password: password || (() => passwordOf({ host, port: String(port), database, user })),
  };
}

/** What the database says of itself when a connection is made. */
interface Facts {
  readonly fsync: string;
  readonly synchronous_commit: string;
  readonly full_page_writes: string;
  readonly encoding: string;
  readonly version: string;
  readonly isStandby: boolean;
  readonly replication: string;
}

/** What is set, and what is looked at, in one round trip. What is looked at once stays so for the connection. */
const PREPARE = `SELECT set_config('search_path', '${SCHEMA}', false), set_config('datestyle', 'ISO, YMD', false),
  set_config('timezone', 'UTC', false), set_config('default_transaction_isolation', 'read committed', false),
  set_config('statement_timeout', $1, false), set_config('lock_timeout', $2, false),
  set_config('enable_seqscan', $3, false), set_config('jit', 'off', false),
  set_config('idle_in_transaction_session_timeout', '${QUIET}', false),
  set_config('synchronous_commit', current_setting('synchronous_commit'), false),
  current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS synchronous_commit,
  current_setting('full_page_writes') AS full_page_writes, current_setting('server_encoding') AS encoding,
  current_setting('server_version_num') AS version, pg_is_in_recovery() AS "isStandby",
  current_setting('session_replication_role') AS replication`;

/** Makes a new connection ours. Throws StoreError, with the remedy, where the database will not do. */
export async function prepareConnection(
  client: pg.ClientBase,
  { statement, lock, indexed }: Use,
  isTest: boolean,
): Promise<void> {
  const { rows } = await client.query<Facts>({
    text: PREPARE,
    values: [String(statement), String(lock), indexed ? 'off' : 'on'],
    query_timeout: statement || CONNECT_TIMEOUT, // the library's own ends where the connection is there
  } as pg.QueryConfig);
  const facts = rows[0]!;
  if (Number(facts.version) < OLDEST)
    throw new StoreError('PENSION_STORE: PostgreSQL is too old; version 14 or newer is needed.');
  if (facts.encoding !== 'UTF8')
    throw new StoreError(
      `PENSION_STORE: the database is in ${facts.encoding}; make it with ENCODING 'UTF8' TEMPLATE template0.`,
    );
  if (facts.isStandby)
    throw new StoreError(
      'PENSION_STORE: the database is a standby, which can only be read; name the primary.',
    );
  if (facts.replication !== 'origin')
    throw new StoreError(
      'PENSION_STORE: session_replication_role switches the rules of the database off for this user; set it to origin.',
    );
  const problem = durabilityProblem(facts);
  if (problem !== undefined && !isTest) throw notDurable(problem);
}

/** What is said of a database that would lose what it has answered, with the remedy. */
export const notDurable = (problem: string): StoreError =>
  new StoreError(
    `PENSION_STORE: the database is not durable: ${problem}. Set it to on in PostgreSQL; for a test with data that may be lost, set PENSION_STORE_DURABILITY=test.`,
  );

/** What keeps a commit from being on disk when it is answered, if anything does. */
export function durabilityProblem(facts: Pick<Facts, 'fsync' | 'synchronous_commit' | 'full_page_writes'>) {
  const off = (['fsync', 'synchronous_commit', 'full_page_writes'] as const).find(
    (setting) => facts[setting] === 'off',
  );
  return off === undefined ? undefined : `${off} is off`;
}

/** A connection by itself, for work that takes long. Throws StoreError, or what stands in the way of the connection. */
export async function openClient(address: string, isTest: boolean): Promise<pg.Client> {
  const client = new pg.Client(configOf(address));
  client.on('error', () => undefined); // whoever waits for a statement is told, and whoever comes next
  try {
    await client.connect();
    await prepareConnection(client, LONG, isTest);
    return client;
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }
}

/** Whoever reads in a transaction at the pace of somebody else is quiet for as long as that takes; nothing waits for it. */
export const mayBeQuiet = (session: Session): Promise<number> =>
  session.run(`SELECT set_config('idle_in_transaction_session_timeout', '0', false)`);

/** A connection as statements are run on it; `within` says how many milliseconds each may take until it is given up. */
export function sessionOf(
  client: pg.ClientBase,
  within: () => number | undefined = () => undefined,
): Session {
  const query = (statement: Statement | string, values: readonly unknown[] = []) => {
    const query_timeout = within();
    return client.query({
      ...(typeof statement === 'string' ? { text: statement } : statement),
      values: [...values],
      ...(query_timeout !== undefined && { query_timeout }),
    } as pg.QueryConfig);
  };
  return {
    all: async <T>(statement: Statement | string, values?: readonly unknown[]) =>
      (await query(statement, values)).rows as T[],
    one: async <T>(statement: Statement | string, values?: readonly unknown[]) =>
      (await query(statement, values)).rows[0] as T | undefined,
    run: async (statement, values) => (await query(statement, values)).rowCount ?? 0,
  };
}

// The store on PostgreSQL: any number of processes over one database, every answered call on its disk.

import { SEAL_ENTRIES, type Seal } from '../../access/audit/seal.ts';
import { entryOf } from '../kept/call-entry.ts';
import { isGathered } from '../kept/gathering.ts';
import { makeHealth } from '../kept/health.ts';
import type { AuditReader, Store, StorePorts } from '../store.ts';
import { taking } from './audit.ts';
import { counting } from './audit-gathering.ts';
import { auditReader } from './audit-reader.ts';
import { endSequence, fetchSequence } from './call-sequence.ts';
import { mayBeQuiet, openClient, type Session, sessionOf } from './connection.ts';
import { createSequence } from './create-sequence.ts';
import { get } from './get.ts';
import { explainFailure, refuse } from './health.ts';
import { makeImport } from './import-medlemskaber.ts';
import { checkSchema, migrate } from './migrate.ts';
import { rollBackAllIdle } from './roll-back.ts';
import { save } from './save.ts';
import { type Statements, statementsOf } from './statements.ts';
import { sweepOutbox } from './sweep.ts';
import { makeTransactions } from './transactions.ts';

/** A write that changes nothing. */
const PROBE = 'SELECT nr FROM probe FOR UPDATE';

/** How the store is opened. */
export interface PostgresOptions {
  /** It is not made, nor brought up, where it is missing or older. */
  readonly mustExist: boolean;
  /** Connections that are kept for calls. */
  readonly connections: number;
  /** A database that does not flush every commit is taken. */
  readonly isTest: boolean;
}

/**
 * Opens the store in the database of that address, making it or bringing it to this program's schema first. `ports` gives
 * the clock that stamps beskeder when they are queued. Rejects with StoreError, with the remedy, when the database cannot
 * be reached, is not durable, holds something else under our name, or is newer than this program.
 */
export async function openPostgresStore(
  url: string,
  ports: StorePorts,
  { mustExist, connections, isTest }: PostgresOptions,
): Promise<Store> {
  await withClient(url, isTest, (session) => (mustExist ? checkSchema(session) : migrate(session, ports)));
  const health = makeHealth(() => ports.now(), explainFailure);
  const transactions = makeTransactions(url, { connections, isTest }, health);
  // The first connection is made now, and written through: what is wrong stops the start, and no call waits for it.
  await transactions.probe(PROBE).catch(async (error: unknown) => {
    await transactions.close();
    refuse(error);
  });
  const importer = makeImport(() => openClient(url, isTest), ports);
  const run = <T>(work: (statements: Statements, session: Session) => Promise<T>): Promise<T> =>
    transactions.run((session) => work(statementsOf(session, ports), session));

  const numberAll = async (): Promise<void> => {
    while (await run(({ numbering }) => numbering.numberNext())) {
      // Each batch in a transaction of its own, so that others come in between.
    }
  };
  const seal = async (gatheredBefore: Date | undefined): Promise<Seal | undefined> => {
    await run(({ gathering }) => gathering.close(gatheredBefore));
    await numberAll();
    let last: Seal | undefined;
    for (;;) {
      const next = await run(({ seals }) => seals.sealNext(ports.now()));
      last = next ?? last;
      if (next === undefined || next.entries.length < SEAL_ENTRIES) return last;
    }
  };
  /** Reads the trail once everything that has come in has its number. */
  const readTrail = async <T>(work: (reader: AuditReader) => Promise<T>): Promise<T> => {
    await numberAll();
    return transactions.run((session) => work(auditReader(session)));
  };

  return {
    save: (command) => save(transactions, command, ports.now()),
    get: (query) => get(transactions, query),
    recordRefusal: async (refusal) => {
      const [statement, values] = isGathered(refusal.fejlkode)
        ? counting(refusal)
        : taking(entryOf(refusal.kald, { fejlkode: refusal.fejlkode }));
      await transactions.call(statement, values);
    },
    sequences: {
      create: (command) => run((statements) => createSequence(statements, command, ports.now())),
      fetch: (command) => run((statements) => fetchSequence(statements, command, ports.now())),
      end: (command) => run((statements) => endSequence(statements, command, ports.now())),
      rollBackIdle: (minutes) =>
        run((statements) =>
          rollBackAllIdle(statements, minutes, { correlationId: ports.newId() }, ports.now()),
        ),
    },
    medlemskaber: {
      import: (register) => importer.import(register),
      show: (personnummer, entry) =>
        run(async ({ audit, medlemskab }) => {
          await audit.add(entry);
          return medlemskab.ofBorger(personnummer);
        }),
    },
    outbox: {
      lengths: () => run(({ watch }) => watch.lengths()),
      overview: (entry) => run(({ care }) => care.overview(entry)),
      find: (identifier, entry) => run(({ care }) => care.find(identifier, entry)),
      closeSequence: (identifier, entry) =>
        run(({ care }) => care.closeSequence(identifier, entry, ports.now())),
      sweep: (asked) => sweepOutbox(run, asked, ports),
    },
    audit: {
      entries: (page) => readTrail((reader) => reader.entries(page)),
      seals: (page) => readTrail((reader) => reader.seals(page)),
      gathering: () => readTrail((reader) => reader.gathering()),
      counters: () => readTrail((reader) => reader.counters()),
      record: (entry) => run(({ audit }) => audit.add(entry)),
      seal: () => seal(ports.now()),
    },
    health: {
      failure: health.failure,
      tryAgain: () => health.judge(() => transactions.probe(PROBE)),
    },
    async close() {
      await importer.close();
      // A store that cannot be sealed now is sealed by another process, or by whoever opens it next.
      const last = await seal(undefined).catch(() => undefined);
      await transactions.close();
      return last;
    },
  };
}

/**
 * Opens the audit trail of an existing store for reading, once everything that has come in has its number; as it is at
 * that moment, where a `snapshot` is asked for. Rejects with StoreError, with the remedy.
 */
export async function openPostgresAudit(
  url: string,
  ports: StorePorts,
  { snapshot, isTest }: { readonly snapshot: boolean; readonly isTest: boolean },
): Promise<AuditReader & { close(): Promise<void> }> {
  const client = await openClient(url, isTest).catch(refuse);
  const session = sessionOf(client);
  try {
    await checkSchema(session);
    const { numbering } = statementsOf(session, ports);
    for (let more = true; more; ) {
      await session.run('BEGIN');
      more = await numbering.numberNext();
      await session.run('COMMIT');
    }
    await mayBeQuiet(session);
    if (snapshot) await session.run('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    return { ...auditReader(session), close: () => client.end() };
  } catch (error) {
    await client.end().catch(() => undefined);
    return refuse(error);
  }
}

async function withClient<T>(
  url: string,
  isTest: boolean,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const client = await openClient(url, isTest).catch(refuse);
  try {
    return await work(sessionOf(client)).catch(refuse);
  } finally {
    await client.end().catch(() => undefined);
  }
}

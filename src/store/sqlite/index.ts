// The store on SQLite: one file, one writer at a time, every answered call on disk.

import { SEAL_ENTRIES, type Seal } from '../../access/audit/seal.ts';
import { isGathered } from '../kept/gathering.ts';
import { makeHealth } from '../kept/health.ts';
import type { AuditReader, Store, StorePorts } from '../store.ts';
import { auditReader } from './audit-reader.ts';
import { endSequence, fetchSequence } from './call-sequence.ts';
import { makeCheckpoints } from './checkpoints.ts';
import { explain, openConnection, openReadOnly } from './connection.ts';
import { createSequence } from './create-sequence.ts';
import { get } from './get.ts';
import { explainFailure } from './health.ts';
import { makeImport } from './import-medlemskaber.ts';
import { checkSchema, migrate, refuseForeign } from './migrate.ts';
import { rollBackAllIdle } from './roll-back.ts';
import { save } from './save.ts';
import { prepareStatements } from './statements.ts';
import { makeSweep, sweepOutbox } from './sweep.ts';
import { makeTransactions } from './transactions.ts';

export interface SqliteOptions {
  readonly mustExist?: boolean;
  /** For a service: a thread of its own brings the log into the database file, and few pages are kept in memory. */
  readonly isServed?: boolean;
}

/**
 * KiB of pages that a service keeps in memory, half of what is usual: the system has the others, and every commit looks
 * through all that are kept.
 */
const SERVED_CACHE = 8_000;

/**
 * Opens the store in the file `path`, making it or bringing it to this program's schema first.
 * `ports` gives the clock: it stamps beskeder when they are queued, under the write lock, so that their order is that
 * of the queue. Throws StoreError, with the remedy, when the file cannot be opened, is not durable, is another
 * program's, or is newer than this program.
 */
export function openSqliteStore(
  path: string,
  ports: StorePorts,
  { mustExist = false, isServed = false }: SqliteOptions = {},
): Store {
  const db = openConnection(path, { mustExist, check: refuseForeign });
  try {
    // A store that must exist is another's to bring up: a service of an older version may be running on it.
    if (mustExist) checkSchema(db);
    else migrate(db, ports);
  } catch (error) {
    db.close();
    throw explain(error, path);
  }
  if (isServed) db.pragma(`cache_size = -${SERVED_CACHE}`);
  const statements = prepareStatements(db, ports);
  const health = makeHealth(() => ports.now(), explainFailure);
  const checkpoints = isServed ? makeCheckpoints(db, path) : undefined;
  const transactions = makeTransactions(db, path, health, checkpoints?.afterTransaction);
  // Written anew with the value that it has: a commit like any other, and nothing is different after it.
  const writeNothing = (): unknown =>
    db.pragma(`user_version = ${db.pragma('user_version', { simple: true })}`);
  const reader = auditReader(db);
  const sweep = makeSweep(db, statements, ports);

  const seal = async (gatheredBefore: Date | undefined): Promise<Seal | undefined> => {
    await transactions.run(() => statements.gathering.close(gatheredBefore));
    let last: Seal | undefined;
    for (;;) {
      // Each batch in a transaction of its own, so that calls come in between.
      const next = await transactions.run(() => statements.seals.sealNext(ports.now()));
      last = next ?? last;
      if (next === undefined || next.entries.length < SEAL_ENTRIES) return last;
    }
  };

  return {
    save: (command) => transactions.run(() => save(statements, command, ports.now())),
    get: (query) => transactions.run(() => get(statements, query)),
    recordRefusal: (refusal) =>
      transactions.run(() => {
        if (isGathered(refusal.fejlkode)) statements.gathering.count(refusal);
        else statements.audit.addCall(refusal.kald, refusal);
      }),
    sequences: {
      create: (command) => transactions.run(() => createSequence(statements, command, ports.now())),
      fetch: (command) => transactions.run(() => fetchSequence(statements, command, ports.now())),
      end: (command) => transactions.run(() => endSequence(statements, command, ports.now())),
      rollBackIdle: async (minutes) => {
        // Nearly always there is nothing to do, and no reason to wait for the write lock.
        if (statements.sequence.allOpen().length === 0) return [];
        return transactions.run(() =>
          rollBackAllIdle(statements, minutes, { correlationId: ports.newId() }, ports.now()),
        );
      },
    },
    medlemskaber: {
      import: makeImport(db, statements, transactions, ports),
      show: (personnummer, entry) =>
        transactions.run(() => {
          statements.audit.add(entry);
          return statements.medlemskab.ofBorger(personnummer);
        }),
    },
    outbox: {
      lengths: async () => statements.watch.lengths(),
      overview: (entry) => transactions.run(() => statements.care.overview(entry)),
      find: (identifier, entry) => transactions.run(() => statements.care.find(identifier, entry)),
      closeSequence: (identifier, entry) =>
        transactions.run(() => statements.care.closeSequence(identifier, entry, ports.now())),
      sweep: (asked) => sweepOutbox(sweep, transactions.run, asked, () => ports.now()),
    },
    audit: {
      ...readingAsync(reader),
      record: (entry) => transactions.run(() => statements.audit.add(entry)),
      seal: () => seal(ports.now()),
    },
    health: {
      failure: health.failure,
      tryAgain: () => health.judge(() => transactions.run(() => void writeNothing())),
    },
    async close() {
      await transactions.settled();
      // A store that cannot be sealed now is sealed by whoever opens it next.
      const last = await seal(undefined).catch(() => undefined);
      await checkpoints?.stop();
      db.close();
      return last;
    },
  };
}

/**
 * Opens the audit trail of the store in `path` for reading only; as it is at that moment, where a `snapshot` is asked
 * for. Throws StoreError, with the remedy.
 */
export function openSqliteAudit(path: string, snapshot = false): AuditReader & { close(): Promise<void> } {
  const db = openReadOnly(path, snapshot);
  try {
    checkSchema(db);
  } catch (error) {
    db.close();
    throw error;
  }
  return {
    ...readingAsync(auditReader(db)),
    close: async () => void db.close(),
  };
}

/** The reader as those outside know it: what comes from a database takes its time. */
const readingAsync = (reader: ReturnType<typeof auditReader>): AuditReader => ({
  entries: async (page) => reader.entries(page),
  seals: async (page) => reader.seals(page),
  gathering: async () => reader.gathering(),
  counters: async () => reader.counters(),
});

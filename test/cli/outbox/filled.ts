// A store file with a queue, filled without a service at the times a test names, and a hand that takes beskeder out of
// it against the rules of the database.

import { randomUUID } from 'node:crypto';
import path from 'node:path';
import Database from 'better-sqlite3';
import { expect } from 'chai';
import type { AuditEntry } from '../../../src/access/audit/entry.ts';
import type { AkasseKode } from '../../../src/domain/medlemskab.ts';
import type { Personnummer } from '../../../src/domain/personnummer.ts';
import type { SequenceOperation } from '../../../src/notify/pull/transfer.ts';
import type { Koe, SequenceCommand } from '../../../src/store/outbox.ts';
import { openSqliteAudit, openSqliteStore } from '../../../src/store/sqlite/index.ts';
import type { MedlemskabLinje, Store } from '../../../src/store/store.ts';
import { member } from '../../support/queue.ts';
import {
  importMedlemskaber,
  kald,
  kompensation,
  medlemskabLinje,
  portsAt,
  saveCommand,
} from '../../support/store-fixtures.ts';
import { tempDir } from '../../support/temp.ts';

/** What a row of the outbox says of a version. */
export interface QueuedRow {
  readonly nr: number;
  readonly id: string;
  readonly forloeb: string;
  readonly version: number;
  readonly modtager: string | null;
  readonly aarsag: string;
}

/** The queue of an a-kasse, with the codes that it has taken over. */
export const koe = (akasse: string, ...taken: string[]): Koe =>
  ({ akasse, koder: [akasse, ...taken] }) as { akasse: AkasseKode; koder: AkasseKode[] };

export class Filled {
  readonly file = path.join(tempDir(), 'pension.db');
  readonly address = `sqlite:${this.file}`;

  /** Works on the store at that time. */
  async at<T>(now: Date, work: (store: Store) => Promise<T>): Promise<T> {
    const store = openSqliteStore(this.file, portsAt(now));
    try {
      return await work(store);
    } finally {
      await store.close();
    }
  }

  /** Registers members of an a-kasse, by their numbers, or the lines that are given. */
  async register(now: Date, akasse: string, ...numre: number[]): Promise<void> {
    await this.load(
      now,
      numre.map((nr, at) => medlemskabLinje(at + 2, member(akasse, nr), akasse, '2010-01-01')),
    );
  }

  async load(now: Date, linjer: MedlemskabLinje[]): Promise<void> {
    const done = await this.at(now, (store) => importMedlemskaber(store, { linjer }));
    expect(done.ok).to.equal(true);
  }

  /** Saves a new forløb, or the next version of one; gives its identifier. */
  async save(now: Date, personnummer: Personnummer, id?: string): Promise<string> {
    const command = saveCommand({
      Personnummer: personnummer,
      ...(id && { TidligPensionIdentifier: id }),
      ...kompensation('2026-01-01'),
    });
    const saved = await this.at(now, (store) => store.save(command));
    if (!saved.ok) expect.fail('the Save was refused');
    return saved.value.forloebId;
  }

  /** Opens a sequence; gives its identifier. */
  async create(now: Date, of: Koe): Promise<string> {
    const identifier = randomUUID();
    const made = await this.at(now, (store) =>
      store.sequences.create({
        kald: kald({ operation: 'CreateSequence' }),
        koe: of,
        identifier,
        idleMinutes: 60,
      }),
    );
    expect(made.ok).to.equal(true);
    return identifier;
  }

  /** Ends a sequence. */
  async end(
    now: Date,
    of: Koe,
    operation: 'TerminateSequence' | 'CloseSequence',
    identifier: string,
  ): Promise<void> {
    const command = { ...this.call(of, operation, identifier), operation };
    const ended = await this.at(now, (store) => store.sequences.end(command));
    expect(ended.ok).to.equal(true);
  }

  /** What a sequence hands out: forløb and version of each. */
  async fetch(now: Date, of: Koe, identifier: string): Promise<string[]> {
    const operation = 'GetTidligPensionVersion1' as const;
    const command = { ...this.call(of, operation, identifier), operation };
    const fetched = await this.at(now, (store) => store.sequences.fetch(command));
    if (!fetched.ok) expect.fail('the call was refused');
    return fetched.value.map(({ forloebId, version }) => `${forloebId} ${version}`);
  }

  private call(of: Koe, operation: SequenceOperation, identifier: string): SequenceCommand {
    return { kald: kald({ operation }), koe: of, operation, identifier, idleMinutes: 60 };
  }

  /** Every row of the outbox, in order. */
  rows(): QueuedRow[] {
    return this.open(
      (db) =>
        db
          .prepare(
            `SELECT besked_nr AS nr, message_identifier AS id, forloeb_id AS forloeb, version, modtager,
                    modtager_aarsag AS aarsag FROM besked ORDER BY besked_nr`,
          )
          .all() as QueuedRow[],
    );
  }

  /** The row of a version. */
  row(forloeb: string, version: number): QueuedRow {
    const found = this.rows().find((row) => row.forloeb === forloeb && row.version === version);
    if (found === undefined) expect.fail(`no besked of version ${version}`);
    return found;
  }

  /** Takes beskeder away, as only a hand at the file can. */
  lose(...versions: readonly (readonly [forloeb: string, version: number])[]): void {
    this.force('besked_is_never_deleted', (db) => {
      const remove = db.prepare('DELETE FROM besked WHERE forloeb_id = ? AND version = ?');
      for (const version of versions) expect(remove.run(...version).changes).to.equal(1);
    });
  }

  /** Takes the entry of a Save away. */
  forget(forloeb: string, version: number): void {
    this.force('audit_entry_is_never_deleted', (db) => {
      const remove = db.prepare('DELETE FROM audit_entry WHERE forloeb_id = ? AND version = ?');
      expect(remove.run(forloeb, version).changes).to.equal(1);
    });
  }

  /** Every entry of the trail, with those gathered left out. */
  async entries(): Promise<AuditEntry[]> {
    const audit = openSqliteAudit(this.file);
    const stored = await audit.entries({ after: 0, limit: 10_000 });
    await audit.close();
    return stored.map(({ entry }) => entry);
  }

  private open<T>(work: (db: Database.Database) => T): T {
    const db = new Database(this.file);
    try {
      return work(db);
    } finally {
      db.close();
    }
  }

  /** Works on the file without that trigger and without foreign keys. */
  private force(trigger: string, work: (db: Database.Database) => void): void {
    this.open((db) => {
      db.pragma('foreign_keys = OFF');
      const sql = db.prepare('SELECT sql FROM sqlite_master WHERE name = ?').pluck().get(trigger) as string;
      db.exec(`DROP TRIGGER ${trigger}`);
      work(db);
      db.exec(sql);
    });
  }
}

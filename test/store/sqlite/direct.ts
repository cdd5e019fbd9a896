// Writes to the tables of a store without the program, as a mistake or a hand at the database would.

import { randomUUID } from 'node:crypto';
import Database from 'better-sqlite3';
import { versionNrOf } from '../../../src/store/sqlite/besked.ts';
import { openSqliteStore } from '../../../src/store/sqlite/index.ts';
import { nyBorger } from '../../support/domain-model.ts';
import { NU, portsAt } from '../../support/store-fixtures.ts';
import { newPath } from './under-test.ts';

type Row = Readonly<Record<string, string | number | Buffer | null>>;
type Table = 'forloeb' | 'forloeb_version' | 'besked' | 'audit_entry' | 'medlemskab';

/** A whole indberetning, as rows: each part may be changed to be wrong, or left out (`null`). */
export interface Whole {
  readonly forloeb?: Row | null;
  readonly version?: Row | null;
  readonly besked?: Row | null;
}

/** A connection that knows nothing of the program, to a new store with the schema in place. */
export class Direct {
  readonly db: Database.Database;

  constructor() {
    const file = newPath();
    void openSqliteStore(file, portsAt(NU)).close();
    this.db = new Database(file);
  }

  /** Inserts one row; a besked points at the version that it names, where there is one. */
  insert(table: Table, row: Row, or = ''): void {
    const columns = Object.keys(row);
    const values = columns.map((column) => `:${column}`);
    if (table === 'besked' && !columns.includes('version_nr')) {
      columns.push('version_nr');
      values.push(versionNrOf(':forloeb_id', ':version'));
    }
    this.db
      .prepare(`INSERT ${or} INTO ${table} (${columns.join(', ')}) VALUES (${values.join(', ')})`)
      .run(row);
  }

  /** Inserts an audit entry that is right but for the changes. */
  audit(changes: Row = {}, or = ''): void {
    const entry = {
      tidspunkt: NU.toISOString(),
      correlation_id: randomUUID(),
      udfald: 'udfoert',
      digest: Buffer.alloc(32),
    };
    this.insert('audit_entry', { ...entry, ...changes }, or);
  }

  /** Inserts a membership that is right but for the changes. */
  medlemskab(changes: Row = {}): void {
    const row = { personnummer: nyBorger(), akasse: '11', start: '2020-01-01', tilbagekaldt: 0 };
    this.insert('medlemskab', { ...row, ...changes });
  }

  /** Keeps a first version in one transaction, right but for what is said, and gives its key. */
  first(what: Whole = {}): { forloeb_id: string; personnummer: string } {
    const key = { forloeb_id: randomUUID(), personnummer: nyBorger() };
    const state = { overgangsdato: '2026-01-01', afgoerelsesdato: '2025-12-01', ophoersdato: '2026-06-30' };
    const forloeb: Row = { ...key, nr: 1, version: 1, ...state, ...what.forloeb };
    this.db.transaction(() => {
      if (what.forloeb !== null) this.insert('forloeb', forloeb);
      this.versionOf(forloeb, what);
    })();
    return { forloeb_id: String(forloeb.forloeb_id), personnummer: String(forloeb.personnummer) };
  }

  /** Keeps the next version in one transaction, right but for what is said. */
  next(key: { forloeb_id: string; personnummer: string }, version: number, what: Whole = {}): void {
    this.db.transaction(() => {
      if (what.forloeb !== null) this.update('forloeb', key.forloeb_id, { version, ...what.forloeb });
      const forloeb = this.db
        .prepare('SELECT * FROM forloeb WHERE forloeb_id = ?')
        .get(key.forloeb_id) as Row;
      this.versionOf({ ...forloeb, version }, what);
    })();
  }

  /** Changes the row of that forløb. */
  update(table: 'forloeb' | 'forloeb_version' | 'besked', id: string, changes: Row): void {
    const set = Object.keys(changes).map((column) => `${column} = :${column}`);
    this.db.prepare(`UPDATE ${table} SET ${set.join(', ')} WHERE forloeb_id = :id`).run({ ...changes, id });
  }

  /** The version and the besked that belong to a forløb as it stands. */
  private versionOf(forloeb: Row, what: Whole): void {
    const { forloeb_id = null, personnummer = null, version = null, nr: _, ...state } = forloeb;
    const of = { forloeb_id, personnummer, version };
    const head = { indberettet: NU.toISOString(), correlation_id: randomUUID(), request_user_metadata: '{}' };
    if (what.version !== null) this.insert('forloeb_version', { ...of, ...head, ...state, ...what.version });
    const besked = {
      message_identifier: randomUUID(),
      registration_type: version === 1 ? 'Create' : 'Update',
      modtager_aarsag: 'intet-medlemskab',
    };
    if (what.besked !== null) this.insert('besked', { ...of, ...besked, ...what.besked });
  }
}

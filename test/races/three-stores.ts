// Three stores over one database, each with connections of its own, as three processes have them; and a hand at the
// database that takes beskeder away against its rules.

import pg from 'pg';
import { onServer } from '../../build/postgres/databases.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { Store } from '../../src/store/store.ts';
import { rows } from '../store/postgres/under-test.ts';
import { tempDatabase } from '../support/postgres.ts';
import { NU, portsOf } from '../support/store-fixtures.ts';

const STORES = 3;

export class ThreeStores {
  readonly url: string;
  readonly stores: readonly Store[];
  /** What all of them take for now; may be set. */
  readonly clock: { now: Date };

  private constructor(url: string, stores: readonly Store[], clock: { now: Date }) {
    this.url = url;
    this.stores = stores;
    this.clock = clock;
  }

  static async open(): Promise<ThreeStores> {
    const url = await tempDatabase();
    const clock = { now: NU };
    const stores = Array.from({ length: STORES }, () => openStore(url, portsOf(clock), { connections: 4 }));
    return new ThreeStores(url, await Promise.all(stores), clock);
  }

  /** Does it on all of them at the same moment. */
  atOnce<T>(work: (store: Store, nr: number) => Promise<T>): Promise<T[]> {
    return Promise.all(this.stores.map(work));
  }

  /** What entries of an operation say, numbered or not. */
  entries(
    operation: string,
  ): Promise<{ readonly detaljer: string | null; readonly sequence: string | null }[]> {
    const from = (table: string): string =>
      `SELECT detaljer, sequence FROM ${table} WHERE operation = ${pg.escapeLiteral(operation)}`;
    return rows(this.url, `${from('audit_entry')} UNION ALL ${from('audit_intake')}`);
  }

  async close(): Promise<void> {
    await this.atOnce((store) => store.close());
  }

  /** Takes every so-manyth besked away; gives how many there were. Work on what is left; then the rules are back. */
  async withoutSome<T>(
    oneIn: number,
    work: () => Promise<T>,
  ): Promise<{ readonly taken: number; readonly result: T }> {
    const rule = `SELECT conname AS name, pg_get_constraintdef(oid) AS says FROM pg_constraint
      WHERE conrelid = 'forloeb_version'::regclass AND confrelid = 'besked'::regclass`;
    const [{ name, says }] = (await rows<{ name: string; says: string }>(this.url, rule)) as [
      { name: string; says: string },
    ];
    const run = (sql: string) =>
      onServer(this.url, async (client) => {
        await client.query('SET search_path = pension');
        return (await client.query(sql)).rowCount ?? 0;
      });
    await run(
      `ALTER TABLE forloeb_version DROP CONSTRAINT ${name}; ALTER TABLE besked DISABLE TRIGGER besked_is_never_deleted`,
    );
    const taken = await run(`DELETE FROM besked WHERE besked_nr % ${oneIn} = 0`);
    const result = await work();
    await run(
      `ALTER TABLE besked ENABLE TRIGGER besked_is_never_deleted; ALTER TABLE forloeb_version ADD CONSTRAINT ${name} ${says}`,
    );
    return { taken, result };
  }
}

// What only the SQLite store has to prove of an import: that it decides beside others and still on what is there.

import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { expect } from 'chai';
import type { AfvistLinje, MedlemskabLinje } from '../../../src/store/store.ts';
import { nyBorger } from '../../support/domain-model.ts';
import {
  importMedlemskaber,
  medlemskabLinje as linje,
  type StoreUnderTest,
} from '../../support/store-fixtures.ts';
import { Direct } from './direct.ts';
import { newPath, openSqliteUnderTest } from './under-test.ts';

describe('an import into SQLite', () => {
  let file: string;
  let current: StoreUnderTest;
  beforeEach(async () => {
    file = newPath();
    current = await openSqliteUnderTest(file);
  });
  afterEach(() => current.store.close());

  const load = (linjer: Iterable<MedlemskabLinje | AfvistLinje>) =>
    importMedlemskaber(current.store, { linjer });

  /** Starts the import, lets it decide, and changes the register before it can write. */
  async function loadAfter(linjer: readonly MedlemskabLinje[], change: string, ...values: string[]) {
    const other = new Database(file);
    other.exec('BEGIN IMMEDIATE');
    const result = load(linjer);
    await sleep(50);
    other.prepare(change).run(...values);
    other.exec('UPDATE medlemskab_register SET generation = generation + 1; COMMIT');
    other.close();
    return result;
  }
  const INSERT = "INSERT INTO medlemskab VALUES (?, ?, '2020-01-01', NULL, NULL, NULL, 0)";

  it('looks again when another one came first: what that one wrote is unchanged now', async () => {
    const a = nyBorger();
    const done = await loadAfter([linje(2, a, '11', '2020-01-01')], INSERT, a, '11');
    expect(done).to.deep.include({ ok: true, nye: 0, uaendrede: 1 });
  });

  it('looks again when another one came first: what clashes with it now is refused', async () => {
    const a = nyBorger();
    const done = await loadAfter([linje(2, a, '22', '2020-01-01')], INSERT, a, '11');
    expect(done.ok).to.equal(false);
    expect(await current.store.medlemskaber.show(a, SHOWN)).to.have.length(1);
  });

  it('counts the generation with each import that changes something, and with no other', async () => {
    const generation = (): unknown => {
      const db = new Database(file, { readonly: true });
      const value = db.prepare('SELECT generation FROM medlemskab_register').pluck().get();
      db.close();
      return value;
    };
    const lines = [linje(2, nyBorger(), '11', '2020-01-01')];
    const seen: unknown[] = [generation()];
    for (const linjer of [lines, lines, [{ linje: 2, grund: 'bad' }]]) {
      await load(linjer);
      seen.push(generation());
    }
    expect(seen).to.deep.equal([0, 1, 1, 1]);
  });

  it('lets others write while its lines are read', async () => {
    const other = new Database(file, { timeout: 0 });
    function* reading() {
      for (let nr = 2; nr < 102; nr += 1) {
        other.exec('BEGIN IMMEDIATE; ROLLBACK');
        yield linje(nr, nyBorger(), '11', '2020-01-01');
      }
    }
    expect(await load(reading())).to.include({ ok: true, nye: 100 });
    other.close();
  });

  it('is one after the other on one connection, each with its own lines', async () => {
    const files = Array.from({ length: 5 }, (_, i) =>
      Array.from({ length: i + 1 }, (_, nr) => linje(nr + 2, nyBorger(), '11', '2020-01-01')),
    );
    const done = await Promise.all(files.map(load));
    expect(done.map((result) => result.ok && result.nye)).to.deep.equal([1, 2, 3, 4, 5]);
  });
});

const SHOWN = {
  tidspunkt: '2026-11-22T07:50:00.123Z',
  correlationId: 'c',
  operation: 'VisMedlemskab',
  udfald: 'udfoert',
} as const;

describe('the database itself', () => {
  it('gives a besked that waits its recipient, once and for ever', () => {
    const direct = new Direct();
    const { forloeb_id } = direct.first();
    const released = { modtager: '11', modtager_aarsag: 'x', event_date: '2026-11-22T07:50:00.000Z' };
    direct.update('besked', forloeb_id, released);
    for (const change of [
      { modtager: '22' },
      { modtager: null, event_date: null },
      { modtager_aarsag: 'y' },
      { event_date: '2026-11-23T07:50:00.000Z' },
    ]) {
      expect(() => direct.update('besked', forloeb_id, change), JSON.stringify(change)).to.throw(
        'besked_has_one_recipient_for_ever',
      );
    }
    direct.db.close();
  });

  it('counts generations of the register upwards only', () => {
    const { db } = new Direct();
    const set = (generation: number): unknown =>
      db.prepare('UPDATE medlemskab_register SET generation = ?').run(generation);
    set(5);
    for (const less of [5, 4]) expect(() => set(less)).to.throw('medlemskab_register_only_grows');
    expect(() => db.exec('DELETE FROM medlemskab_register')).to.throw('medlemskab_register_is_never_deleted');
    expect(() => db.exec('INSERT INTO medlemskab_register VALUES (2, 0)')).to.throw('CHECK');
    db.close();
  });
});

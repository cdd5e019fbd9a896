// What `pension verify-store` finds: for each kind of damage or tampering the check that names it, by the identifier of
// what is wrong, and never with a personnummer.

import { copyFileSync, openSync, readFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { expect } from 'chai';
import { openSqliteRows } from '../../../src/store/sqlite/verify-rows.ts';
import { type CheckResult, STORE_CHECKS, verifyStore } from '../../../src/store/verify-store.ts';
import { Filled, koe } from '../../cli/outbox/filled.ts';
import { member } from '../../support/queue.ts';
import { tempDir } from '../../support/temp.ts';
import { copyRow, ofForloeb, tamper, tamperings } from './store-tamperings.ts';

const NU = new Date('2026-11-22T07:50:00.123Z');
const NUMBER = /(?<![0-9a-f-])\d{6}-?\d{4}(?![0-9a-f-])/;

async function verify(file: string): Promise<CheckResult[]> {
  const rows = openSqliteRows(file);
  try {
    const checks: CheckResult[] = [];
    for await (const check of verifyStore(rows)) checks.push(check);
    return checks;
  } finally {
    await rows.close();
  }
}

describe('a store that is verified', () => {
  const store = new Filled();
  /** A forløb of two versions that were delivered, one of two that wait in an open sequence, one without a recipient. */
  const ids = { delivered: '', open: '', waiting: '', other: '' };
  let terminated: string;
  before(async () => {
    await store.register(NU, '22', 1, 2, 3);
    ids.delivered = await store.save(NU, member('22', 1));
    await store.save(NU, member('22', 1), ids.delivered);
    terminated = await store.create(NU, koe('22'));
    await store.fetch(NU, koe('22'), terminated);
    await store.end(NU, koe('22'), 'TerminateSequence', terminated);
    ids.open = await store.save(NU, member('22', 2));
    await store.save(NU, member('22', 2), ids.open);
    const closed = await store.create(NU, koe('22'));
    await store.end(NU, koe('22'), 'CloseSequence', closed);
    await store.create(NU, koe('22'));
    ids.waiting = await store.save(NU, member('67', 1));
    ids.other = await store.save(NU, member('67', 1));
  });

  it('is whole', async () => {
    const checks = await verify(store.file);
    expect(checks.filter(({ ok }) => !ok)).to.deep.equal([]);
    expect(checks.map(({ id }) => id)).to.deep.equal(STORE_CHECKS.map(({ id }) => id));
    const looked = Object.fromEntries(checks.map(({ id, looked: count }) => [id, count]));
    expect(looked).to.include({ I1: 4, I2: 6, I3: 6, I4: 3, I5: 6, I7: 4 });
    expect(looked.I6).to.be.greaterThan(6);
  });

  const verified = () => ({ ids, terminated });

  /** The text with the identifiers of this store by their names. */
  const named = (text: string): string =>
    Object.entries(ids)
      .reduce((said, [name, id]) => said.replaceAll(id, `ID-${name}`), text)
      .replaceAll(terminated, 'SEQUENCE');

  it('names every kind of tampering', async () => {
    for (const [what, how, failing, says] of tamperings(verified())) {
      const file = path.join(tempDir(), 'tampered.db');
      copyFileSync(store.file, file);
      tamper(
        file,
        typeof how === 'string'
          ? (db) => expect(db.prepare(how).run().changes, what).to.be.greaterThan(0)
          : how,
      );
      const found = (await verify(file)).filter(({ ok }) => !ok);
      expect(found.map(({ id }) => id).join(' '), what).to.equal(failing);
      const text = named(found.flatMap(({ violations }) => violations).join('\n'));
      expect(text, what).to.match(says);
      expect(text, what).not.to.match(NUMBER);
    }
  });

  it('names every rule of the database that was taken away, changed or added', async () => {
    const rules: readonly (readonly [string, string])[] = [
      ['DROP TRIGGER besked_is_never_deleted', 'trigger besked_is_never_deleted is missing'],
      [
        'DROP TRIGGER besked_is_never_deleted; CREATE TRIGGER besked_is_never_deleted BEFORE DELETE ON besked BEGIN SELECT 1; END',
        'trigger besked_is_never_deleted has been changed',
      ],
      [
        'CREATE TRIGGER quiet BEFORE INSERT ON besked BEGIN SELECT RAISE(IGNORE); END',
        'trigger quiet is not of this program',
      ],
      ['DROP INDEX besked_to_deliver', 'index besked_to_deliver is missing'],
      ['CREATE TABLE extra (x)', 'table extra is not of this program'],
      [
        'DROP VIEW besked_handed_out; CREATE VIEW besked_handed_out AS SELECT 1 AS besked_nr',
        'view besked_handed_out has been changed',
      ],
      ["UPDATE migration SET name = '0005-other' WHERE number = 5", 'migration 5 has been changed'],
    ];
    for (const [sql, says] of rules) {
      const file = path.join(tempDir(), 'tampered.db');
      copyFileSync(store.file, file);
      new Database(file).exec(sql).close();
      const found = (await verify(file)).filter(({ ok }) => !ok);
      expect(
        found.map(({ id, violations }) => [id, violations]),
        sql,
      ).to.deep.equal([['schema', [says]]]);
    }
  });

  it('is as good with the statistics that an operator had SQLite make', async () => {
    const file = path.join(tempDir(), 'analyzed.db');
    copyFileSync(store.file, file);
    new Database(file).exec('ANALYZE').close();
    expect((await verify(file)).filter(({ ok }) => !ok)).to.deep.equal([]);
  });

  it('names damage that no row shows, and goes on with what can be read', async () => {
    const file = path.join(tempDir(), 'damaged.db');
    copyFileSync(store.file, file);
    const at = readFileSync(file).indexOf(Buffer.from('nuvaerende-akasse'));
    writeSync(openSync(file, 'r+'), Buffer.alloc(2_000, 0xff), 0, 2_000, at - (at % 4_096));
    const found = await verify(file);
    expect(found.map(({ id }) => id)).to.deep.equal(STORE_CHECKS.map(({ id }) => id));
    expect(found[0]).to.include({ id: 'file', ok: false });
    expect(found.at(-1)!.ok, 'I7 does not need that page').to.equal(true);
  });

  it('names the first ten of a kind and counts the others', async () => {
    const file = path.join(tempDir(), 'many.db');
    copyFileSync(store.file, file);
    tamper(file, (db) => {
      for (let nr = 0; nr < 25; nr += 1)
        copyRow(db, 'audit_entry', ofForloeb(verified(), 'waiting', 1), { seq: 900 + nr, version: 10 + nr });
    });
    const saved = (await verify(file)).find(({ id }) => id === 'I3')!;
    expect(saved).to.include({ ok: false, found: 25 });
    expect(saved.violations).to.have.length(10);
  });
});

// A trigger that somebody has added to swallow audit entries: then nothing is done, for nothing is done without one.

import Database from 'better-sqlite3';
import { expect } from 'chai';
import { openSqliteStore } from '../../../src/store/sqlite/index.ts';
import { nyBorger } from '../../support/domain-model.ts';
import { getQuery, kald, kompensation, NU, portsAt, saveCommand } from '../../support/store-fixtures.ts';
import { newPath } from './under-test.ts';

describe('a store whose audit trail swallows entries', () => {
  const swallowing = (table: string): string => {
    const file = newPath();
    void openSqliteStore(file, portsAt(NU)).close();
    const db = new Database(file);
    db.exec(`CREATE TRIGGER swallow BEFORE INSERT ON ${table} BEGIN SELECT RAISE(IGNORE); END`);
    db.close();
    return file;
  };

  it('keeps no Save, and answers no Get', async () => {
    const file = swallowing('audit_entry');
    const store = openSqliteStore(file, portsAt(NU));
    const command = saveCommand({ Personnummer: nyBorger(), ...kompensation('2026-01-01') });
    const failed = async (work: Promise<unknown>): Promise<boolean> =>
      work.then(() => false).catch(() => true);
    expect(await failed(store.save(command))).to.equal(true);
    expect(await failed(store.get(getQuery(nyBorger())))).to.equal(true);
    expect(await failed(store.recordRefusal({ kald: kald(), fejlkode: 1014 }))).to.equal(true);
    await store.close();
    const db = new Database(file, { readonly: true });
    expect(db.prepare('SELECT count(*) FROM forloeb_version').pluck().get()).to.equal(0);
    db.close();
  });

  it('counts no refusal that is not kept', async () => {
    const store = openSqliteStore(swallowing('audit_gathering'), portsAt(NU));
    const refused = store.recordRefusal({ kald: kald(), fejlkode: 1101 }).then(
      () => 'kept',
      () => 'failed',
    );
    expect(await refused).to.equal('failed');
    await store.close();
  });
});

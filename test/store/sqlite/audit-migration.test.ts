// A store from before there were seals: its entries are kept as they are, get their digests, and are sealed.

import { randomUUID } from 'node:crypto';
import Database from 'better-sqlite3';
import { expect } from 'chai';
import type { AuditEntry } from '../../../src/access/audit/entry.ts';
import { openConnection } from '../../../src/store/sqlite/connection.ts';
import { openSqliteAudit, openSqliteStore } from '../../../src/store/sqlite/index.ts';
import { knownMigrations, migrate } from '../../../src/store/sqlite/migrate.ts';
import { nyBorger } from '../../support/domain-model.ts';
import { kompensation, NU, portsAt, saveCommand } from '../../support/store-fixtures.ts';
import { verifyFile } from './audit-fixture.ts';
import { newPath } from './under-test.ts';

const BEFORE_SEALS = knownMigrations().filter(({ number }) => number <= 2);

/** Columns of an old entry, for what a new one calls them. */
const OLD: Readonly<Record<string, keyof AuditEntry>> = {
  tidspunkt: 'tidspunkt',
  correlation_id: 'correlationId',
  operation: 'operation',
  udfald: 'udfald',
  fejlkode: 'fejlkode',
  certificate: 'certificate',
  system: 'system',
  active_organisation_type: 'activeOrganisationType',
  active_organisation_code: 'activeOrganisationCode',
  request_organisation_type: 'requestOrganisationType',
  request_organisation_code: 'requestOrganisationCode',
  user_full_name: 'userFullName',
  user_type: 'userType',
  user_identifier: 'userIdentifier',
  personnummer: 'personnummer',
  forloeb_id: 'forloebId',
  version: 'version',
  modtager: 'modtager',
  modtager_aarsag: 'modtagerAarsag',
};

/** Names as callers wrote them. */
const NAMES = [
  'Søren Ærø Åkjær',
  'quotes "double" \'single\' \\ back/slash',
  'tab\tline\nreturn\rend',
  'bell\u0007 escape\u001b delete\u007f next\u0085',
  'separators \u2028 \u2029 \u00a0 \ufeff',
  'personnummer 290261-0001 og 2902610002',
  '2902610003',
  '\u{1F600} \u{1F468}\u200d\u{1F469}',
  'x'.repeat(10_000),
  'e\u0301 is not é',
  '<&>\u0000after',
  '{"personnummer":"2902610004"}',
];

/** An old store with those entries and a plain and an empty one; gives what they say. */
function oldStore(file: string): Partial<AuditEntry>[] {
  const db = openConnection(file);
  migrate(db, portsAt(NU), BEFORE_SEALS);
  const head = { tidspunkt: NU.toISOString(), udfald: 'udfoert' } as const;
  const said: Partial<AuditEntry>[] = NAMES.map((userFullName, at) => ({
    ...head,
    correlationId: randomUUID(),
    operation: 'SaveTidligPension',
    certificate: 'ab'.repeat(32),
    system: 'udk',
    activeOrganisationType: 50,
    activeOrganisationCode: '99999999',
    requestOrganisationType: 100_000_000,
    requestOrganisationCode: '-1',
    userFullName,
    userType: 0,
    userIdentifier: `bruger ${userFullName}`,
    ...(at % 2 === 0 && { personnummer: nyBorger() }),
    forloebId: randomUUID(),
    version: at + 1,
    modtager: '11',
    modtagerAarsag: 'nuvaerende-akasse',
  }));
  said.push({ ...head, udfald: 'afvist', fejlkode: 1014, correlationId: randomUUID() });
  for (const entry of said) {
    const columns = Object.keys(OLD).filter((column) => entry[OLD[column]!] !== undefined);
    db.prepare(
      `INSERT INTO audit_entry (${columns}) VALUES (${columns.map((column) => `:${OLD[column]}`)})`,
    ).run(entry);
  }
  db.close();
  return said;
}

describe('a store from before there were seals', () => {
  it('keeps every entry as it was, and all of them are sealed', async () => {
    const file = newPath();
    const said = oldStore(file);
    const store = openSqliteStore(file, portsAt(NU));
    expect(await verifyFile(file)).to.include({ ok: true, entries: said.length, unsealed: said.length });
    await store.save(saveCommand({ Personnummer: nyBorger(), ...kompensation('2026-01-01') }));
    await store.close();
    expect(await verifyFile(file)).to.include({ ok: true, entries: said.length + 1, unsealed: 0, seals: 1 });
    const audit = openSqliteAudit(file);
    const kept = (await audit.entries({ after: 0, limit: 100 })).slice(0, -1);
    await audit.close();
    expect(kept.map(({ entry }) => entry)).to.deep.equal(
      said.map((entry, at) => ({ seq: at + 1, ...entry })),
    );
    const salted = kept.filter(({ salt }) => salt !== undefined).map(({ entry }) => entry.seq);
    expect(salted, 'with something to hide').to.deep.equal([1, 3, 5, 6, 7, 9, 11, 12]);
  });

  it('with thousands of entries has another salt in each', async () => {
    const file = newPath();
    const db = openConnection(file);
    migrate(db, portsAt(NU), BEFORE_SEALS);
    db.exec(`INSERT INTO audit_entry (tidspunkt, correlation_id, udfald, personnummer)
             WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
             SELECT '2026-01-01T00:00:00.000Z', i, 'udfoert', '2902610001' FROM n`);
    db.close();
    await openSqliteStore(file, portsAt(NU)).close();
    expect(await verifyFile(file)).to.include({ ok: true, entries: 3_000, unsealed: 0, seals: 6 });
    const after = new Database(file, { readonly: true });
    expect(after.prepare('SELECT count(DISTINCT salt) FROM audit_entry').pluck().get()).to.equal(3_000);
    after.close();
  });

  it('without an entry is brought up to date too', async () => {
    const file = newPath();
    const db = openConnection(file);
    migrate(db, portsAt(NU), BEFORE_SEALS);
    db.close();
    const store = openSqliteStore(file, portsAt(NU));
    expect(await verifyFile(file)).to.deep.equal({ ok: true, entries: 0, unsealed: 0, seals: 0 });
    await store.close();
  });
});

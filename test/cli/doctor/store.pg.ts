// `pension doctor` on a store in PostgreSQL: what it says of one that is well, and what is wrong and to be done; nothing is
// made or changed, and no password is shown.

import { expect } from 'chai';
import { onDatabase, onServer } from '../../../build/postgres/databases.ts';
import type { Finding } from '../../../src/cli/doctor/check.ts';
import { openPostgresStore } from '../../../src/store/postgres/index.ts';
import { knownMigrations } from '../../../src/store/postgres/migrate.ts';
import { dump } from '../../store/postgres/direct.ts';
import { OPTIONS } from '../../store/postgres/under-test.ts';
import { nyBorger } from '../../support/domain-model.ts';
import { tempDatabase } from '../../support/postgres.ts';
import { importMedlemskaber, medlemskabLinje, NU, portsAt } from '../../support/store-fixtures.ts';
import { newPatient, type Patient } from './patient.ts';

describe('pension doctor: a store in PostgreSQL', function () {
  this.timeout(180_000);
  let patient: Patient;
  let url: string;
  before(async () => {
    patient = await newPatient();
  });
  beforeEach(async () => {
    url = await tempDatabase();
    const store = await openPostgresStore(url, portsAt(NU), OPTIONS);
    await importMedlemskaber(store, { linjer: [medlemskabLinje(2, nyBorger(), '11', '2020-01-01')] });
    await store.close();
  });
  const alter = (sql: string): Promise<unknown> => onServer(url, (client) => client.query(sql));

  /** What is found of the store there; no finding shows the password. */
  async function store(address = url, env: Readonly<Record<string, string>> = {}): Promise<Finding> {
    const found = await patient.findings({ PENSION_STORE: address, ...env });
    expect(JSON.stringify(found)).not.to.contain(new URL(address).password);
    const [finding, ...others] = found.filter(({ check }) => check === 'store');
    expect(others).to.deep.equal([]);
    return finding!;
  }
  const failing = async (says: RegExp, remedy: RegExp, address = url): Promise<void> => {
    const finding = await store(address);
    expect(finding.ok, finding.says).to.equal(false);
    expect(finding.says).to.match(says);
    expect(finding.remedy).to.match(remedy);
  };

  it('says which database and schema it is, and that every commit is flushed; and leaves it as it is', async () => {
    const before = await dump(url);
    const { ok, says } = await store();
    expect(ok, says).to.equal(true);
    const { port, pathname } = new URL(url);
    expect(says).to.match(
      new RegExp(
        `127\\.0\\.0\\.1:${port}${pathname} \\(PostgreSQL \\d+\\S*\\) has schema ${knownMigrations().at(-1)!.name};`,
      ),
    );
    expect(says).to.include('every commit is flushed to its disk');
    expect(await dump(url)).to.deep.equal(before);
  });

  it('lets a store pass that is not there yet, and makes none', async () => {
    await alter('DROP SCHEMA pension CASCADE');
    const { ok, says } = await store();
    expect(ok).to.equal(true);
    expect(says).to.match(/is not there yet; the first start makes it/);
    const found = await onServer(url, (client) =>
      client.query("SELECT FROM pg_namespace WHERE nspname = 'pension'"),
    );
    expect(found.rows).to.deep.equal([]);
  });

  it('lets an older one pass, and says so', async () => {
    await alter('DELETE FROM pension.migration WHERE number = (SELECT max(number) FROM pension.migration)');
    const { ok, says } = await store();
    expect(ok, says).to.equal(true);
    expect(says).to.include(`an older schema (${knownMigrations().at(-2)!.name})`);
  });

  it('fails one that loses what it has answered, but where that is asked for', async () => {
    const name = new URL(url).pathname.slice(1);
    await alter(`ALTER DATABASE ${name} SET synchronous_commit = off`);
    await failing(
      /does not hold every commit .*: synchronous_commit is off/,
      /Set fsync, full_page_writes and synch/,
    );
    const { ok, says } = await store(url, { PENSION_STORE_DURABILITY: 'test' });
    expect(ok, says).to.equal(true);
    expect(says).to.include('never for real data');
  });

  it('fails one of a newer program, and a schema of another', async () => {
    await alter("INSERT INTO pension.migration VALUES (99, '0099-from-the-future', 'later')");
    await failing(/newer than this program.*0099-from-the-future/, /Start a newer version/);
    await alter(
      'DROP SCHEMA pension CASCADE; CREATE SCHEMA pension; CREATE TABLE pension.theirs (a integer)',
    );
    await failing(/schema pension in this database is another program's/, /Name another database/);
  });

  it('fails one that cannot be reached, does not let it in, or is not there: look at the address', async () => {
    const remedy = /Check that PostgreSQL runs, and host, port, user, password and database/;
    const wrong = new URL(url);
    wrong.password = 'hemmeligt-men-forkert';
    await failing(/does not let this user in \(28P01\)/, remedy, wrong.href);
    await failing(/there is no such database \(3D000\)/, remedy, onDatabase(url, 'findes_ikke'));
    const nowhere = new URL(url);
    nowhere.port = '1';
    await failing(/cannot be reached \(ECONNREFUSED\)/, remedy, nowhere.href);
  });
});

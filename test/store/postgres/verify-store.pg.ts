// What `pension verify-store` finds on PostgreSQL: for each kind of tampering the check that names it, by the identifier of
// what is wrong, and never with a personnummer; and every rule of the schema that was taken away, changed or added.

import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import type pg from 'pg';
import type { AkasseKode } from '../../../src/domain/medlemskab.ts';
import type { Personnummer } from '../../../src/domain/personnummer.ts';
import { sessionOf } from '../../../src/store/postgres/connection.ts';
import { openPostgresStore } from '../../../src/store/postgres/index.ts';
import { schemaDifferencesIn } from '../../../src/store/postgres/verify-database.ts';
import { openPostgresRows, rowsOf } from '../../../src/store/postgres/verify-rows.ts';
import type { Store } from '../../../src/store/store.ts';
import type { StoreRows } from '../../../src/store/verify/rows.ts';
import { type CheckResult, STORE_CHECKS, verifyStore } from '../../../src/store/verify-store.ts';
import { tempDatabase } from '../../support/postgres.ts';
import { member } from '../../support/queue.ts';
import {
  importMedlemskaber,
  kald,
  kompensation,
  medlemskabLinje,
  NU,
  portsAt,
  saveCommand,
} from '../../support/store-fixtures.ts';
import { connect } from './direct.ts';
import { schemaTamperings } from './schema-tamperings.ts';
import { type Ids, tamper, tamperings } from './store-tamperings.ts';
import { OPTIONS } from './under-test.ts';

const NUMBER = /(?<![0-9a-f-])\d{6}-?\d{4}(?![0-9a-f-])/;
const KOE = { akasse: '22' as AkasseKode, koder: ['22' as AkasseKode] };

/** Saves a new forløb, or the next version of one; gives its identifier. */
async function save(store: Store, personnummer: Personnummer, id?: string): Promise<string> {
  const saved = await store.save(
    saveCommand({
      Personnummer: personnummer,
      ...(id && { TidligPensionIdentifier: id }),
      ...kompensation('2026-01-01'),
    }),
  );
  if (!saved.ok) expect.fail('the Save was refused');
  return saved.value.forloebId;
}

const sequence = (
  operation: 'CreateSequence' | 'TerminateSequence' | 'GetTidligPensionVersion1' | 'CloseSequence',
) => ({
  kald: kald({ operation }),
  koe: KOE,
  operation,
  idleMinutes: 60,
});

/** Opens a sequence over all that waits, and ends it like that, if at all; gives its identifier. */
async function fetched(store: Store, end?: 'TerminateSequence' | 'CloseSequence'): Promise<string> {
  const identifier = randomUUID();
  await store.sequences.create({ ...sequence('CreateSequence'), identifier });
  if (end !== 'CloseSequence')
    await store.sequences.fetch({
      ...sequence('GetTidligPensionVersion1'),
      operation: 'GetTidligPensionVersion1',
      identifier,
    });
  if (end) await store.sequences.end({ ...sequence(end), operation: end, identifier });
  return identifier;
}

/** The schema is looked at by itself: to make it anew takes its time. */
async function* nothing(): AsyncGenerator<string> {}

async function checksOf(rows: StoreRows): Promise<CheckResult[]> {
  const checks: CheckResult[] = [];
  for await (const check of verifyStore(rows)) checks.push(check);
  return checks;
}

describe('a store on PostgreSQL that is verified', function () {
  this.timeout(180_000);
  let url: string;
  /** A forløb of two versions that were delivered, one of two that wait in an open sequence, one without a recipient. */
  let ids: Ids;
  let again: Store;
  before(async () => {
    url = await tempDatabase();
    const store = await openPostgresStore(url, portsAt(NU), OPTIONS);
    const linjer = [1, 2].map((nr) => medlemskabLinje(nr, member('22', nr), '22', '2010-01-01'));
    await importMedlemskaber(store, { linjer });
    const delivered = await save(store, member('22', 1));
    await save(store, member('22', 1), delivered);
    const terminated = await fetched(store, 'TerminateSequence');
    const open = await save(store, member('22', 2));
    await save(store, member('22', 2), open);
    await fetched(store, 'CloseSequence');
    await fetched(store);
    const waiting = await save(store, member('67', 1));
    await store.close();
    // What comes in from here on is not numbered yet, until this is closed.
    again = await openPostgresStore(url, portsAt(NU), OPTIONS);
    ids = { delivered, open, waiting, terminated, other: await save(again, member('67', 1)) };
  });

  after(() => again.close());

  it('is whole, with entries that have no number yet', async () => {
    const rows = await openPostgresRows(url, false);
    const checks = await checksOf(rows);
    await rows.close();
    expect(checks.filter(({ ok }) => !ok)).to.deep.equal([]);
    expect(checks.map(({ id }) => id)).to.deep.equal(STORE_CHECKS.map(({ id }) => id));
    const looked = Object.fromEntries(checks.map(({ id, looked: count }) => [id, count]));
    expect(looked).to.include({ I1: 4, I2: 6, I3: 6, I4: 3, I5: 6, I7: 4 });
  });

  /** The text with the identifiers of this store by their names. */
  const named = (text: string): string =>
    Object.entries(ids).reduce((said, [name, id]) => said.replaceAll(id, `ID-${name}`), text);

  it('names every kind of tampering', async () => {
    const client: pg.Client = await connect(url);
    try {
      for (const [what, sql, failing, says] of tamperings(ids)) {
        // Seen from inside the transaction that does it, and that is not kept.
        await client.query('BEGIN');
        await tamper(client, sql);
        await client.query('SAVEPOINT opened');
        const rows = { ...rowsOf(client, sessionOf(client)), schemaDifferences: nothing };
        const found = (await checksOf(rows)).filter(({ ok }) => !ok);
        await client.query('ROLLBACK');
        const text = named(found.flatMap(({ violations }) => violations).join('\n'));
        expect(found.map(({ id }) => id).join(' '), `${what}: ${text}`).to.equal(failing);
        expect(text, what).to.match(says);
        expect(text, what).not.to.match(NUMBER);
      }
    } finally {
      await client.end();
    }
  });

  it('names every rule of the database that was taken away, changed or added', async () => {
    const client: pg.Client = await connect(url);
    try {
      for (const done of [[], ...schemaTamperings()]) {
        await client.query('BEGIN');
        for (const [sql] of done) await client.query(sql);
        const found: string[] = [];
        for await (const difference of schemaDifferencesIn(sessionOf(client))) found.push(difference);
        expect(found).to.have.members(done.flatMap(([, ...says]) => says));
        await client.query('ROLLBACK');
      }
    } finally {
      await client.end();
    }
  });
});

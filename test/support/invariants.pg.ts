// Each invariant on PostgreSQL, broken by a hand at the database: the check names it, and nothing in a store that is whole.

import { expect } from 'chai';
import type pg from 'pg';
import { onDatabase, onServer } from '../../build/postgres/databases.ts';
import { openAudit, openStore } from '../../src/store/open-store.ts';
import { auditReader } from '../../src/store/postgres/audit-reader.ts';
import { openClient, sessionOf } from '../../src/store/postgres/connection.ts';
import type { Store } from '../../src/store/store.ts';
import { Filled } from '../cli/outbox/filled.ts';
import { AKASSE, BREACHES, fill, fromNowhere } from './breaches.ts';
import { brokenOf, checkInvariants } from './invariants.ts';
import { serverUrl, tempDatabase } from './postgres.ts';
import { member } from './queue.ts';
import { portsAt } from './store-fixtures.ts';
import { tablesOf } from './store-rows.ts';

/** The same, in a database. */
class FilledDatabase extends Filled {
  readonly #url: string;

  constructor(url: string) {
    super();
    this.#url = url;
  }

  override async at<T>(now: Date, work: (store: Store) => Promise<T>): Promise<T> {
    const store = await openStore(this.#url, portsAt(now), { connections: 2 });
    try {
      return await work(store);
    } finally {
      await store.close();
    }
  }
}

const FIRST = '(SELECT forloeb_id FROM besked WHERE besked_nr = 1)';
const INTAKE = `INSERT INTO audit_intake (nr, tidspunkt, correlation_id, operation, udfald)
  SELECT intake_nr, tidspunkt, correlation_id, operation, udfald FROM audit_entry WHERE seq = 3`;

/** What only this database can hold. */
const OWN: typeof BREACHES = [
  fromNowhere(),
  [
    'an identifier has lost its owner',
    `DELETE FROM forloeb_ejer WHERE forloeb_id = ${FIRST}`,
    /I3: an identifier is somebody’s without a forløb, or a forløb is not its owner’s/,
  ],
  [
    'a Save has left nothing but an owner',
    `INSERT INTO forloeb_ejer VALUES ('00000000-0000-4000-8000-000000000001', '${member(AKASSE, 0)}')`,
    /I3: an identifier is somebody’s without a forløb/,
  ],
  ['an entry that has its number waits for one', INTAKE, /I6: an entry that came in has a number and waits/],
  [
    'an entry was numbered twice',
    'UPDATE audit_entry SET intake_nr = 3 WHERE seq IN (3, 4)',
    /I6: an entry that came in has two numbers/,
  ],
  [
    'Saves of a citizen were numbered in another order',
    `UPDATE audit_entry SET intake_nr = 1000 - seq WHERE personnummer = '${member(AKASSE, 0)}'`,
    /I5: Saves of a citizen have their entries in another order/,
  ],
  ['a citizen is not there to be locked', 'DELETE FROM borger', /I7: a forløb is of a citizen who is not/],
];

describe('the check of the invariants on PostgreSQL', function () {
  this.timeout(180_000);
  let store: string;
  let template: string;
  let hand: pg.Client;
  let saved: Awaited<ReturnType<typeof fill>>;
  const made: string[] = [];

  before(async () => {
    store = await tempDatabase();
    saved = await fill(new FilledDatabase(store));
    await (await openAudit(store)).close(); // everything has its number
    template = await copyOf(store);
    await onServer(template, dropRules);
    hand = await openClient(template, false);
  });

  it('finds nothing in a store that is whole', async () => {
    expect(await checkInvariants(store, { answered: saved, counted: 4, unanswered: 0 })).to.deep.equal([]);
    expect(await checkInvariants(template), 'nor where only the rules are gone').to.deep.equal([]);
  });

  it('holds the trail against the calls that were made', async () => {
    const broken = await checkInvariants(store, { answered: saved, counted: 5, unanswered: 0 });
    expect(broken.join('\n')).to.match(/^I6: 11 entries of calls, for 12 that were answered/);
  });

  for (const [what, sql, named] of [...BREACHES, ...OWN]) {
    it(`says that ${what}`, async () => {
      await hand.query(`BEGIN; ${sql}`);
      const broken = await brokenOf(tablesOf(hand), auditReader(sessionOf(hand)));
      await hand.query('ROLLBACK');
      expect(broken.join('\n')).to.match(named);
    });
  }

  it('counts an entry that has no number yet', async () => {
    const copy = await copyOf(store);
    await onServer(copy, (client) =>
      client.query(`INSERT INTO pension.audit_intake (tidspunkt, correlation_id, operation, udfald)
                    VALUES ('2026-11-22T08:00:00.000Z', 'x', 'GetTidligPension', 'udfoert')`),
    );
    const asked = { answered: saved, counted: 5, unanswered: 0 };
    expect(await checkInvariants(copy, asked)).to.deep.equal([]);
  });

  /** A copy, on the same server; it goes with the server, or with the one it was copied from. */
  async function copyOf(url: string): Promise<string> {
    const server = await serverUrl();
    const name = `pension_copy_${made.length}_${process.pid}`;
    made.push(name);
    const from = new URL(url).pathname.slice(1);
    await onServer(server, (client) => client.query(`CREATE DATABASE ${name} TEMPLATE ${from}`));
    return onDatabase(server, name);
  }

  after(async () => {
    await hand.end();
    const server = await serverUrl();
    for (const name of made)
      await onServer(server, (client) => client.query(`DROP DATABASE ${name} WITH (FORCE)`));
  });
});

/** Takes away all that keeps rows from being written: triggers, constraints, unique indexes, and checks of domains. */
async function dropRules(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ drop: string }>(`
    SELECT format('DROP TRIGGER %I ON pension.%I', tgname, relname) AS drop, 0 AS nr
      FROM pg_trigger JOIN pg_class AS c ON c.oid = tgrelid
     WHERE NOT tgisinternal AND c.relnamespace = 'pension'::regnamespace
    UNION ALL
    SELECT CASE WHEN contypid <> 0 THEN format('ALTER DOMAIN pension.%I DROP CONSTRAINT %I', typname, conname)
                ELSE format('ALTER TABLE pension.%I DROP CONSTRAINT IF EXISTS %I CASCADE', relname, conname) END, 1
      FROM pg_constraint LEFT JOIN pg_class AS c ON c.oid = conrelid LEFT JOIN pg_type AS t ON t.oid = contypid
     WHERE connamespace = 'pension'::regnamespace
    UNION ALL
    SELECT format('DROP INDEX IF EXISTS pension.%I', relname), 2
      FROM pg_index JOIN pg_class AS c ON c.oid = indexrelid
     WHERE indisunique AND c.relnamespace = 'pension'::regnamespace
       AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)
     ORDER BY nr`);
  for (const { drop } of rows) await client.query(drop);
}

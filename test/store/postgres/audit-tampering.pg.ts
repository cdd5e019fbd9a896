// Whoever can write to the database of a store cannot change its trail unnoticed: what was changed, taken away, put in or
// set back is found out, and the first bad entry named (S7 of the promises).

import { expect } from 'chai';
import fc from 'fast-check';
import type pg from 'pg';
import { AUDIT_FIELDS } from '../../../src/access/audit/entry.ts';
import type { Verdict } from '../../../src/access/audit/verify.ts';
import { auditReader } from '../../../src/store/postgres/audit-reader.ts';
import { sessionOf } from '../../../src/store/postgres/connection.ts';
import { openPostgresStore } from '../../../src/store/postgres/index.ts';
import { verifyReader } from '../../access/audit/verified.ts';
import { itRandomly } from '../../domain/random.ts';
import { nyBorger } from '../../support/domain-model.ts';
import { tempDatabase } from '../../support/postgres.ts';
import {
  getQuery,
  importMedlemskaber,
  kald,
  kompensation,
  medlemskabLinje,
  NU,
  portsAt,
  saveCommand,
} from '../../support/store-fixtures.ts';
import { connect, Direct } from './direct.ts';
import { tamper } from './store-tamperings.ts';
import { OPTIONS } from './under-test.ts';

const SEALS = 4;
/** Numbers are no text, and are changed otherwise. */
const NUMBERS = [
  'fejlkode',
  'active_organisation_type',
  'request_organisation_type',
  'user_type',
  'version',
  'antal',
];
const COLUMNS = [...AUDIT_FIELDS.map(({ column }) => column), 'salt', 'digest'].filter(
  (name) => name !== 'seq',
);

describe('a trail on PostgreSQL that is tampered with', function () {
  this.timeout(180_000);
  let client: pg.Client;
  let entries: number;
  before(async () => {
    const url = await tempDatabase();
    const store = await openPostgresStore(url, portsAt(NU), OPTIONS);
    for (let round = 0; round < SEALS; round += 1) {
      const borger = nyBorger();
      await importMedlemskaber(store, { linjer: [medlemskabLinje(2, borger, '11', '2020-01-01')] });
      await store.save(saveCommand({ Personnummer: borger, ...kompensation('2026-01-01') }));
      await store.save(saveCommand({ Personnummer: borger })); // refused
      await store.get(getQuery(borger));
      for (const adresse of ['192.0.2.1', '192.0.2.1'])
        await store.recordRefusal({ kald: { ...kald(), adresse }, fejlkode: 1101 });
      if (round < SEALS - 1) await store.audit.seal();
    }
    await store.close();
    client = await connect(url);
    entries = await new Direct(client).one('SELECT count(*) FROM audit_entry');
  });
  after(() => client.end());

  /** What the verification says of the trail when that has been done to it; it is taken back. */
  async function verdictOf(...sql: string[]): Promise<Verdict> {
    await client.query('BEGIN');
    try {
      await tamper(client, sql.join(';'));
      return await verifyReader(auditReader(sessionOf(client)));
    } finally {
      await client.query('ROLLBACK');
    }
  }

  it('verifies as long as it is not', async () => {
    expect(await verdictOf('SELECT 1')).to.deep.include({ ok: true, entries, seals: SEALS, unsealed: 0 });
  });

  itRandomly(
    'is found out when anything that an entry says is another thing',
    fc.asyncProperty(fc.constantFrom(...COLUMNS), fc.nat(), async (column, any) => {
      const seq = 1 + (any % entries);
      const other = NUMBERS.includes(column)
        ? `coalesce(${column}, 1) + 1`
        : ['salt', 'digest'].includes(column)
          ? `CASE WHEN ${column} IS NULL THEN decode(repeat('ab', 16), 'hex') ELSE set_byte(${column}, 3, get_byte(${column}, 3) # 1) END`
          : column === 'udfald'
            ? "CASE udfald WHEN 'afvist' THEN 'udfoert' ELSE 'afvist' END"
            : column === 'detaljer'
              ? "CASE WHEN detaljer IS NULL THEN '{}' ELSE detaljer || ' ' END"
              : `coalesce(${column}, '') || '0'`;
      const verdict = await verdictOf(`UPDATE audit_entry SET ${column} = ${other} WHERE seq = ${seq}`);
      expect(verdict).to.deep.include({ ok: false, seq });
    }),
    40,
  );

  const row = (at: string, changes: string): string =>
    `INSERT INTO audit_entry SELECT n.* FROM audit_entry AS t, LATERAL json_populate_record(t, ${changes}) AS n WHERE ${at}`;
  for (const [what, ...sql] of [
    ['an entry is taken away', 'DELETE FROM audit_entry WHERE seq = 2'],
    [
      'the last entry is taken away',
      'DELETE FROM audit_entry WHERE seq = (SELECT max(seq) FROM audit_entry)',
    ],
    [
      'the last seal and its entries are taken away',
      `DELETE FROM audit_entry WHERE seq > (SELECT sidste FROM audit_seal WHERE nr = ${SEALS - 1})`,
      `DELETE FROM audit_seal WHERE nr = ${SEALS}`,
    ],
    ['an entry is put in', row('t.seq = 3', `'{"seq": 900, "intake_nr": null}'`)],
    ['an entry is there twice', row('t.seq = 3', `'{"seq": 0, "intake_nr": null}'`)],
    [
      'two entries change places',
      'UPDATE audit_entry SET seq = 901 - seq WHERE seq IN (3, 4); UPDATE audit_entry SET seq = seq - 894 WHERE seq > 890',
    ],
    ['everything is taken away', 'DELETE FROM audit_entry', 'DELETE FROM audit_seal'],
    ['a seal is taken away', 'DELETE FROM audit_seal WHERE nr = 2'],
    [
      'a seal is of another time',
      "UPDATE audit_seal SET tidspunkt = '2026-01-01T00:00:00.000Z' WHERE nr = 2",
    ],
    [
      'a seal stands for other entries',
      "UPDATE audit_seal SET entries = replace(entries, '1', '2') WHERE nr = 2",
    ],
    ['a seal ends elsewhere', 'UPDATE audit_seal SET sidste = sidste + 1 WHERE nr = 2'],
    ['a counter is set back', "UPDATE audit_counter SET value = value - 1 WHERE name = 'audit_entry'"],
    ['a counter is set ahead', "UPDATE audit_counter SET value = value + 1 WHERE name = 'audit_seal'"],
    ['the counters are gone', 'DELETE FROM audit_counter'],
  ] as const)
    it(`is found out when ${what}`, async () => {
      expect(await verdictOf(...sql)).to.include({ ok: false });
    });

  it('is not sealed on when its last seal has been taken away', async () => {
    const url = await tempDatabase();
    const store = await openPostgresStore(url, portsAt(NU), OPTIONS);
    await store.get(getQuery(nyBorger()));
    await store.audit.seal();
    const hand = await connect(url);
    await hand.query('BEGIN');
    await tamper(hand, 'DELETE FROM audit_seal');
    await hand.query('COMMIT');
    await hand.end();
    const error = await store.audit.seal().catch((thrown: unknown) => thrown);
    expect(String(error)).to.match(/seal 1 of the audit trail has been removed; run pension audit verify/);
    await store.close();
  });
});

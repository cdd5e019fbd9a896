// The rules of the audit trail hold a second time, without the program: what has come in stays until it is an entry, and
// what is an entry or a seal stays as it is, in its place, and counted.

import { createHash } from 'node:crypto';
import { expect } from 'chai';
import type pg from 'pg';
import { NU } from '../../support/store-fixtures.ts';
import { connect, Direct, emptyStore, type Row } from './direct.ts';
import { expectRefusal } from './refusal.ts';

const NONE = '0'.repeat(64);
const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('the PostgreSQL database keeps the audit trail by itself', () => {
  let url: string;
  let client: pg.Client;
  let direct: Direct;
  before(async () => {
    url = await emptyStore();
    client = await connect(url);
    direct = new Direct(client);
  });
  after(() => client.end());
  beforeEach(() => client.query('BEGIN'));
  afterEach(() => client.query('ROLLBACK'));

  const refused = (rule: string, work: () => Promise<unknown>): Promise<void> =>
    expectRefusal(rule, () => direct.tried(work));
  const said = { tidspunkt: NU.toISOString(), correlation_id: 'x', udfald: 'udfoert' };
  const entry = (seq: number, changes: Row = {}): Promise<void> =>
    direct.insert('audit_entry', { seq, ...said, digest: `\\x${'ab'.repeat(32)}`, ...changes });
  const intake = (changes: Row = {}): Promise<void> => direct.insert('audit_intake', { ...said, ...changes });
  const seal = (nr: number, changes: Row = {}): Promise<void> => {
    const hash = hashOf(`seal ${nr}`);
    const forrige = nr === 1 ? NONE : hashOf(`seal ${nr - 1}`);
    const row = {
      nr,
      tidspunkt: NU.toISOString(),
      sidste: nr * 10,
      entries: '',
      forrige,
      indhold: hash,
      hash,
    };
    return direct.insert('audit_seal', { ...row, ...changes });
  };

  it('entries have numbers without a gap, from 1, one statement after the other, and are counted', async () => {
    for (const first of [0, -1]) await refused('audit_entry_seq_check', () => entry(first));
    await refused('audit_entry_follows_the_last', () => entry(2));
    await entry(1);
    await refused('audit_entry_pkey', () => entry(1));
    await refused('audit_entry_follows_the_last', () => entry(3));
    const several = (...seqs: number[]): Promise<unknown> =>
      client.query(
        `INSERT INTO audit_entry (seq, tidspunkt, correlation_id, udfald, digest)
         SELECT unnest($1::bigint[]), $2, 'x', 'udfoert', decode(repeat('ab', 32), 'hex')`,
        [seqs, NU.toISOString()],
      );
    await refused('audit_entry_follows_the_last', () => several(2, 4));
    await several(3, 2, 4);
    await several();
    expect(await direct.one("SELECT value FROM audit_counter WHERE name = 'audit_entry'")).to.equal(4);
  });

  it('entries say what happened to a call: done, or refused with a code', async () => {
    for (const [rule, changes] of [
      ['audit_entry_check', { udfald: 'afvist' }],
      ['audit_entry_check', { fejlkode: 1001 }],
      ['audit_entry_udfald_check', { udfald: 'andet' }],
      ['audit_entry_antal_check', { udfald: 'afvist', fejlkode: 1101, antal: 1 }],
      ['audit_entry_check1', { udfald: 'afvist', fejlkode: 1001, antal: 2 }],
      ['audit_entry_digest_check', { digest: '\\xab' }],
      ['audit_entry_salt_check', { salt: '\\xab' }],
      ['22P02', { detaljer: '{' }],
    ] as const)
      await refused(rule, () => entry(1, changes));
    for (const [rule, changes] of [
      ['audit_intake_check', { udfald: 'afvist' }],
      ['audit_intake_udfald_check', { udfald: 'andet' }],
      ['audit_intake_check1', { udfald: 'afvist', fejlkode: 1001, antal: 2 }],
      ['tidspunkt_check', { tidspunkt: 'i går' }],
      ['22P02', { detaljer: '{' }],
    ] as const)
      await refused(rule, () => intake(changes));
    await entry(1, { udfald: 'afvist', fejlkode: 1101, antal: 2, salt: `\\x${'ab'.repeat(16)}` });
  });

  it('entries and what has come in are never changed, and entries never leave', async () => {
    await intake();
    await entry(1);
    await refused('audit_entry_is_never_changed', () => client.query("UPDATE audit_entry SET system = 'x'"));
    await refused('audit_entry_is_never_deleted', () => client.query('DELETE FROM audit_entry'));
    await refused('audit_entry_is_never_emptied', () => client.query('TRUNCATE audit_entry'));
    await refused('audit_intake_is_never_changed', () =>
      client.query("UPDATE audit_intake SET system = 'x'"),
    );
    await refused('audit_intake_is_never_emptied', () => client.query('TRUNCATE audit_intake'));
  });

  it('what has come in leaves only as the entry that it became', async () => {
    for (const nr of [901, 902]) await intake({ nr });
    await refused('audit_intake_becomes_an_entry', () => client.query('DELETE FROM audit_intake'));
    await entry(1, { intake_nr: 901 });
    await refused('audit_entry_intake_nr_key', () => entry(2, { intake_nr: 901 }));
    await refused('audit_intake_becomes_an_entry', () => client.query('DELETE FROM audit_intake'));
    await refused('audit_intake_becomes_an_entry', () =>
      client.query('DELETE FROM audit_intake WHERE nr = 902'),
    );
    await client.query('DELETE FROM audit_intake WHERE nr = 901');
    expect(await direct.one('SELECT count(*) FROM audit_intake')).to.equal(1);
  });

  it('counters only grow, and there are two', async () => {
    await entry(1);
    for (const value of [0, 1, -5])
      await refused('audit_counter_only_grows', () =>
        client.query("UPDATE audit_counter SET value = $1 WHERE name = 'audit_entry'", [value]),
      );
    await refused('audit_counter_only_grows', () =>
      client.query("UPDATE audit_counter SET name = 'audit_seal', value = 9 WHERE name = 'audit_entry'"),
    );
    await refused('audit_counter_is_never_deleted', () => client.query('DELETE FROM audit_counter'));
    await refused('audit_counter_name_check', () => direct.insert('audit_counter', { name: 'x', value: 0 }));
    // One that was set ahead leaves room for entries that are not there: none can come after it.
    await client.query("UPDATE audit_counter SET value = 9 WHERE name = 'audit_entry'");
    await refused('audit_entry_follows_the_last', () => entry(2));
  });

  it('a seal follows the last one: its number, its hash, and more entries', async () => {
    await refused('audit_seal_follows_the_last', () => seal(2));
    await refused('audit_seal_follows_the_last', () => seal(1, { forrige: hashOf('another') }));
    await refused('audit_seal_follows_the_last', () => seal(1, { sidste: 0 }));
    await refused('audit_seal_follows_the_last', () => seal(0, { forrige: NONE }));
    await seal(1);
    for (const wrong of [{ forrige: NONE }, { sidste: 10 }, { sidste: 9 }, { nr: 3 }, { nr: 1 }])
      await refused('audit_seal_follows_the_last', () => seal(2, wrong));
    for (const column of ['forrige', 'indhold', 'hash'])
      await refused(`audit_seal_${column === 'forrige' ? 'follows_the_last' : `${column}_check`}`, () =>
        seal(2, { [column]: 'abc' }),
      );
    await seal(2);
    await refused('audit_seal_is_never_changed', () => client.query("UPDATE audit_seal SET tidspunkt = 'x'"));
    await refused('audit_seal_is_never_deleted', () => client.query('DELETE FROM audit_seal'));
    expect(await direct.one("SELECT value FROM audit_counter WHERE name = 'audit_seal'")).to.equal(2);
  });

  it('two that write at the same time do not get one number: the second waits, and is refused', async () => {
    const writers = await Promise.all([connect(url), connect(url)]);
    try {
      for (const writer of writers) await writer.query('BEGIN');
      const write = (by: pg.Client): Promise<void> =>
        new Direct(by).insert('audit_entry', { seq: 1, ...said, digest: `\\x${'ab'.repeat(32)}` });
      await write(writers[0]!);
      const late = expectRefusal('audit_entry_pkey', () => write(writers[1]!));
      await writers[0]!.query('COMMIT');
      await late;
    } finally {
      for (const writer of writers) await writer.end();
    }
  });

  it('gathered refusals are of strangers, and at least one', async () => {
    const row = { minut: 'm', hvem: 'h', tidspunkt: NU.toISOString(), correlation_id: 'x', antal: 1 };
    await refused('audit_gathering_fejlkode_check', () =>
      direct.insert('audit_gathering', { ...row, fejlkode: 1001 }),
    );
    await refused('audit_gathering_antal_check', () =>
      direct.insert('audit_gathering', { ...row, fejlkode: 1101, antal: 0 }),
    );
    await direct.insert('audit_gathering', { ...row, fejlkode: 1101 });
    await refused('audit_gathering_pkey', () => direct.insert('audit_gathering', { ...row, fejlkode: 1101 }));
  });
});

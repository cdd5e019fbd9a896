// The rules of the outbox's first door hold a second time, without the program: what a sequence holds, when a besked
// leaves, and that no two hold the same, also where both take it at the same time.

import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import type pg from 'pg';
import { NU } from '../../support/store-fixtures.ts';
import { connect, Direct, emptyStore, type Row } from './direct.ts';
import { expectRefusal } from './refusal.ts';

const AT = NU.toISOString();

interface Besked {
  readonly besked_nr: number;
  readonly personnummer: string;
}

describe('the PostgreSQL database keeps the sequences by itself', () => {
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
  const open = async (changes: Row = {}): Promise<number> => {
    const row = {
      identifier: randomUUID(),
      akasse: '11',
      state: 'open',
      koder: '["11"]',
      antal: 1,
      opened: AT,
    };
    await direct.insert('sequence', { ...row, last_call: AT, ...changes });
    return direct.one("SELECT currval('sequence_sequence_nr_seq')");
  };
  const besked = async (changes: Row = {}): Promise<Besked> => {
    const queued = { modtager: '11', modtager_aarsag: 'nuvaerende-akasse', event_date: AT, ...changes };
    const key = await direct.first({ besked: queued });
    const { rows } = await client.query<Besked>(
      'SELECT besked_nr, personnummer FROM besked WHERE forloeb_id = $1',
      [key.forloeb_id],
    );
    return rows[0]!;
  };
  const hold = (sequence_nr: number, { besked_nr, personnummer }: Besked, by = direct): Promise<void> =>
    by.insert('sequence_besked', { sequence_nr, besked_nr, personnummer });
  const end = (nr: number, state: string): Promise<unknown> =>
    client.query('UPDATE sequence SET state = $2, ended = $3 WHERE sequence_nr = $1', [nr, state, AT]);
  const leave = (nr: number, { besked_nr }: Besked): Promise<unknown> =>
    client.query('UPDATE besked SET delivered = $3, delivered_in = $1 WHERE besked_nr = $2', [
      nr,
      besked_nr,
      AT,
    ]);

  it('a sequence is of a kind that there is, and an a-kasse has one that is open', async () => {
    for (const [rule, changes] of [
      ['sequence_state_check', { state: 'halv', ended: AT }],
      ['sequence_antal_check', { antal: 501 }],
      ['sequence_antal_check', { antal: -1 }],
      ['sequence_check', { ended: AT }],
      ['sequence_check', { state: 'closed' }],
      ['sequence_check1', { antal: 0 }],
      ['sequence_koder_check', { koder: '{}' }],
      ['22P02', { koder: '[' }],
      ['guid_check', { identifier: 'x' }],
      ['akasse_kode_check', { akasse: '1' }],
    ] as const)
      await refused(rule, () => open(changes));
    const identifier = randomUUID();
    await open({ identifier });
    await refused('sequence_open_once', () => open());
    await refused('sequence_identifier_key', () => open({ identifier, akasse: '22' }));
    await open({ state: 'terminated', ended: AT, antal: 0 });
  });

  it('a sequence ends once, as what it was opened over, and is never something else or gone', async () => {
    const nr = await open();
    for (const change of [
      'identifier = gen_random_uuid()::text',
      "akasse = '22'",
      "koder = '[]'",
      'antal = 2',
      "opened = '2020-01-01T00:00:00.000Z'",
      'sequence_nr = 900',
    ])
      await refused('sequence_never_says_something_else', () =>
        client.query(`UPDATE sequence SET ${change}`),
      );
    await client.query('UPDATE sequence SET fetched = $1', [AT]);
    await refused('sequence_never_says_something_else', () =>
      client.query('UPDATE sequence SET fetched = NULL'),
    );
    await refused('sequence_is_terminated_whole', () => end(nr, 'terminated'));
    await hold(nr, await besked());
    await end(nr, 'terminated');
    for (const state of ['open', 'closed', 'terminated'])
      await refused('sequence_ends_once', () => end(nr, state));
    await refused('sequence_is_never_deleted', () => client.query('DELETE FROM sequence'));
  });

  it('a sequence holds what waits in the queue, while it is open, and no besked is held by two', async () => {
    const [mine, theirs] = [await open(), await open({ akasse: '22' })];
    const waits = await besked();
    await hold(mine, waits);
    await refused('sequence_besked_waits_in_the_queue', () => hold(theirs, waits));
    await refused('sequence_besked_waits_in_the_queue', () => hold(mine, waits));
    const nobodys = await besked({ modtager: null, event_date: null });
    await refused('sequence_besked_waits_in_the_queue', () => hold(mine, nobodys));
    const of = { ...waits, personnummer: nobodys.personnummer };
    await refused('sequence_besked_waits_in_the_queue', () => hold(mine, of));
    await refused('sequence_besked_is_never_changed', () =>
      client.query('UPDATE sequence_besked SET besked_nr = besked_nr'),
    );
    await end(theirs, 'closed');
    const next = await besked();
    await refused('sequence_besked_waits_in_the_queue', () => hold(theirs, next));
    await end(mine, 'terminated');
    await leave(mine, waits);
    const later = await open();
    await refused('sequence_besked_waits_in_the_queue', () => hold(later, waits));
  });

  it('a besked leaves once, with a terminated sequence that holds it', async () => {
    const [nr, other] = [await open(), await open({ akasse: '22' })];
    const waits = await besked();
    const rule = 'besked_leaves_once_and_with_its_sequence';
    await refused(rule, () => leave(nr, waits));
    await hold(nr, waits);
    await refused(rule, () => leave(nr, waits));
    await end(other, 'closed');
    await refused(rule, () => leave(other, waits));
    await end(nr, 'terminated');
    await refused(rule, () => client.query('UPDATE besked SET delivered = $1', [AT]));
    await leave(nr, waits);
    await refused(rule, () => leave(nr, waits));
    await refused(rule, () => client.query('UPDATE besked SET delivered = NULL, delivered_in = NULL'));
  });

  it('what was handed out is not forgotten; what nobody has fetched may be, once it is given back', async () => {
    const forget = (nr: number) => client.query('DELETE FROM sequence_besked WHERE sequence_nr = $1', [nr]);
    const waits = await besked();
    const [fetched, quiet] = [await open(), await open({ akasse: '22' })];
    await hold(fetched, waits);
    const other = await besked({ modtager: '22' });
    await hold(quiet, other);
    for (const nr of [fetched, quiet]) await refused('sequence_besked_is_never_deleted', () => forget(nr));
    await client.query('UPDATE sequence SET fetched = $2 WHERE sequence_nr = $1', [fetched, AT]);
    for (const nr of [fetched, quiet]) await end(nr, 'closed');
    await refused('sequence_besked_is_never_deleted', () => forget(fetched));
    await forget(quiet);
    expect(await direct.one('SELECT count(*) FROM sequence_besked')).to.equal(1);
    expect(await direct.one('SELECT array_agg(besked_nr)::text FROM besked_handed_out')).to.equal(
      `{${waits.besked_nr}}`,
    );
  });

  it('of two that take a besked at the same time, the second', async () => {
    const waits = await besked();
    const [mine, theirs] = [await open(), await open({ akasse: '22' })];
    await client.query('COMMIT');
    const second = await connect(url);
    try {
      for (const each of [client, second]) await each.query('BEGIN');
      await hold(mine, waits);
      const late = expectRefusal('sequence_besked_waits_in_the_queue', () =>
        hold(theirs, waits, new Direct(second)),
      );
      await client.query('COMMIT');
      await late;
    } finally {
      await second.end();
    }
  });
});

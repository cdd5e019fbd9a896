// What is kept stays as it was written, without the program: a forløb goes on one version at a time, nothing is taken away,
// and of two transactions that contradict each other at the same time the later one is refused.

import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import type pg from 'pg';
import { nyBorger } from '../../support/domain-model.ts';
import { connect, Direct, emptyStore } from './direct.ts';
import { expectRefusal } from './refusal.ts';

const GUID = 'c0000000-0000-4000-8000-000000000001';
const NO_OVERGANG = { overgangsdato: null, afgoerelsesdato: null, ophoersdato: null };

describe('the PostgreSQL database keeps history by itself', () => {
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

  describe('of two that write at the same time', () => {
    /** Another writes first and has not committed; this one has to wait for it, and is refused when it has. */
    const second = async (rule: string, prepare: string[], write: (by: Direct) => Promise<unknown>) => {
      const writers = await Promise.all([connect(url), connect(url)]);
      try {
        for (const sql of prepare) await writers[0]!.query(sql);
        for (const writer of writers) await writer.query('BEGIN');
        await write(new Direct(writers[0]!));
        const late = expectRefusal(rule, () => write(new Direct(writers[1]!)));
        await writers[0]!.query('COMMIT');
        await late;
      } finally {
        for (const writer of writers) await writer.end();
      }
    };
    const personnummer = nyBorger();
    const prepare = [`INSERT INTO borger VALUES ('${personnummer}') ON CONFLICT DO NOTHING`];

    it('days that overlap, the second, though neither has locked the citizen', async () => {
      let nr = 0;
      await second('forloeb_must_not_overlap', prepare, async (by) => {
        nr += 1;
        const row = { forloeb_id: randomUUID(), personnummer };
        await by.insert('forloeb_ejer', row);
        const days = { overgangsdato: `2026-01-0${nr}`, afgoerelsesdato: '2026-01-01' };
        await by.insert('forloeb', { ...row, nr, version: 1, ...days });
        const head = {
          indberettet: '2026-01-01T00:00:00.000Z',
          correlation_id: 'x',
          request_user_metadata: '{}',
        };
        await by.insert('forloeb_version', { ...row, version: 1, ...days, ...head });
        const besked = { registration_type: 'Create', modtager_aarsag: 'intet-medlemskab' };
        await by.insert('besked', { ...row, version: 1, message_identifier: randomUUID(), ...besked });
      });
    });

    it('the same identifier, the second, though they are of two citizens', () =>
      second('forloeb_ejer_pkey', [], (by) =>
        by.insert('forloeb_ejer', { forloeb_id: GUID, personnummer: nyBorger() }),
      ));
  });

  describe('a change', () => {
    const changes: Record<string, () => object> = {
      'that skips a version': () => ({ version: 3 }),
      'that goes back a version': () => ({ version: 0 }),
      'without a new version': () => ({ ophoersdato: '2026-05-31' }),
      'that gives it to another citizen': () => ({ version: 2, personnummer: nyBorger() }),
      'that gives it another GUID': () => ({ version: 2, forloeb_id: GUID }),
      'that gives it another number': () => ({ version: 2, nr: 7 }),
    };
    for (const [what, change] of Object.entries(changes))
      it(`to a forløb, ${what}`, async () => {
        const { forloeb_id } = await direct.first();
        await refused('forloeb_goes_on_one_version_at_a_time', () =>
          direct.update('forloeb', forloeb_id, { ...change() }),
        );
      });

    it('to a forløb, without the version that it stands at then, or to days that none may have', async () => {
      const key = await direct.first();
      await refused('forloeb_personnummer_forloeb_id_version_fkey', () =>
        direct.next(key, 2, { version: null, besked: null }),
      );
      await refused('forloeb_check1', () => direct.next(key, 2, { forloeb: { ophoersdato: '2025-12-31' } }));
      await refused('besked_registration_type_check', () =>
        direct.next(key, 2, { besked: { registration_type: 'Slet' } }),
      );
      await refused('forloeb_check', () => direct.next(key, 2, { forloeb: { afgoerelsesdato: null } }));
      await direct.next(key, 2, { forloeb: NO_OVERGANG }); // an annulment
    });

    it('to a version, to the owner of an identifier, or to what a besked says', async () => {
      const { forloeb_id: id } = await direct.first();
      await refused('forloeb_version_is_never_changed', () =>
        direct.update('forloeb_version', id, { correlation_id: 'x' }),
      );
      await refused('forloeb_ejer_is_never_changed', () =>
        client.query('UPDATE forloeb_ejer SET personnummer = $1', [nyBorger()]),
      );
      await refused('forloeb_ejer_is_never_changed', () => client.query('DELETE FROM forloeb_ejer'));
      for (const change of [
        { besked_nr: 99 },
        { message_identifier: GUID },
        { forloeb_id: GUID },
        { version: 2 },
        { personnummer: nyBorger() },
        { registration_type: 'Update' },
      ])
        await refused('besked_never_says_something_else', () => direct.update('besked', id, change));
    });

    it('to the recipient of a besked that has one, or to when it was queued', async () => {
      const { forloeb_id: id } = await direct.first();
      const release = {
        modtager: '11',
        modtager_aarsag: 'seneste-akasse-med-efterloen',
        event_date: '2026-01-01T00:00:00.000Z',
      };
      await direct.tried(() => direct.update('besked', id, release)); // once, when it waited
      for (const change of [
        { modtager: '22' },
        { modtager: null, event_date: null },
        { modtager_aarsag: 'overhalet' },
        { event_date: '2026-01-02T00:00:00.000Z' },
      ])
        await refused('besked_has_one_recipient_for_ever', () => direct.update('besked', id, change));
    });

    it('that takes away or empties what is kept for ever', async () => {
      await direct.first();
      for (const table of ['forloeb', 'forloeb_version', 'besked'])
        await refused(`${table}_is_never_deleted`, () => client.query(`DELETE FROM ${table}`));
      // Foreign keys keep a table from being emptied alone; with all that refer to it the triggers do.
      const { rows } = await client.query<{ name: string }>(
        `SELECT c.relname AS name FROM pg_trigger JOIN pg_class AS c ON c.oid = tgrelid
          WHERE relnamespace = 'pension'::regnamespace AND tgname = relname || '_is_never_emptied'`,
      );
      const never = ['forloeb_ejer', 'forloeb', 'forloeb_version', 'besked', 'sequence', 'sequence_besked'];
      const trail = [
        'audit_intake',
        'audit_entry',
        'audit_seal',
        'audit_counter',
        'medlemskab_register',
        'probe',
      ];
      expect(rows.map(({ name }) => name)).to.have.members([...never, ...trail]);
      for (const { name } of rows)
        await refused('_is_never_emptied', () => client.query(`TRUNCATE ${name} CASCADE`));
    });

    it('to a membership that ends before it starts, has no reason that there is, or is there already', async () => {
      const row = { personnummer: nyBorger(), akasse: '11', start: '2020-01-01', tilbagekaldt: false };
      const membership = (change: object) => () => direct.insert('medlemskab', { ...row, ...change });
      await refused('medlemskab_check', membership({ slut: '2019-12-31' }));
      await refused('medlemskab_afgangsaarsag_check', membership({ afgangsaarsag: 'X' }));
      await direct.tried(membership({ slut: '2020-01-01', afgangsaarsag: 'S' }));
      await refused('medlemskab_pkey', membership({ efterloen: '2020-01-01' }));
    });

    it('that makes the register of memberships younger', async () => {
      for (const generation of [0, -1])
        await refused('medlemskab_register_only_grows', () =>
          client.query('UPDATE medlemskab_register SET generation = $1', [generation]),
        );
      await refused('medlemskab_register_is_never_deleted', () =>
        client.query('DELETE FROM medlemskab_register'),
      );
      await refused('medlemskab_register_nr_check', () =>
        client.query('INSERT INTO medlemskab_register VALUES (2, 0)'),
      );
    });
  });
});

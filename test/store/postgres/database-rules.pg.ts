// The rules of the citizen's rows hold a second time, without the program: what contradicts them cannot be written to the
// database.

import { expect } from 'chai';
import type pg from 'pg';
import { nyBorger } from '../../support/domain-model.ts';
import { connect, Direct, emptyStore, type Key, type Whole } from './direct.ts';
import { expectRefusal } from './refusal.ts';

const GUID = 'c0000000-0000-4000-8000-000000000001';
const NO_OVERGANG = { overgangsdato: null, afgoerelsesdato: null, ophoersdato: null };

describe('the PostgreSQL database refuses by itself', () => {
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

  /** Each is refused by that rule; the same without its fault is accepted. */
  const refuses = (rule: string, cases: Record<string, Whole>): void => {
    for (const [what, whole] of Object.entries(cases))
      it(what, async () => {
        await direct.first();
        await refused(rule, () => direct.first(whole));
        expect(await direct.one('SELECT count(*) FROM forloeb_version'), 'nothing is kept').to.equal(1);
      });
  };

  it('an empty column, but for these', async () => {
    const nullable = await client.query<{ column: string }>(
      `SELECT relname || '.' || attname AS column FROM pg_attribute JOIN pg_class AS c ON c.oid = attrelid
        WHERE relnamespace = 'pension'::regnamespace AND relkind = 'r' AND attnum > 0 AND NOT attisdropped
          AND NOT attnotnull AND relname NOT LIKE 'audit_%' ORDER BY 1`,
    );
    const dates = ['overgangsdato', 'afgoerelsesdato', 'ophoersdato', 'kompensationsafgoerelsesdato'];
    expect(nullable.rows.map(({ column }) => column)).to.have.members([
      ...dates.flatMap((column) => [`forloeb.${column}`, `forloeb_version.${column}`]),
      ...['modtager', 'event_date', 'delivered', 'delivered_in'].map((column) => `besked.${column}`),
      ...['slut', 'afgangsaarsag', 'efterloen'].map((column) => `medlemskab.${column}`),
      ...['ended', 'fetched'].map((column) => `sequence.${column}`),
      'queue_poll.last_call',
    ]);
  });

  describe('a forløb', () => {
    refuses('guid_check', {
      'whose GUID is in upper case': { forloeb: { forloeb_id: GUID.toUpperCase() } },
      'whose GUID has letters that no GUID has': { forloeb: { forloeb_id: GUID.replace('c', 'g') } },
      'whose GUID is too short': { forloeb: { forloeb_id: GUID.slice(1) } },
      'whose GUID has a line after it': { forloeb: { forloeb_id: `${GUID}\n` } },
    });
    refuses('personnummer_check', {
      'of ten zeros': { forloeb: { personnummer: '0000000000' } },
      'of a personnummer with a hyphen': { forloeb: { personnummer: '290261-001' } },
      'of a personnummer that is too short': { forloeb: { personnummer: '290261001' } },
      'of a personnummer that is too long': { forloeb: { personnummer: '29026100180' } },
      'of a personnummer in other digits': { forloeb: { personnummer: '٢٩٠٢٦١٠٠١٨' } },
    });
    refuses('forloeb_nr_check', { 'with number 0': { forloeb: { nr: 0 } } });
    refuses('dato_check', {
      'with a day before the calendar': { forloeb: { overgangsdato: '0001-01-01 BC' } },
      'with a day after it': { forloeb: { ophoersdato: '10000-01-01' } },
      'that ends on no day at all': { forloeb: { ophoersdato: 'infinity' } },
      'that has always been': { forloeb: { overgangsdato: '-infinity' } },
    });
    refuses('22007', { 'with a date that is a word': { forloeb: { ophoersdato: 'aldrig' } } });
    refuses('22008', { 'with a day that is in no calendar': { forloeb: { ophoersdato: '2026-02-29' } } });
    refuses('forloeb_check', {
      'with an overgangsdato and no afgørelsesdato': { forloeb: { afgoerelsesdato: null } },
      'with an afgørelsesdato and no overgangsdato': {
        forloeb: { overgangsdato: null, ophoersdato: null, kompensationsafgoerelsesdato: '2026-01-01' },
      },
    });
    refuses('forloeb_check1', {
      'with an ophørsdato and no overgangsdato': {
        forloeb: { ...NO_OVERGANG, ophoersdato: '2026-01-01', kompensationsafgoerelsesdato: '2026-01-01' },
      },
      'that ends before it starts (4636)': { forloeb: { ophoersdato: '2025-12-31' } },
    });
    refuses('forloeb_begins_with_a_decision', {
      'that begins with neither block (1014)': { forloeb: NO_OVERGANG },
      'that begins with version 2': { forloeb: { version: 2 }, besked: { registration_type: 'Update' } },
    });
    refuses('forloeb_personnummer_forloeb_id_version_fkey', {
      'without its version': { version: null, besked: null },
    });
    refuses('forloeb_version_personnummer_forloeb_id_version_fkey', {
      'without its besked': { besked: null },
    });
    refuses('forloeb_version_is_what_the_forloeb_stands_at', {
      'without itself': { forloeb: null },
      'whose version says other days': { version: { ophoersdato: '2026-05-31' } },
      'whose version says less': { version: { ophoersdato: null } },
      'whose version is another': { version: { version: 2 }, besked: { version: 2 } },
    });
    refuses('22P02', { 'whose header is no JSON': { version: { request_user_metadata: '{' } } });
    refuses('tidspunkt_check', {
      'that was reported at a time with a zone': { version: { indberettet: '2026-01-01T00:00:00+01:00' } },
    });
    refuses('besked_check', {
      'whose first besked is an update': { besked: { registration_type: 'Update' } },
    });
    refuses('besked_check1', {
      'whose besked has a recipient and was not queued': { besked: { modtager: '11' } },
      'whose besked was queued and has no recipient': { besked: { event_date: '2026-01-01T00:00:00.000Z' } },
    });
    refuses('akasse_kode_check', {
      'whose besked is for a code of three digits': {
        besked: { modtager: '067', event_date: '2026-01-01T00:00:00.000Z' },
      },
    });
    refuses('besked_is_queued_before_it_is_delivered', {
      'whose besked has left already': { besked: { delivered: '2026-01-01T00:00:00.000Z' } },
    });
  });

  describe('a second forløb', () => {
    const period = (overgangsdato: string, ophoersdato: string | null) => ({ overgangsdato, ophoersdato });
    const both = async (a: object, b: object): Promise<Key> => {
      const { personnummer } = await direct.first({ forloeb: { ...a } });
      return direct.first({ forloeb: { personnummer, nr: 2, ...b } });
    };

    it('of the same GUID, also for another citizen', async () => {
      const key = await direct.first();
      await refused('forloeb_ejer_pkey', () => direct.first({ forloeb: { forloeb_id: key.forloeb_id } }));
      // Nor without asking the directory first.
      const other = { ...key, personnummer: nyBorger() };
      await client.query('INSERT INTO borger VALUES ($1)', [other.personnummer]);
      const state = { nr: 1, version: 1, kompensationsafgoerelsesdato: '2026-01-01' };
      await refused('forloeb_forloeb_id_personnummer_fkey', () =>
        direct.insert('forloeb', { ...other, ...state }),
      );
    });

    it('of the same citizen and number', () =>
      refused('forloeb_personnummer_nr_key', () => both({}, { nr: 1, ...period('2027-01-01', null) })));

    for (const [what, a, b] of [
      ['that starts the day the other ends', period('2026-01-01', '2026-06-30'), period('2026-06-30', null)],
      ['that ends the day the other starts', period('2026-01-01', null), period('2025-01-01', '2026-01-01')],
      ['that lies inside the other', period('2026-01-01', '2026-06-30'), period('2026-02-01', '2026-02-01')],
      ['that lies around the other', period('2026-01-01', '2026-06-30'), period('2025-01-01', '2027-01-01')],
      ['when both have no end', period('2026-01-01', null), period('2030-01-01', null)],
      ['with no end, before the other', period('2026-01-01', '2026-06-30'), period('2025-01-01', null)],
      ['on the last day there is', period('2026-01-01', null), period('9999-12-31', '9999-12-31')],
      ['on the first day there is', period('0001-01-01', '0001-01-01'), period('0001-01-01', '0001-01-02')],
    ] as const)
      it(`of the citizen ${what} (9434)`, () => refused('forloeb_must_not_overlap', () => both(a, b)));

    it('but not one that starts the day after, one of another citizen, or one without a period', async () => {
      await both({}, period('2026-07-01', null));
      await direct.first();
      await both({}, { ...NO_OVERGANG, kompensationsafgoerelsesdato: '2026-01-01' });
    });

    it('also when a later version moves it there; and not when only itself is in the way', async () => {
      const a = await direct.first();
      const b = await direct.first({
        forloeb: { personnummer: a.personnummer, nr: 2, ...period('2026-07-01', null) },
      });
      for (const [key, forloeb] of [
        [b, { overgangsdato: '2026-06-30' }],
        [a, { ophoersdato: null }],
        [a, { ophoersdato: '2026-07-01' }],
      ] as const)
        await refused('forloeb_must_not_overlap', () => direct.next(key, 2, { forloeb }));
      await direct.next(b, 2, { forloeb: { overgangsdato: '2026-08-01' } });
    });
  });
});

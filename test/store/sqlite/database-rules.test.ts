// The rules hold a second time, without the program: what contradicts them cannot be written to the database.

import { expect } from 'chai';
import { nyBorger } from '../../support/domain-model.ts';
import { Direct, type Whole } from './direct.ts';

const GUID = 'c0000000-0000-4000-8000-000000000001';
const NO_OVERGANG = { overgangsdato: null, afgoerelsesdato: null, ophoersdato: null };

describe('the SQLite database refuses by itself', () => {
  let direct: Direct;
  beforeEach(() => {
    direct = new Direct();
  });
  afterEach(() => direct.db.close());

  /** Each is refused with a message that names the rule; the same without its fault is accepted. */
  const refuses = (rule: RegExp, cases: Record<string, Whole>): void => {
    for (const [what, whole] of Object.entries(cases))
      it(what, () => {
        expect(() => direct.first(), 'the same without the fault').to.not.throw();
        expect(() => direct.first(whole)).to.throw(rule);
        const kept = direct.db.prepare('SELECT count(*) FROM forloeb_version').pluck().get();
        expect(kept, 'nothing is kept').to.equal(1);
      });
  };

  it('an empty column, but for these', () => {
    const nullable = direct.db
      .prepare(
        `SELECT t.name || '.' || c.name FROM sqlite_master AS t, pragma_table_info(t.name) AS c
          WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' AND NOT c."notnull" AND c.pk = 0`,
      )
      .pluck()
      .all() as string[];
    const dates = ['overgangsdato', 'afgoerelsesdato', 'ophoersdato', 'kompensationsafgoerelsesdato'];
    const required = ['seq', 'tidspunkt', 'correlation_id', 'udfald', 'digest'];
    const audit = direct.db
      .prepare("SELECT name FROM pragma_table_info('audit_entry')")
      .pluck()
      .all() as string[];
    expect(nullable).to.have.members([
      ...dates.map((column) => `forloeb.${column}`),
      ...dates.map((column) => `forloeb_version.${column}`),
      ...['modtager', 'event_date', 'delivered', 'delivered_in'].map((column) => `besked.${column}`),
      'sequence.ended',
      'sequence.fetched',
      ...audit.filter((column) => !required.includes(column)).map((column) => `audit_entry.${column}`),
      ...['certificate', 'adresse'].map((column) => `audit_gathering.${column}`),
      ...['slut', 'afgangsaarsag', 'efterloen'].map((column) => `medlemskab.${column}`),
    ]);
  });

  describe('a forløb', () => {
    refuses(/CHECK constraint failed: length\(forloeb_id\)/, {
      'whose GUID is in upper case': { forloeb: { forloeb_id: GUID.toUpperCase() } },
      'whose GUID has letters that no GUID has': { forloeb: { forloeb_id: GUID.replace('c', 'g') } },
      'whose GUID is too short': { forloeb: { forloeb_id: GUID.slice(1) } },
      'whose GUID is empty': { forloeb: { forloeb_id: '' } },
      'whose GUID stands in braces': { forloeb: { forloeb_id: `{${GUID.slice(2)}}` } },
    });
    refuses(/CHECK constraint failed: length\(personnummer\)/, {
      'of ten zeros': { forloeb: { personnummer: '0000000000' } },
      'of a personnummer with a hyphen': { forloeb: { personnummer: '290261-001' } },
      'of a personnummer that is too short': { forloeb: { personnummer: '290261001' } },
      'of a personnummer that is too long': { forloeb: { personnummer: '29026100180' } },
    });
    refuses(/CHECK constraint failed: nr >= 1/, { 'with number 0': { forloeb: { nr: 0 } } });
    refuses(/CHECK constraint failed: \w+dato IS date/, {
      'with an overgangsdato that carries a zone': { forloeb: { overgangsdato: '2026-01-01Z' } },
      'with an overgangsdato in Danish': { forloeb: { overgangsdato: '01-01-2026' } },
      'with an afgørelsesdato that carries a time': { forloeb: { afgoerelsesdato: '2026-01-01T00:00:00' } },
      'with an ophørsdato that is a word': { forloeb: { ophoersdato: 'aldrig' } },
      'with an ophørsdato that is empty': { forloeb: { ophoersdato: '' } },
      'with a kompensationsdato without its day': { forloeb: { kompensationsafgoerelsesdato: '2026-01' } },
    });
    refuses(/CHECK constraint failed: (\(overgangsdato IS NULL\)|ophoersdato IS NULL)/, {
      'with an overgangsdato and no afgørelsesdato': { forloeb: { afgoerelsesdato: null } },
      'with an afgørelsesdato and no overgangsdato': {
        forloeb: { overgangsdato: null, ophoersdato: null, kompensationsafgoerelsesdato: '2026-01-01' },
      },
      'with an ophørsdato and no overgangsdato': {
        forloeb: { ...NO_OVERGANG, ophoersdato: '2026-01-01', kompensationsafgoerelsesdato: '2026-01-01' },
      },
      'that ends before it starts (4636)': { forloeb: { ophoersdato: '2025-12-31' } },
    });
    refuses(/forloeb_begins_with_a_decision/, {
      'that begins with neither block (1014)': { forloeb: NO_OVERGANG },
      'that begins with version 2': { forloeb: { version: 2 }, besked: { registration_type: 'Update' } },
    });
  });

  describe('a second forløb', () => {
    const period = (overgangsdato: string, ophoersdato: string | null) => ({ overgangsdato, ophoersdato });
    const both = (a: object, b: object) => {
      const { personnummer } = direct.first({ forloeb: { ...a } });
      return () => direct.first({ forloeb: { personnummer, nr: 2, ...b } });
    };

    it('of the same GUID, also for another citizen', () => {
      const { forloeb_id } = direct.first();
      expect(() => direct.first({ forloeb: { forloeb_id } })).to.throw('forloeb_is_never_replaced');
    });

    it('of the same citizen and number', () => {
      expect(both({}, { nr: 1, ...period('2027-01-01', null) })).to.throw('forloeb_is_never_replaced');
    });

    for (const [what, a, b] of [
      ['that starts the day the other ends', period('2026-01-01', '2026-06-30'), period('2026-06-30', null)],
      [
        'that ends the day the other starts',
        period('2026-01-01', '2026-06-30'),
        period('2025-01-01', '2026-01-01'),
      ],
      ['that lies inside the other', period('2026-01-01', '2026-06-30'), period('2026-02-01', '2026-02-01')],
      ['that lies around the other', period('2026-01-01', '2026-06-30'), period('2025-01-01', '2027-01-01')],
      ['when both have no end', period('2026-01-01', null), period('2030-01-01', null)],
      [
        'after the start of one that has no end',
        period('2026-01-01', null),
        period('2030-01-01', '2030-01-02'),
      ],
      [
        'with no end, before the start of the other',
        period('2026-01-01', '2026-06-30'),
        period('2025-01-01', null),
      ],
      ['on the last day there is', period('2026-01-01', null), period('9999-12-31', '9999-12-31')],
    ] as const)
      it(`of the citizen ${what} (9434)`, () => {
        expect(both(a, b)).to.throw('forloeb_must_not_overlap');
      });

    it('but not one that starts the day after, one of another citizen, or one without a period', () => {
      expect(both({}, period('2026-07-01', null))).to.not.throw();
      expect(() => direct.first()).to.not.throw();
      expect(both({}, { ...NO_OVERGANG, kompensationsafgoerelsesdato: '2026-01-01' })).to.not.throw();
    });

    it('also when a later version moves it there; and not when only itself is in the way', () => {
      const a = direct.first();
      const b = direct.first({
        forloeb: { personnummer: a.personnummer, nr: 2, ...period('2026-07-01', null) },
      });
      expect(() => direct.next(b, 2, { forloeb: { overgangsdato: '2026-06-30' } })).to.throw(
        'forloeb_must_not_overlap',
      );
      for (const ophoersdato of [null, '2026-07-01'])
        expect(() => direct.next(a, 2, { forloeb: { ophoersdato } })).to.throw('forloeb_must_not_overlap');
      expect(() => direct.next(b, 2, { forloeb: { overgangsdato: '2026-08-01' } })).to.not.throw();
    });
  });

  describe('a change to a forløb', () => {
    const changes: Record<string, () => object> = {
      'that skips a version': () => ({ version: 3 }),
      'that goes back a version': () => ({ version: 0 }),
      'without a new version': () => ({ ophoersdato: '2026-05-31' }),
      'that gives it to another citizen': () => ({ version: 2, personnummer: nyBorger() }),
      'that gives it another GUID': () => ({ version: 2, forloeb_id: GUID }),
      'that gives it another number': () => ({ version: 2, nr: 7 }),
    };
    for (const [what, change] of Object.entries(changes))
      it(what, () => {
        const { forloeb_id } = direct.first();
        expect(() => direct.update('forloeb', forloeb_id, { ...change() })).to.throw(
          'forloeb_goes_on_one_version_at_a_time',
        );
      });

    it('to dates that no forløb may have', () => {
      const key = direct.first();
      for (const forloeb of [
        { ophoersdato: '2025-12-31' },
        { overgangsdato: 'x' },
        { afgoerelsesdato: null },
      ])
        expect(() => direct.next(key, 2, { forloeb })).to.throw('CHECK constraint failed');
      expect(() => direct.next(key, 2, { forloeb: NO_OVERGANG }), 'annulment').to.not.throw();
    });

    it('that takes it away', () => {
      direct.first();
      expect(() => direct.db.exec('DELETE FROM forloeb')).to.throw('forloeb_is_never_deleted');
    });
  });
});

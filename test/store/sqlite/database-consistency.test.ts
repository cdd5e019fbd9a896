// What a row says agrees with the rows it belongs to, and with the calendar, without the program; and nothing is
// replaced past the triggers.

import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { nyBorger } from '../../support/domain-model.ts';
import { NU } from '../../support/store-fixtures.ts';
import { Direct } from './direct.ts';

describe('the SQLite database refuses by itself', () => {
  let direct: Direct;
  beforeEach(() => {
    direct = new Direct();
  });
  afterEach(() => direct.db.close());

  const refused = (write: () => unknown): void => {
    expect(write).to.throw(/constraint failed|must|never|version/);
  };

  it('a forløb without its version', () => {
    refused(() => direct.first({ version: null, besked: null }));
  });

  it('a forløb that goes on without its version, so that Get shows what history does not know', () => {
    const key = direct.first();
    refused(() => direct.next(key, 2, { forloeb: { ophoersdato: null }, version: null, besked: null }));
  });

  it('a version beyond the one that the forløb stands at', () => {
    const key = direct.first();
    refused(() => direct.next(key, 5, { forloeb: null }));
  });

  it('a version that says other than the forløb it is of', () => {
    refused(() => direct.first({ version: { overgangsdato: '2026-02-01' } }));
  });

  it('a besked of another citizen than its version, or that points at another one than it names', () => {
    refused(() => direct.first({ besked: { personnummer: nyBorger() } }));
    direct.first();
    direct.db.exec('DROP TRIGGER besked_is_never_replaced'); // it would refuse one that points where another does
    for (const version_nr of [1, 77])
      expect(() => direct.first({ besked: { version_nr } })).to.throw('besked_must_be_of_its_version');
  });

  it('days that do not exist', () => {
    for (const overgangsdato of [
      '2026-02-29',
      '2026-02-30',
      '2026-04-31',
      '2026-00-10',
      '2026-13-01',
      '0000-01-01',
    ])
      refused(() => direct.first({ forloeb: { overgangsdato, ophoersdato: null } }));
  });

  it('two open ends, when both begin after the last day there is', () => {
    const late = { overgangsdato: '9999-99-99', ophoersdato: null };
    refused(() => {
      const { personnummer } = direct.first({ forloeb: late });
      direct.first({ forloeb: { ...late, personnummer, nr: 2 } });
    });
  });

  it('a GUID of the right letters and the wrong shape', () => {
    for (const forloeb_id of ['-'.repeat(36), randomUUID().replaceAll('-', '0')])
      refused(() => direct.first({ forloeb: { forloeb_id } }));
  });

  it('a MessageIdentifier in upper case, or that is no GUID', () => {
    for (const message_identifier of [randomUUID().toUpperCase(), 'x'.repeat(36)])
      refused(() => direct.first({ besked: { message_identifier } }));
  });

  it('a recipient that is no a-kasse code', () => {
    refused(() => direct.first({ besked: { modtager: '067', event_date: '2026-11-22T07:50:00.123Z' } }));
  });

  it('a besked that gets another MessageIdentifier after it was queued', () => {
    const { forloeb_id } = direct.first();
    refused(() => direct.update('besked', forloeb_id, { message_identifier: randomUUID() }));
  });

  it('INSERT OR REPLACE, which changes an audit entry past the triggers', () => {
    direct.audit({ system: 'udk' });
    refused(() => direct.audit({ seq: 1, system: 'someone else' }, 'OR REPLACE'));
    expect(direct.db.prepare('SELECT system FROM audit_entry WHERE seq = 1').pluck().get()).to.equal('udk');
  });

  it('INSERT OR REPLACE, which rewrites a version past the triggers', () => {
    direct.first();
    const row = direct.db.prepare('SELECT * FROM forloeb_version').get() as Record<string, string | number>;
    refused(() => direct.insert('forloeb_version', { ...row, overgangsdato: '2027-01-01' }, 'OR REPLACE'));
  });

  it('INSERT OR REPLACE, which puts a version in the place of another', () => {
    const [first, second] = [direct.first(), direct.first()];
    const version_nr = direct.db
      .prepare('SELECT version_nr FROM forloeb_version WHERE forloeb_id = ?')
      .pluck()
      .get(first.forloeb_id) as number;
    direct.db.pragma('foreign_keys = OFF'); // the besked of the first would be without its version
    direct.db.exec('DROP TRIGGER forloeb_version_is_never_deleted'); // other connections may pass over it
    const row = direct.db
      .prepare('SELECT * FROM forloeb_version WHERE forloeb_id = ?')
      .get(second.forloeb_id) as Record<string, string | number>;
    direct.update('forloeb', second.forloeb_id, { version: 2 });
    expect(() => direct.insert('forloeb_version', { ...row, version_nr, version: 2 }, 'OR REPLACE')).to.throw(
      'forloeb_version_is_never_replaced',
    );
    expect(direct.db.prepare('SELECT count(*) FROM forloeb_version').pluck().get()).to.equal(2);
  });

  it('two forløb of one identifier, also where none of them has a version yet', () => {
    const forloeb_id = randomUUID();
    const [one, other] = [nyBorger(), nyBorger()];
    const dates = { kompensationsafgoerelsesdato: '2026-01-01' };
    const head = { indberettet: NU.toISOString(), correlation_id: randomUUID(), request_user_metadata: '{}' };
    const version = (personnummer: string) =>
      direct.insert('forloeb_version', { forloeb_id, personnummer, version: 1, ...dates, ...head });
    const besked = (personnummer: string) =>
      direct.insert('besked', {
        ...{ forloeb_id, personnummer, version: 1, message_identifier: randomUUID() },
        ...{ registration_type: 'Create', modtager_aarsag: 'intet-medlemskab' },
      });
    for (const or of ['', 'OR REPLACE', 'OR IGNORE']) {
      const both = (...more: (() => void)[]) =>
        direct.db.transaction(() => {
          direct.insert('forloeb', { forloeb_id, personnummer: one, nr: 1, version: 1, ...dates });
          direct.insert('forloeb', { forloeb_id, personnummer: other, nr: 1, version: 1, ...dates }, or);
          for (const write of more) write();
        });
      const whole = (borger: string) => [() => version(borger), () => besked(borger)];
      expect(both()).to.throw('FOREIGN KEY constraint failed');
      expect(both(...whole(one))).to.throw('FOREIGN KEY constraint failed');
      expect(both(...whole(other))).to.throw('FOREIGN KEY constraint failed');
      expect(both(...whole(one), () => version(other))).to.throw('forloeb_version_is_never_replaced');
    }
    expect(direct.db.prepare('SELECT count(*) FROM forloeb').pluck().get()).to.equal(0);
  });

  it('a second forløb of an identifier or of a number that the citizen has, with INSERT OR REPLACE', () => {
    const { forloeb_id, personnummer } = direct.first();
    const later = { personnummer, overgangsdato: '2027-01-01', ophoersdato: null };
    const row = { nr: 2, version: 1, afgoerelsesdato: '2026-01-01', ...later };
    for (const or of ['', 'OR REPLACE', 'OR IGNORE'])
      for (const key of [{ forloeb_id }, { forloeb_id: randomUUID(), nr: 1 }])
        expect(() => direct.insert('forloeb', { ...row, ...key }, or)).to.throw('forloeb_is_never_replaced');
  });

  it('a forløb that takes the identifier or the number of another', () => {
    const [one, other] = [direct.first(), direct.first()];
    for (const [column, value] of [
      ['forloeb_id', one.forloeb_id],
      ['nr', 2],
    ])
      expect(() =>
        direct.db
          .prepare(`UPDATE OR REPLACE forloeb SET version = 2, ${column} = ? WHERE forloeb_id = ?`)
          .run(value, other.forloeb_id),
      ).to.throw('forloeb_goes_on_one_version_at_a_time');
  });

  it('INSERT OR REPLACE, which sets a forløb back to version 1 past the triggers', () => {
    const key = direct.first();
    const row = direct.db.prepare('SELECT * FROM forloeb').get() as Record<string, string | number>;
    direct.next(key, 2);
    refused(() => direct.insert('forloeb', row, 'OR REPLACE'));
  });

  it('a membership on a day that does not exist', () => {
    refused(() => direct.medlemskab({ start: '2026-02-30' }));
  });
});

// History holds without the program: versions, their beskeder and the audit trail are added to and never changed.

import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { nyBorger } from '../../support/domain-model.ts';
import { NU } from '../../support/store-fixtures.ts';
import { Direct, type Whole } from './direct.ts';

describe('the SQLite database keeps history by itself:', () => {
  let direct: Direct;
  beforeEach(() => {
    direct = new Direct();
  });
  afterEach(() => direct.db.close());

  const refuses = (rule: RegExp, cases: Record<string, Whole>): void => {
    for (const [what, whole] of Object.entries(cases))
      it(`it refuses ${what}`, () => {
        expect(() => direct.first(), 'the same without the fault').to.not.throw();
        expect(() => direct.first(whole)).to.throw(rule);
      });
  };

  describe('versions', () => {
    refuses(/FOREIGN KEY constraint failed/, {
      'a version without its besked, at the end of the transaction': { besked: null },
      'a version without its forløb': { forloeb: null },
      'a version of another citizen than its forløb': { version: { personnummer: nyBorger() } },
    });
    refuses(/besked_must_be_of_its_version/, { 'a besked without its version': { version: null } });
    refuses(/CHECK constraint failed: json_valid/, {
      'a version whose metadata is not JSON': { version: { request_user_metadata: 'x' } },
    });
    refuses(/forloeb_version_is_what_the_forloeb_stands_at/, { 'a version 0': { version: { version: 0 } } });
    refuses(/NOT NULL constraint failed/, {
      'a version without the time of the call': { version: { indberettet: null } },
      'a version without the metadata of the call': { version: { request_user_metadata: null } },
    });

    it('it refuses to change or remove a version', () => {
      const { forloeb_id } = direct.first();
      expect(() => direct.update('forloeb_version', forloeb_id, { overgangsdato: '2026-02-01' })).to.throw(
        'forloeb_version_is_never_changed',
      );
      expect(() => direct.db.exec('DELETE FROM forloeb_version')).to.throw(
        'forloeb_version_is_never_deleted',
      );
    });

    it('it refuses a version number that is there already', () => {
      const key = direct.first();
      expect(() => direct.next(key, 1, { forloeb: null })).to.throw('forloeb_version_is_never_replaced');
    });
  });

  describe('beskeder', () => {
    const modtager = { modtager: '11', modtager_aarsag: 'nuvaerende-akasse', event_date: NU.toISOString() };
    refuses(/CHECK constraint failed/, {
      'an Update for a first version': { besked: { registration_type: 'Update' } },
      'a recipient without the moment of queueing': { besked: { ...modtager, event_date: null } },
      'a moment of queueing without a recipient': { besked: { ...modtager, modtager: null } },
      'a MessageIdentifier that is too short': { besked: { message_identifier: 'x' } },
    });
    refuses(/NOT NULL constraint failed/, {
      'a besked without the reason of its recipient': { besked: { modtager_aarsag: null } },
      'a besked without a MessageIdentifier': { besked: { message_identifier: null } },
    });

    it('it refuses Delete, and a Create for a later version', () => {
      const key = direct.first();
      expect(() => direct.next(key, 2, { besked: { registration_type: 'Delete' } })).to.throw(
        'CHECK constraint failed: registration_type IN',
      );
      expect(() => direct.next(key, 2, { besked: { registration_type: 'Create' } })).to.throw(
        "CHECK constraint failed: (registration_type = 'Create')",
      );
      expect(() => direct.next(key, 2, { besked: modtager })).to.not.throw();
    });

    it('it refuses two beskeder for a version, and a MessageIdentifier that was used before', () => {
      const message_identifier = randomUUID();
      const key = direct.first({ besked: { message_identifier } });
      expect(() => direct.next(key, 1, { forloeb: null, version: null })).to.throw(
        'besked_is_never_replaced',
      );
      expect(() => direct.first({ besked: { message_identifier } })).to.throw('besked_is_never_replaced');
    });

    it('it refuses to remove a besked, or to give it to another version', () => {
      const { forloeb_id } = direct.first();
      expect(() => direct.db.exec('DELETE FROM besked')).to.throw('besked_is_never_deleted');
      expect(() => direct.update('besked', forloeb_id, { version: 2, registration_type: 'Update' })).to.throw(
        'besked_never_says_something_else',
      );
      expect(direct.db.prepare('SELECT count(*) FROM besked').pluck().get()).to.equal(1);
    });
  });

  describe('the audit trail', () => {
    it('it refuses to change or remove an entry', () => {
      direct.audit();
      expect(() => direct.db.exec("UPDATE audit_entry SET system = 'x'")).to.throw(
        'audit_entry_is_never_changed',
      );
      expect(() => direct.db.exec('DELETE FROM audit_entry')).to.throw('audit_entry_is_never_deleted');
    });

    it('it refuses an entry whose outcome and code disagree, or whose outcome is neither', () => {
      const rule = 'CHECK constraint failed';
      expect(() => direct.audit({ udfald: 'afvist' })).to.throw(rule);
      expect(() => direct.audit({ fejlkode: 1014 })).to.throw(rule);
      expect(() => direct.audit({ udfald: 'glemt' })).to.throw(rule);
      expect(() => direct.audit({ udfald: 'afvist', fejlkode: 1014 })).to.not.throw();
    });

    it('it refuses an entry without time or correlation id', () => {
      for (const column of ['tidspunkt', 'correlation_id'])
        expect(() => direct.audit({ [column]: null })).to.throw(
          `NOT NULL constraint failed: audit_entry.${column}`,
        );
    });

    it('it numbers entries upwards, and never uses a number again', () => {
      direct.audit();
      direct.audit();
      const numbers = direct.db.prepare('SELECT seq FROM audit_entry ORDER BY seq').pluck().all();
      expect(numbers).to.deep.equal([1, 2]);
      expect(() => direct.audit({ seq: 2 })).to.throw('audit_entry_is_never_replaced');
    });
  });

  describe('memberships', () => {
    const cases: Record<string, [rule: string, row: Record<string, string | number | null>]> = {
      'of ten zeros': ['length(personnummer)', { personnummer: '0000000000' }],
      'of a personnummer with letters': ['length(personnummer)', { personnummer: '29026100l8' }],
      'of an a-kasse with three digits': ['akasse', { akasse: '067' }],
      'of an a-kasse with letters': ['akasse', { akasse: '6x' }],
      'with a start that is not a date': ['start', { start: '1.1.2020' }],
      'with an end before the start': ['slut', { slut: '2019-12-31' }],
      'with an end that is not a date': ['slut', { slut: 'åben' }],
      'with a date of efterløn that is empty': ['efterloen', { efterloen: '' }],
      'with an exit reason that does not exist': ['afgangsaarsag', { afgangsaarsag: 'X' }],
      'with an exit reason in lower case': ['afgangsaarsag', { afgangsaarsag: 'u' }],
      'that is half recalled': ['tilbagekaldt', { tilbagekaldt: 2 }],
    };
    for (const [what, [rule, row]] of Object.entries(cases))
      it(`it refuses one ${what}`, () => {
        expect(() => direct.medlemskab(), 'the same without the fault').to.not.throw();
        expect(() => direct.medlemskab(row)).to.throw(`CHECK constraint failed: ${rule}`);
      });

    it('it accepts one that ends on its first day, and refuses the same key twice', () => {
      const personnummer = nyBorger();
      direct.medlemskab({ personnummer, slut: '2020-01-01', afgangsaarsag: 'D' });
      expect(() => direct.medlemskab({ personnummer })).to.throw('UNIQUE constraint failed: medlemskab');
    });
  });
});

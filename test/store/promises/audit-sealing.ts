// Promises about seals, and about reading the trail: each entry is sealed once, in batches that follow each other, and
// pages and filters give what was asked for.

import { expect } from 'chai';
import type { FullSeal } from '../../../src/access/audit/seal.ts';
import type { AuditFilter } from '../../../src/store/store.ts';
import { verifyReader } from '../../access/audit/verified.ts';
import { nyBorger } from '../../support/domain-model.ts';
import {
  getQuery,
  kald,
  kompensation,
  NU,
  operatorEntry,
  saveCommand,
} from '../../support/store-fixtures.ts';
import type { CurrentStore } from '../store-promises.ts';

/** A call of that many seconds before the fixtures' instant. */
const ago = (seconds: number, overrides: Parameters<typeof kald>[0] = {}) =>
  kald({ modtaget: new Date(NU.getTime() - seconds * 1000), ...overrides });

export function auditSealingPromises(current: CurrentStore): void {
  const audit = () => current().store.audit;
  const refuseTimes = async (times: number): Promise<void> => {
    await Promise.all(
      Array.from({ length: times }, () => current().store.recordRefusal({ kald: kald(), fejlkode: 1013 })),
    );
  };
  const seals = (after = 0, limit = 100): Promise<readonly FullSeal[]> => audit().seals({ after, limit });

  describe('the seals', () => {
    it('stand for every entry, once and in order, and for nothing twice', async () => {
      for (const times of [3, 0, 1]) {
        await refuseTimes(times);
        await audit().seal();
        await audit().seal(); // nothing to seal: no seal
      }
      await refuseTimes(2);
      expect((await seals()).map(({ entries }) => entries.map(({ seq }) => seq))).to.deep.equal([
        [1, 2, 3],
        [4],
      ]);
      expect(await audit().counters()).to.deep.equal({ entries: 6, seals: 2 });
      expect(await verifyReader(audit())).to.include({ ok: true, entries: 6, unsealed: 2, seals: 2 });
    });

    it('are stamped by the clock, and stand for 500 entries at most', async () => {
      await refuseTimes(1_001);
      await audit().seal();
      const made = await seals();
      expect(made.map(({ entries }) => entries.length)).to.deep.equal([500, 500, 1]);
      for (const { tidspunkt } of made) expect(tidspunkt).to.equal(NU.toISOString());
      expect(await verifyReader(audit())).to.include({ ok: true, unsealed: 0, seals: 3 });
    });

    it('are made beside calls, which are neither refused nor held up by more than a batch', async () => {
      await refuseTimes(3_000);
      const order: string[] = [];
      const sealing = audit()
        .seal()
        .then(() => order.push('sealed'));
      const calls = Array.from({ length: 4 }, () =>
        current()
          .store.save(saveCommand({ Personnummer: nyBorger(), ...kompensation('2026-01-01') }))
          .then(({ ok }) => order.push(ok ? 'saved' : 'refused')),
      );
      await Promise.all([sealing, ...calls]);
      expect(order).to.deep.equal(['saved', 'saved', 'saved', 'saved', 'sealed']);
      expect(await verifyReader(audit())).to.include({ ok: true, entries: 3_004 });
    });

    it('are made once when asked for many times at once, beside calls', async () => {
      await Promise.all(
        Array.from({ length: 30 }, () => [
          audit().seal(),
          current().store.get(getQuery(nyBorger())),
          audit().record(operatorEntry('VisAudit')),
        ]).flat(),
      );
      await audit().seal();
      expect(await verifyReader(audit())).to.include({ ok: true, entries: 60, unsealed: 0 });
    });
  });

  describe('the trail, as it is read,', () => {
    it('comes in pages, of entries and of seals', async () => {
      for (let i = 0; i < 5; i += 1) {
        await refuseTimes(2);
        await audit().seal();
      }
      const seqs = async (after: number, limit: number) =>
        (await audit().entries({ after, limit })).map(({ entry }) => entry.seq);
      expect(await seqs(0, 4)).to.deep.equal([1, 2, 3, 4]);
      expect(await seqs(4, 4)).to.deep.equal([5, 6, 7, 8]);
      expect(await seqs(8, 4)).to.deep.equal([9, 10]);
      expect(await seqs(10, 4)).to.deep.equal([]);
      expect((await seals(1, 3)).map(({ nr }) => nr)).to.deep.equal([2, 3, 4]);
      expect((await seals(5)).map(({ nr }) => nr)).to.deep.equal([]);
    });

    it('comes as it is filtered, by each condition and by all of them together', async () => {
      const [borger, other] = [nyBorger(), nyBorger()];
      const akasse = (OrganisationTypeIdentifier: number, OrganisationCode: string) => ({
        activeOrganisation: { OrganisationTypeIdentifier, OrganisationCode },
      });
      const get = { operation: 'GetTidligPension', personnummer: borger } as const;
      const heads = [
        ago(50, { ...get, ...akasse(2, '67') }),
        ago(40, { ...get, ...akasse(3, '67') }),
        ago(30, { ...get, personnummer: other, ...akasse(2, '67') }),
        ago(20, { personnummer: borger }),
      ];
      for (const head of heads) await current().store.recordRefusal({ kald: head, fejlkode: 1013 });
      await current().store.recordRefusal({ kald: ago(10, akasse(2, '67')), fejlkode: 1014 });
      const found = async (filter: AuditFilter) =>
        (await audit().entries({ after: 0, limit: 100, filter })).map(({ entry }) => entry.seq);
      const at = (seconds: number): string => ago(seconds).modtaget.toISOString();
      expect(await found({})).to.deep.equal([1, 2, 3, 4, 5]);
      expect(await found({ personnummer: borger })).to.deep.equal([1, 2, 4]);
      expect(await found({ organisation: { code: '67' } })).to.deep.equal([1, 2, 3, 5]);
      expect(await found({ organisation: { type: 2, code: '67' } })).to.deep.equal([1, 3, 5]);
      expect(await found({ organisation: { code: '067' } })).to.deep.equal([]);
      expect(await found({ from: at(40) }), 'from is included').to.deep.equal([2, 3, 4, 5]);
      expect(await found({ to: at(40) }), 'to is not').to.deep.equal([1]);
      expect(await found({ equals: { fejlkode: 1014 } })).to.deep.equal([5]);
      expect(await found({ equals: { operation: 'GetTidligPension' } })).to.deep.equal([1, 2, 3]);
      expect(await found({ equals: { correlationId: heads[1]!.correlationId } })).to.deep.equal([2]);
      const all = { personnummer: borger, organisation: { type: 2, code: '67' }, from: at(60), to: at(45) };
      expect(await found({ ...all, equals: { fejlkode: 1013 } })).to.deep.equal([1]);
      expect(await found({ ...all, equals: { fejlkode: 1014 } })).to.deep.equal([]);
    });

    it('has a salt where something is hidden, another each time, and none elsewhere', async () => {
      const borger = nyBorger();
      for (const personnummer of [borger, borger])
        await current().store.recordRefusal({ kald: kald({ personnummer }), fejlkode: 1013 });
      await current().store.recordRefusal({ kald: kald(), fejlkode: 1014 });
      const [a, b, none] = await audit().entries({ after: 0, limit: 3 });
      expect(a!.salt).to.match(/^[0-9a-f]{32}$/);
      expect(b!.salt)
        .to.match(/^[0-9a-f]{32}$/)
        .and.not.equal(a!.salt);
      expect(none).not.to.have.property('salt');
    });
  });
}

// Promises about the refusals that a stranger can cause at will (1101, 1012): each is on disk and can be seen at once,
// and all of one certificate or address, code and minute become one entry.

import { expect } from 'chai';
import type { NewAuditEntry } from '../../../src/access/audit/entry.ts';
import { LIMITS } from '../../../src/contract/limits.ts';
import { IDAG, kald, NU } from '../../support/store-fixtures.ts';
import type { CurrentStore } from '../store-promises.ts';

/** Seconds before the store's clock. The minute of the clock itself is not over; 07:50:00.123 begins it. */
const ago = (seconds: number): Date => new Date(NU.getTime() - seconds * 1000);

type Who = { readonly certificate?: string; readonly adresse?: string };
const A: Who = { certificate: 'aa'.repeat(32) };
const B: Who = { certificate: 'bb'.repeat(32), adresse: '192.0.2.7' };
const C: Who = { adresse: '192.0.2.7' };
const NOBODY: Who = {};

export function auditGatheringPromises(current: CurrentStore): void {
  let asked = 0;
  const refuse = async (fejlkode: 1101 | 1012, modtaget: Date, who: Who): Promise<NewAuditEntry> => {
    asked += 1;
    const correlationId = `call-${asked}`;
    await current().store.recordRefusal({ kald: { modtaget, idag: IDAG, correlationId, ...who }, fejlkode });
    return { tidspunkt: modtaget.toISOString(), correlationId, udfald: 'afvist', fejlkode, ...who };
  };
  const gathering = () => current().store.audit.gathering();

  describe('refusals that are gathered', () => {
    it('can be seen at once, without a number, and are no entries yet', async () => {
      const first = await refuse(1101, NU, C);
      expect(await gathering()).to.deep.equal([first]);
      await refuse(1101, NU, C);
      expect(await gathering()).to.deep.equal([{ ...first, antal: 2 }]);
      expect(await current().entries()).to.deep.equal([]);
      expect(await current().store.audit.counters()).to.deep.equal({ entries: 0, seals: 0 });
    });

    it('are counted by certificate, or else address, by code and by the minute in which they were received', async () => {
      const minute = new Date('2026-11-22T07:49:00.000Z');
      const [justBefore, end] = [new Date(minute.getTime() - 1), new Date(minute.getTime() + 59_999)];
      const earlier = await refuse(1012, justBefore, A);
      const kinds = [
        await refuse(1012, minute, A),
        await refuse(1101, minute, A),
        await refuse(1012, minute, B),
        await refuse(1012, minute, C),
        await refuse(1012, minute, NOBODY),
      ];
      for (let i = 0; i < 3; i += 1) {
        for (const { fejlkode, certificate, adresse } of kinds) {
          const who = { ...(certificate && { certificate }), ...(adresse && { adresse }) };
          await refuse(fejlkode as 1101 | 1012, end, who);
        }
      }
      const later = await refuse(1012, new Date(end.getTime() + 1), A);
      await current().store.audit.seal();
      const counted = [earlier, ...kinds.map((kind) => ({ ...kind, antal: 4 }))];
      expect(await current().entries()).to.have.deep.members(counted);
      expect(await gathering()).to.deep.equal([later]);
    });

    it('become one entry when their minute is over, and only once', async () => {
      const over = await refuse(1012, ago(60), A);
      await refuse(1012, ago(30), A);
      const still = await refuse(1012, NU, A);
      await current().store.audit.seal();
      await current().store.audit.seal();
      expect(await current().entries()).to.deep.equal([{ ...over, antal: 2 }]);
      expect(await gathering()).to.deep.equal([still]);
    });

    it('stand in the order of their minutes, and behind what came before they became entries', async () => {
      const [second, first] = [await refuse(1012, ago(120), A), await refuse(1012, ago(600), B)];
      const between = kald();
      await current().store.recordRefusal({ kald: between, fejlkode: 1013 });
      await current().store.audit.seal();
      expect((await current().entries()).map(({ correlationId }) => correlationId)).to.deep.equal([
        between.correlationId,
        first.correlationId,
        second.correlationId,
      ]);
    });

    it('are no other ones: 1014 and 1013 have an entry each at once', async () => {
      for (const fejlkode of [1014, 1014, 1013, 1013] as const)
        await current().store.recordRefusal({ kald: kald(A), fejlkode });
      expect(await gathering()).to.deep.equal([]);
      expect(await current().entries()).to.have.length(4);
    });

    it(`are told apart up to ${LIMITS.maxGathered} in a minute; the rest is one entry that names nobody`, async () => {
      const stranger = (n: number): Who => ({ certificate: n.toString(16).padStart(64, '0') });
      for (let n = 1; n <= LIMITS.maxGathered + 3; n += 1) await refuse(1012, ago(60), stranger(n));
      await refuse(1012, ago(60), stranger(1));
      await refuse(1101, ago(60), C);
      await current().store.audit.seal();
      const entries = await current().entries();
      expect(entries).to.have.length(LIMITS.maxGathered + 2);
      const named = entries.filter(({ certificate }) => certificate !== undefined);
      expect(named.map(({ antal }) => antal ?? 1)).to.deep.equal([
        2,
        ...Array(LIMITS.maxGathered - 1).fill(1),
      ]);
      const [rest] = entries.filter(
        ({ certificate, adresse }) => certificate === undefined && adresse === undefined,
      );
      expect([rest!.fejlkode, rest!.antal]).to.deep.equal([1012, 3]);
      expect(entries.filter(({ fejlkode }) => fejlkode === 1101)).to.have.length(1);
    });

    it('are all counted when they come at once', async () => {
      await Promise.all(Array.from({ length: 200 }, (_, i) => refuse(1012, ago(60), i % 2 === 0 ? A : C)));
      expect((await gathering()).map(({ antal }) => antal)).to.deep.equal([100, 100]);
    });
  });
}

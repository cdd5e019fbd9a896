// Promises about the outbox: one besked for each version, told apart, each with its recipient or why there is none.

import { expect } from 'chai';
import { nyBorger } from '../../support/domain-model.ts';
import {
  importMedlemskaber,
  kald,
  kompensation,
  medlemskabLinje,
  NU,
  overgang,
  saveCommand,
} from '../../support/store-fixtures.ts';
import type { CurrentStore } from '../store-promises.ts';

export function beskedPromises(current: CurrentStore): void {
  describe('the outbox', () => {
    it('has one besked for each version: Create, then Update, also for annulment and for no change', async () => {
      const borger = nyBorger();
      const first = saveCommand({ Personnummer: borger, ...overgang('2026-01-01') });
      const id = { Personnummer: borger, TidligPensionIdentifier: first.nytId };
      const commands = [
        first,
        saveCommand({ ...id, ...overgang('2026-01-01') }),
        saveCommand(id),
        saveCommand({ ...id, ...kompensation('2026-01-01') }),
      ];
      for (const command of commands) await current().store.save(command);
      expect(await current().beskeder()).to.deep.equal(
        commands.map(({ messageIdentifier }, i) => ({
          messageIdentifier,
          forloebId: first.nytId,
          version: i + 1,
          personnummer: borger,
          registrationType: i === 0 ? 'Create' : 'Update',
          modtager: null,
          modtagerAarsag: 'intet-medlemskab',
          eventDate: null,
        })),
      );
    });

    it('has distinct MessageIdentifiers: one that was used before refuses the whole Save', async () => {
      const borger = nyBorger();
      const first = saveCommand({ Personnummer: borger, ...kompensation('2026-01-01') });
      await current().store.save(first);
      const before = [await current().standing(), await current().versions(), await current().entries()];
      let failed = false;
      try {
        await current().store.save(
          saveCommand(
            { Personnummer: borger, ...overgang('2026-01-01') },
            { messageIdentifier: first.messageIdentifier },
          ),
        );
      } catch {
        failed = true;
      }
      expect(failed).to.equal(true);
      expect([
        await current().standing(),
        await current().versions(),
        await current().entries(),
      ]).to.deep.equal(before);
    });

    const cases = {
      'the current a-kasse': {
        linjer: [['11', '2020-01-01', {}]],
        modtager: '11',
        aarsag: 'nuvaerende-akasse',
      },
      'the successor of the current a-kasse': {
        linjer: [['31', '2020-01-01', {}]],
        modtager: '67',
        aarsag: 'nuvaerende-akasse',
      },
      'the latest previous a-kasse, with efterløn': {
        linjer: [
          ['11', '2015-01-01', { efterloen: '2018-01-01' }],
          ['22', '2019-01-01', { slut: '2025-12-31', efterloen: '2027-01-01' }],
        ],
        modtager: '22',
        aarsag: 'seneste-akasse-med-efterloen',
      },
      'nobody yet: the latest previous one has no efterløn': {
        linjer: [['22', '2019-01-01', { slut: '2025-12-31', afgangsaarsag: 'U' }]],
        modtager: null,
        aarsag: 'seneste-akasse-uden-efterloen',
      },
      'nobody yet: the only membership is recalled': {
        linjer: [['22', '2019-01-01', { tilbagekaldt: true }]],
        modtager: null,
        aarsag: 'intet-medlemskab',
      },
    } as const;
    for (const [who, { linjer, modtager, aarsag }] of Object.entries(cases))
      it(`sends to ${who}; the audit entry says the same`, async () => {
        const borger = nyBorger();
        await importMedlemskaber(current().store, {
          linjer: linjer.map(([akasse, start, rest], i) =>
            medlemskabLinje(i + 2, borger, akasse, start, rest),
          ),
          hele: false,
        });
        const command = saveCommand({ Personnummer: borger, ...kompensation('2026-01-01') });
        await current().store.save({
          ...command,
          afloesere: { 31: '67' } as unknown as typeof command.afloesere,
        });
        const [besked] = await current().beskeder();
        expect(besked).to.deep.include({
          modtager,
          modtagerAarsag: aarsag,
          eventDate: modtager === null ? null : NU.toISOString(),
        });
        const { modtager: told, modtagerAarsag } = (await current().entries()).at(-1)!;
        expect([told ?? null, modtagerAarsag]).to.deep.equal([modtager, aarsag]);
      });

    it('decides the recipient by the day of the call', async () => {
      const borger = nyBorger();
      const linjer = [
        medlemskabLinje(2, borger, '11', '2020-01-01'),
        medlemskabLinje(3, borger, '22', '2026-11-23'),
      ];
      await importMedlemskaber(current().store, { linjer, hele: false });
      const tomorrow = kald({ idag: '2026-11-23' as ReturnType<typeof kald>['idag'] });
      for (const head of [kald(), tomorrow])
        await current().store.save(
          saveCommand({ Personnummer: borger, ...kompensation('2026-01-01') }, { kald: head }),
        );
      expect((await current().beskeder()).map(({ modtager }) => modtager)).to.deep.equal(['11', '22']);
    });
  });
}

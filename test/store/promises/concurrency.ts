// Promises about calls that come at once: no two forløb of a citizen overlap, and every clash has one winner.

import { expect } from 'chai';
import fc from 'fast-check';
import type { Dato } from '../../../src/domain/dato.ts';
import { systemPorts } from '../../../src/domain/ports.ts';
import type { SaveCommand } from '../../../src/store/store.ts';
import { anyPeriode, itRandomly } from '../../domain/random.ts';
import { daysOf, nyBorger, shareADay, windowDay } from '../../support/domain-model.ts';
import {
  getQuery,
  importMedlemskaber,
  kompensation,
  overgang,
  saveCommand,
} from '../../support/store-fixtures.ts';
import type { CurrentStore } from '../store-promises.ts';

const CLIENTS = 32;

export function concurrencyPromises(current: CurrentStore): void {
  const saveAll = async (commands: readonly SaveCommand[]) => {
    const saved = await Promise.all(commands.map((command) => current().store.save(command)));
    return saved.map((result) => (result.ok ? result.value : result.fejl.kode));
  };
  const winners = <T>(results: readonly (T | number)[]): T[] =>
    results.filter((result): result is T => typeof result !== 'number');

  describe('saves that come at once', () => {
    it('for the same days of one citizen have one winner; the others get 9434', async () => {
      const Personnummer = nyBorger();
      const results = await saveAll(
        Array.from({ length: CLIENTS }, () => saveCommand({ Personnummer, ...overgang('2026-01-01') })),
      );
      expect(winners(results)).to.have.length(1);
      expect(results.filter((result) => result === 9434)).to.have.length(CLIENTS - 1);
    });

    it('for the same days of different citizens are all accepted', async () => {
      const results = await saveAll(
        Array.from({ length: CLIENTS }, () =>
          saveCommand({ Personnummer: nyBorger(), ...overgang('2026-01-01') }),
        ),
      );
      expect(winners(results)).to.have.length(CLIENTS);
    });

    it('for one new identifier are one Create and then Updates, a version each', async () => {
      const [Personnummer, TidligPensionIdentifier] = [nyBorger(), systemPorts.newForloebId()];
      const results = winners(
        await saveAll(
          Array.from({ length: CLIENTS }, (_, i) =>
            saveCommand({ Personnummer, TidligPensionIdentifier, ...overgang(windowDay(i)) }),
          ),
        ),
      );
      expect(results.map(({ version }) => version).sort((a, b) => a - b)).to.deep.equal(
        Array.from({ length: CLIENTS }, (_, i) => i + 1),
      );
      for (const { version, registrationType, nr } of results)
        expect([registrationType, nr]).to.deep.equal([version === 1 ? 'Create' : 'Update', 1]);
      expect(await current().beskeder()).to.have.length(CLIENTS);
    });

    it('for one new identifier of two citizens leave it to one of them; the other gets 1014 each time', async () => {
      const [a, b, TidligPensionIdentifier] = [nyBorger(), nyBorger(), systemPorts.newForloebId()];
      const results = await saveAll(
        Array.from({ length: CLIENTS }, (_, i) =>
          saveCommand({
            Personnummer: i % 2 === 0 ? a : b,
            TidligPensionIdentifier,
            ...kompensation('2026-01-01'),
          }),
        ),
      );
      const owners = new Set(winners(results).map(({ personnummer }) => personnummer));
      expect(owners.size).to.equal(1);
      expect(results.filter((result) => result === 1014)).to.have.length(CLIENTS / 2);
    });

    it('beside reads and imports are all answered, and each has its entry', async () => {
      const Personnummer = nyBorger();
      const calls = Array.from({ length: CLIENTS }, () => [
        current().store.save(saveCommand({ Personnummer, ...kompensation('2026-01-01') })),
        current().store.get(getQuery(Personnummer)),
        importMedlemskaber(current().store, {
          linjer: [
            {
              linje: 2,
              personnummer: Personnummer,
              akasse: '11',
              start: '2020-01-01' as Dato,
              tilbagekaldt: false,
            },
          ] as never,
          hele: false,
        }),
      ]).flat();
      for (const result of await Promise.all(calls)) expect(result.ok).to.equal(true);
      expect(await current().entries()).to.have.length(3 * CLIENTS);
    });

    itRandomly(
      'never overlap, and each that is refused is in the way of one that was accepted',
      fc.asyncProperty(fc.array(anyPeriode, { minLength: 2, maxLength: 12 }), async (perioder) => {
        const Personnummer = nyBorger();
        const results = await saveAll(
          perioder.map(({ start, slut }) =>
            saveCommand({
              Personnummer,
              ...overgang(windowDay(start), slut === undefined ? undefined : windowDay(slut)),
            }),
          ),
        );
        const days = perioder.map(daysOf);
        const accepted = days.filter((_, i) => typeof results[i] !== 'number');
        for (const [i, a] of accepted.entries())
          for (const b of accepted.slice(i + 1)) expect(shareADay(a, b), 'two overlap').to.equal(false);
        for (const [i, result] of results.entries()) {
          if (typeof result !== 'number') continue;
          expect(result).to.equal(9434);
          expect(
            accepted.some((other) => shareADay(other, days[i]!)),
            'refused for nothing',
          ).to.equal(true);
        }
      }),
      60,
    );
  });
}

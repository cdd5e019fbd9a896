// Promises about refusals: the right code, and nothing changed but the audit trail.

import { expect } from 'chai';
import type { SaveTidligPensionRequest } from '../../../src/contract/messages.ts';
import { type ForloebId, forloebId } from '../../../src/domain/forloeb.ts';
import type { Personnummer } from '../../../src/domain/personnummer.ts';
import { systemPorts } from '../../../src/domain/ports.ts';
import { nyBorger } from '../../support/domain-model.ts';
import { kompensation, overgang, saveCommand } from '../../support/store-fixtures.ts';
import type { CurrentStore } from '../store-promises.ts';

interface Situation {
  readonly borger: Personnummer;
  readonly anden: Personnummer;
  /** A forløb of `borger` over the first half of 2026. */
  readonly forloeb: ForloebId;
  /** A forløb of `anden`. */
  readonly fremmed: ForloebId;
}

export function refusalPromises(current: CurrentStore): void {
  describe('a refused Save', () => {
    let situation: Situation;
    beforeEach(async () => {
      const [borger, anden] = [nyBorger(), nyBorger()];
      const own = saveCommand({ Personnummer: borger, ...overgang('2026-01-01', '2026-06-30') });
      const other = saveCommand({ Personnummer: anden, ...kompensation('2026-01-01') });
      for (const command of [own, other])
        expect((await current().store.save(command)).ok, 'the situation').to.equal(true);
      situation = { borger, anden, forloeb: own.nytId, fremmed: other.nytId };
    });

    const cases: [what: string, code: number, says: (s: Situation) => Partial<SaveTidligPensionRequest>][] = [
      ['the identifier of another citizen', 1014, (s) => ({ TidligPensionIdentifier: s.fremmed })],
      [
        'that identifier in upper case, and good dates',
        1014,
        (s) => ({ TidligPensionIdentifier: s.fremmed.toUpperCase(), ...overgang('2027-01-01') }),
      ],
      ['a first write with neither block', 1014, () => ({})],
      [
        'a first write with neither block and a new identifier',
        1014,
        () => ({ TidligPensionIdentifier: systemPorts.newForloebId() }),
      ],
      ['the end before the start', 4636, () => overgang('2026-02-01', '2026-01-31')],
      [
        'the end before the start in a later write',
        4636,
        (s) => ({ TidligPensionIdentifier: s.forloeb, ...overgang('2026-02-01', '2026-01-31') }),
      ],
      ['a day that is taken', 9434, () => overgang('2026-06-30')],
    ];
    for (const [what, code, says] of cases)
      it(`(${code}: ${what}) leaves forløb, versions and beskeder as they were`, async () => {
        const look = async () => [
          await current().standing(),
          await current().versions(),
          await current().beskeder(),
        ];
        const before = await look();
        const saved = await current().store.save(
          saveCommand({ Personnummer: situation.borger, ...says(situation) }),
        );
        expect(saved.ok ? 'accepted' : saved.fejl.kode).to.equal(code);
        expect(await look()).to.deep.equal(before);
      });

    it('may be followed by an accepted one at once: nothing of it is in the way', async () => {
      const { borger } = situation;
      const id = forloebId(systemPorts.newForloebId());
      const message = { Personnummer: borger, TidligPensionIdentifier: id };
      expect(
        (await current().store.save(saveCommand({ ...message, ...overgang('2026-06-30') }))).ok,
      ).to.equal(false);
      const saved = await current().store.save(saveCommand({ ...message, ...overgang('2026-07-01') }));
      expect(saved.ok && saved.value).to.deep.include({ forloebId: id, nr: 2, version: 1 });
    });

    it('for a taken day names the forløb that has it, and its period', async () => {
      const saved = await current().store.save(
        saveCommand({ Personnummer: situation.borger, ...overgang('2026-06-30') }),
      );
      expect(!saved.ok && saved.fejl.message)
        .to.include(situation.forloeb)
        .and.include('2026-01-01 til 2026-06-30');
    });
  });
}

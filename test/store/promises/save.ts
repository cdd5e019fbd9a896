// Promises about Save: what is answered is kept, in every field and every version.

import { expect } from 'chai';
import { systemPorts } from '../../../src/domain/ports.ts';
import { nyBorger } from '../../support/domain-model.ts';
import { getQuery, kald, kompensation, NU, overgang, saveCommand } from '../../support/store-fixtures.ts';
import type { CurrentStore } from '../store-promises.ts';
import { shown } from './shown.ts';

const WHOLE = { ...overgang('2026-01-01', '2026-06-30', '2025-11-01'), ...kompensation('2025-11-02') };

export function savePromises(current: CurrentStore): void {
  describe('an accepted Save', () => {
    const states = {
      'both blocks': WHOLE,
      'no ophørsdato': overgang('2026-01-01'),
      'ophørsdato on the first day': overgang('2026-01-01', '2026-01-01'),
      'kompensation alone': kompensation('2025-11-02'),
      'the first and the last day there are': overgang('0001-01-02', '9999-12-31', '9999-12-31'),
    };
    for (const [what, state] of Object.entries(states))
      it(`is read back in every field: ${what}`, async () => {
        const { store } = current();
        const personnummer = nyBorger();
        const command = saveCommand({ Personnummer: personnummer, ...state });
        const saved = await store.save(command);
        expect(saved.ok && saved.value).to.deep.include({
          personnummer,
          forloebId: command.nytId,
          nr: 1,
          version: 1,
          registrationType: 'Create',
        });
        expect(await shown(current(), personnummer)).to.deep.equal([
          { TidligPensionIdentifier: command.nytId, ...state },
        ]);
      });

    it('answers with a GUID that is written in lower case, whatever case it came in', async () => {
      const id = systemPorts.newForloebId();
      const Personnummer = nyBorger();
      for (const written of [id.toUpperCase(), id, id.toUpperCase()]) {
        const saved = await current().store.save(
          saveCommand({ Personnummer, TidligPensionIdentifier: written, ...WHOLE }),
        );
        expect(saved.ok && saved.value.forloebId).to.equal(id);
      }
      const read = await current().store.get(
        getQuery(saveCommand({ Personnummer }).indberetning.personnummer),
      );
      expect(read.ok && read.value.map(({ forloebId, version }) => [forloebId, version])).to.deep.equal([
        [id, 3],
      ]);
    });

    it('overwrites everything and keeps what it overwrites: every version is there for ever', async () => {
      const personnummer = nyBorger();
      const first = saveCommand({ Personnummer: personnummer, ...WHOLE });
      const id = { Personnummer: personnummer, TidligPensionIdentifier: first.nytId };
      const commands = [
        first,
        saveCommand({ ...id, ...overgang('2026-02-01') }),
        saveCommand({ ...id, ...kompensation('2026-03-01') }),
        saveCommand(id),
        saveCommand({ ...id, ...WHOLE }, { kald: kald({ modtaget: new Date('2026-11-23T00:00:00.000Z') }) }),
      ];
      for (const command of commands) expect((await current().store.save(command)).ok).to.equal(true);
      expect(await current().versions()).to.deep.equal(
        commands.map(({ kald: head, indberetning }, i) => ({
          forloebId: first.nytId,
          version: i + 1,
          personnummer,
          indberettet: head.modtaget.toISOString(),
          correlationId: head.correlationId,
          overgangsdato: indberetning.overgang?.overgangsdato ?? null,
          afgoerelsesdato: indberetning.overgang?.afgoerelsesdato ?? null,
          ophoersdato: indberetning.overgang?.ophoersdato ?? null,
          kompensationsafgoerelsesdato: indberetning.kompensation?.afgoerelsesdato ?? null,
          requestUserMetadata: head.requestUserMetadata,
        })),
      );
      expect(await shown(current(), personnummer)).to.deep.equal([
        { TidligPensionIdentifier: first.nytId, ...WHOLE },
      ]);
    });

    it('that annuls leaves the identifier alone to be shown', async () => {
      const personnummer = nyBorger();
      const first = saveCommand({ Personnummer: personnummer, ...WHOLE });
      await current().store.save(first);
      await current().store.save(
        saveCommand({ Personnummer: personnummer, TidligPensionIdentifier: first.nytId }),
      );
      expect(await shown(current(), personnummer)).to.deep.equal([{ TidligPensionIdentifier: first.nytId }]);
    });

    it('numbers the forløb of a citizen from 1, and each citizen for itself', async () => {
      const [a, b] = [nyBorger(), nyBorger()];
      const numbers: unknown[] = [];
      for (const personnummer of [a, b, a, a, b]) {
        const saved = await current().store.save(
          saveCommand({ Personnummer: personnummer, ...kompensation('2026-01-01') }),
        );
        numbers.push(saved.ok && saved.value.nr);
      }
      expect(numbers).to.deep.equal([1, 1, 2, 3, 2]);
    });

    it('keeps the moment of the call to the millisecond, and the head of it as it was sent', async () => {
      const personnummer = nyBorger();
      const command = saveCommand({ Personnummer: personnummer, ...WHOLE });
      await current().store.save(command);
      const [version] = await current().versions();
      expect(version!.indberettet).to.equal(NU.toISOString());
      expect(version!.requestUserMetadata).to.deep.equal(command.kald.requestUserMetadata);
    });
  });
}

// The promise behind all others: after any sequence of commands the store holds what the naive model holds.

import { expect } from 'chai';
import fc from 'fast-check';
import { anySequence, itRandomly } from '../../domain/random.ts';
import { ModelRegister, type ModelUdfald } from '../../support/domain-model.ts';
import { messageOf, type StoreUnderTest, saveCommand } from '../../support/store-fixtures.ts';
import type { CurrentStore } from '../store-promises.ts';
import { shown } from './shown.ts';

export function modelPromises(current: CurrentStore): void {
  describe('a store after a random sequence of indberetninger', () => {
    itRandomly(
      'holds what the model holds: answers, what Get shows, versions, beskeder and the trail',
      fc.asyncProperty(anySequence, async (sequence) => {
        const model = new ModelRegister();
        const before = await lengths(current());
        const expected: { udfald: ModelUdfald; messageIdentifier: string; borger: number }[] = [];
        for (const sagt of sequence) {
          const command = saveCommand(messageOf(model, sagt));
          const saved = await current().store.save(command);
          const udfald = model.indberet(sagt, command.nytId);
          expected.push({ udfald, messageIdentifier: command.messageIdentifier, borger: sagt.borger });
          if ('kode' in udfald) {
            expect(saved.ok ? 'accepted' : saved.fejl.kode).to.equal(udfald.kode);
            if (udfald.clash && !saved.ok) expect(saved.fejl.message).to.include(udfald.clash);
            continue;
          }
          if (!saved.ok) expect.fail(`refused with ${saved.fejl.kode}`);
          const { forloebId: guid, nr, version, registrationType } = saved.value;
          expect({ guid, nr, version, registrationType }).to.deep.equal(udfald);
        }
        for (const borger of [0, 1])
          expect(await shown(current(), model.personnumre[borger]!)).to.deep.equal(
            model.ofBorger(borger).map(({ guid, versions }) => {
              const { Personnummer: _, ...state } = messageOf(model, versions.at(-1)!);
              return { ...state, TidligPensionIdentifier: guid };
            }),
          );
        await expectKept(current(), before, model, expected);
      }),
      40,
    );
  });
}

const lengths = async (store: StoreUnderTest) => ({
  versions: (await store.versions()).length,
  beskeder: (await store.beskeder()).length,
  entries: (await store.entries()).length,
});

/** One version, one besked and one entry for each accepted command; one entry for each refused one. */
async function expectKept(
  store: StoreUnderTest,
  before: Awaited<ReturnType<typeof lengths>>,
  model: ModelRegister,
  expected: readonly { udfald: ModelUdfald; messageIdentifier: string; borger: number }[],
): Promise<void> {
  const accepted = expected.flatMap(({ udfald, messageIdentifier, borger }) =>
    'kode' in udfald ? [] : [{ ...udfald, messageIdentifier, personnummer: model.personnumre[borger]! }],
  );
  const versions = (await store.versions()).slice(before.versions);
  expect(
    versions.map(({ forloebId, version, personnummer }) => [forloebId, version, personnummer]),
  ).to.deep.equal(accepted.map(({ guid, version, personnummer }) => [guid, version, personnummer]));
  const beskeder = (await store.beskeder()).slice(before.beskeder);
  expect(
    beskeder.map((b) => [b.messageIdentifier, b.forloebId, b.version, b.personnummer, b.registrationType]),
  ).to.deep.equal(
    accepted.map((a) => [a.messageIdentifier, a.guid, a.version, a.personnummer, a.registrationType]),
  );
  const entries = (await store.entries()).slice(before.entries, before.entries + expected.length);
  expect(
    entries.map(({ fejlkode, forloebId, version, personnummer }) => [
      fejlkode,
      forloebId,
      version,
      personnummer,
    ]),
  ).to.deep.equal(
    expected.map(({ udfald, borger }) => {
      const personnummer = model.personnumre[borger]!;
      return 'kode' in udfald
        ? [udfald.kode, undefined, undefined, personnummer]
        : [undefined, udfald.guid, udfald.version, personnummer];
    }),
  );
}

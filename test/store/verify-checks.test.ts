// The checks of a store on rows that no database of ours would hold: they are the same for every database.

import { expect } from 'chai';
import type { Dato } from '../../src/domain/dato.ts';
import type {
  KeptBesked,
  KeptForloeb,
  KeptHold,
  KeptSequence,
  KeptVersion,
  StoreRows,
} from '../../src/store/verify/rows.ts';
import { verifyStore } from '../../src/store/verify-store.ts';

const guid = (nr: number): string => `0a1b2c3d-0000-4000-8000-${String(nr).padStart(12, '0')}`;

async function* listed<T>(rows: readonly T[]): AsyncGenerator<T> {
  yield* rows;
}

interface Lists {
  readonly forloeb?: readonly KeptForloeb[];
  readonly versions?: readonly KeptVersion[];
  readonly beskeder?: readonly KeptBesked[];
  readonly identifiers?: readonly { identifier: string; beskedNr: number }[];
  readonly sequences?: readonly KeptSequence[];
  readonly holds?: readonly KeptHold[];
}

/** A store of nothing but those rows. */
const rowsOf = (lists: Lists): StoreRows => ({
  damage: () => listed<string>([]),
  schemaDifferences: () => listed<string>([]),
  forloeb: () => listed(lists.forloeb ?? []),
  forloebByBorger: () => listed(lists.forloeb ?? []),
  versions: () => listed(lists.versions ?? []),
  beskeder: () => listed(lists.beskeder ?? []),
  decisions: () => listed([]),
  identifiers: () => listed(lists.identifiers ?? []),
  sequences: () => listed(lists.sequences ?? []),
  holds: () => listed(lists.holds ?? []),
  deliveries: () => listed([]),
  trail: {
    entries: () => listed([]),
    seals: () => listed([]),
    counters: async () => ({ entries: 0, seals: 0 }),
  },
  contents: async () => ({ schema: '', forloeb: 0, versions: 0, beskeder: 0, medlemskaber: 0, entries: 0 }),
  close: async () => undefined,
});

async function found(id: string, lists: Lists): Promise<readonly string[]> {
  for await (const check of verifyStore(rowsOf(lists))) if (check.id === id) return check.violations;
  return expect.fail(`there is no check ${id}`);
}

const state = {
  overgangsdato: null,
  afgoerelsesdato: null,
  ophoersdato: null,
  kompensationsafgoerelsesdato: null,
};
/** The first version of a forløb. */
const FIRST: KeptVersion = {
  ...state,
  forloebId: guid(1),
  version: 1,
  personnummer: '2902610001',
  correlationId: '',
  indberettet: '2026-11-22T07:50:00.123Z',
  requestUserMetadata: '{}',
};
const besked = (beskedNr: number, version: number, rest: Partial<KeptBesked> = {}): KeptBesked => ({
  beskedNr,
  messageIdentifier: guid(900 + beskedNr),
  forloebId: guid(1),
  version,
  personnummer: '2902610001',
  registrationType: version === 1 ? 'Create' : 'Update',
  modtager: '22',
  aarsag: 'nuvaerende-akasse',
  eventDate: '2026-11-22T07:50:00.123Z',
  delivered: null,
  deliveredIn: null,
  ...rest,
});
const sequence = (nr: number, rest: Partial<KeptSequence> = {}): KeptSequence => ({
  sequenceNr: nr,
  identifier: guid(100 + nr),
  akasse: '22',
  state: 'open',
  koder: '["22"]',
  antal: 1,
  ...rest,
});
const hold = (sequenceNr: number, beskedNr: number): KeptHold => ({
  sequenceNr,
  beskedNr,
  deliveredIn: null,
  modtager: '22',
});

describe('the checks of a store', () => {
  it('find nothing in an empty one', async () => {
    for await (const { ok, violations } of verifyStore(rowsOf({})))
      expect(ok, String(violations)).to.equal(true);
  });

  it('find two open sequences of an a-kasse, and a besked in two', async () => {
    const lists = { sequences: [sequence(1), sequence(2)], holds: [hold(1, 7), hold(2, 7)] };
    expect(await found('I4', lists)).to.deep.equal([
      `sequence ${guid(102)}: sequence ${guid(101)} of the same a-kasse is open too`,
      `sequence ${guid(102)}: besked 7 is in sequence ${guid(101)} too, which is open`,
    ]);
    const merged = [sequence(1), sequence(2, { akasse: '67', koder: '["67","22"]' })];
    expect(await found('I4', { sequences: merged, holds: [hold(1, 7), hold(2, 8)] })).to.deep.equal([]);
  });

  it('find an identifier that two forløb have', async () => {
    const decision = { ...state, kompensationsafgoerelsesdato: '2026-01-01' as Dato };
    const one = { ...decision, forloebId: guid(1), personnummer: '2902610001', nr: 1, version: 1 };
    const versions = [{ ...FIRST, ...decision }];
    expect(await found('I1', { forloeb: [one], versions })).to.deep.equal([]);
    const both = [one, { ...one, personnummer: '2902610002' }];
    expect(await found('I1', { forloeb: both, versions })).to.deep.equal([
      `forløb ${guid(1)}: 2 forløb have this identifier`,
    ]);
  });

  it('find a sequence whose codes cannot be read', async () => {
    const of67 = sequence(1, { akasse: '67', koder: 'not JSON' });
    expect(await found('I4', { sequences: [of67], holds: [hold(1, 7)] })).to.deep.equal([
      `sequence ${guid(101)}: it holds besked 7, which is not for its a-kasse`,
    ]);
  });

  it('find a later version that was delivered before an earlier one, to one a-kasse only', async () => {
    const late = (modtager: string) => [
      besked(1, 1),
      besked(2, 2, { modtager, delivered: '2026-11-22T08:00:00.000Z', deliveredIn: 5 }),
    ];
    expect(await found('I5', { beskeder: late('22') })).to.deep.equal([
      'besked 2: it was delivered before besked 1, which is of an earlier version of its forløb',
    ]);
    expect(await found('I5', { beskeder: late('67') })).to.deep.equal([]);
  });

  it('find a MessageIdentifier that is there twice, and a version with two beskeder', async () => {
    const identifiers = [1, 2].map((beskedNr) => ({ identifier: guid(9), beskedNr }));
    expect(await found('I2', { identifiers })).to.deep.equal([
      'besked 2: it has the MessageIdentifier of besked 1',
    ]);
    expect(await found('I2', { versions: [FIRST], beskeder: [besked(1, 1), besked(2, 1)] })).to.deep.equal([
      `forløb ${guid(1)} version 1: it has 2 beskeder`,
    ]);
  });

  it('find a besked of the wrong type, and one with a recipient but no time of queueing', async () => {
    const wrong = besked(1, 1, { registrationType: 'Update', eventDate: null });
    expect(await found('I2', { versions: [FIRST], beskeder: [wrong] })).to.deep.equal([
      `besked 1 of forløb ${guid(1)} version 1: its registration type is not that of its version`,
      `besked 1 of forløb ${guid(1)} version 1: only one of recipient and time of queueing is there`,
    ]);
  });

  it('say nothing that could be a personnummer of what should be an identifier', async () => {
    const forloeb = { ...state, forloebId: 'of 290261-0001', personnummer: '2902610001', nr: 1, version: 1 };
    expect(await found('I1', { forloeb: [forloeb] })).to.deep.equal([
      'forløb "of **********" (not a GUID): it has no version',
    ]);
  });
});

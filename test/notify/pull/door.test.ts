// The pull door: what it asks of the store, and what it makes of the answer.

import { expect } from 'chai';
import { fejl } from '../../../src/contract/fejlkatalog.ts';
import type { Besked } from '../../../src/domain/besked.ts';
import { forloebId } from '../../../src/domain/forloeb.ts';
import type { AkasseKode } from '../../../src/domain/medlemskab.ts';
import type { Personnummer } from '../../../src/domain/personnummer.ts';
import { makePullDoor, type PullDoor } from '../../../src/notify/pull/door.ts';
import type { Sequences } from '../../../src/store/outbox.ts';
import { metadataOf, UDK } from '../../support/envelopes.ts';
import { kald } from '../../support/store-fixtures.ts';

const IDENTIFIER = '5e90c7d1-2f3b-4a68-8c0e-d14b7a96f325';
const CALL = {
  kald: kald({ operation: 'CreateSequence' }),
  koe: { akasse: '67' as AkasseKode, koder: ['67', '31'] as AkasseKode[] },
};
const REFUSAL = { ok: false, fejl: fejl(1014, 'no') } as const;
const besked = (nr: number): Besked => ({
  messageIdentifier: `b81e2a57-4c0d-47f9-9e13-6a5d2c8f7b0${nr}`,
  eventDate: new Date('2026-07-01T10:00:00Z'),
  requestUserMetadata: metadataOf(UDK),
  registrationType: 'Create',
  version: 1,
  personnummer: '2902610001' as Personnummer,
  forloebId: forloebId(IDENTIFIER),
});

/** A door on a store that gives these answers; what it was asked stands in `asked`. */
function doorOn(answers: Partial<Sequences>): { door: PullDoor; asked: object[] } {
  const asked: object[] = [];
  const answer = (name: 'create' | 'fetch' | 'end') => (command: object) => {
    asked.push({ [name]: command });
    return (answers[name] as (command: object) => Promise<never>)(command);
  };
  const sequences = {
    create: answer('create'),
    fetch: answer('fetch'),
    end: answer('end'),
    rollBackIdle: async () => [],
  };
  const door = makePullDoor({
    sequences,
    ports: { newId: () => IDENTIFIER },
    idleMinutes: 60,
    messageEndpoint: () => 'https://pension.example/svc',
  });
  return { door, asked };
}

describe('the pull door', () => {
  it('opens a sequence by a name it makes, and answers with one item for all that it holds', async () => {
    const { door, asked } = doorOn({ create: async () => ({ ok: true, value: { antal: 3 } }) });
    expect(await door.create(CALL)).to.deep.equal({
      ok: true,
      value: {
        Identifier: IDENTIFIER,
        ServiceInventoryCollection: {
          ServiceItem: [
            {
              ServiceName: 'GetTidligPensionVersion1',
              ServiceEndpoint: 'https://pension.example/svc',
              MessageCount: 3,
            },
          ],
        },
      },
    });
    expect(asked).to.deep.equal([{ create: { ...CALL, identifier: IDENTIFIER, idleMinutes: 60 } }]);
  });

  it('answers with an empty inventory when nothing waits', async () => {
    const { door } = doorOn({ create: async () => ({ ok: true, value: { antal: 0 } }) });
    expect(await door.create(CALL)).to.deep.equal({
      ok: true,
      value: { Identifier: IDENTIFIER, ServiceInventoryCollection: { ServiceItem: [] } },
    });
  });

  it('hands out the beskeder in the order of the store, of a sequence named in any case', async () => {
    const { door, asked } = doorOn({ fetch: async () => ({ ok: true, value: [besked(2), besked(1)] }) });
    const fetched = await door.fetch(IDENTIFIER.toUpperCase(), CALL);
    expect(fetched).to.have.property('ok', true);
    expect(
      fetched.ok && fetched.value.TidligPensionRegistration.map((one) => one.MessageIdentifier.slice(-1)),
    ).to.deep.equal(['2', '1']);
    expect(asked).to.deep.equal([
      {
        fetch: {
          ...CALL,
          operation: 'GetTidligPensionVersion1',
          identifier: IDENTIFIER,
          idleMinutes: 60,
        },
      },
    ]);
  });

  for (const [name, operation] of [
    ['terminate', 'TerminateSequence'],
    ['close', 'CloseSequence'],
  ] as const) {
    it(`does ${operation} to a sequence named in any case, and answers with the name in lower case`, async () => {
      const { door, asked } = doorOn({ end: async () => ({ ok: true, value: undefined }) });
      expect(await door[name]({ Identifier: IDENTIFIER.toUpperCase() }, CALL)).to.deep.equal({
        ok: true,
        value: { Identifier: IDENTIFIER },
      });
      expect(asked).to.deep.equal([{ end: { ...CALL, operation, identifier: IDENTIFIER, idleMinutes: 60 } }]);
    });
  }

  it('gives what the store refuses on as it is', async () => {
    const refuse = async () => REFUSAL;
    const { door } = doorOn({ create: refuse, fetch: refuse, end: refuse });
    expect(await door.create(CALL)).to.deep.equal(REFUSAL);
    expect(await door.fetch(IDENTIFIER, CALL)).to.deep.equal(REFUSAL);
    expect(await door.terminate({ Identifier: IDENTIFIER }, CALL)).to.deep.equal(REFUSAL);
    expect(await door.close({ Identifier: IDENTIFIER }, CALL)).to.deep.equal(REFUSAL);
  });
});

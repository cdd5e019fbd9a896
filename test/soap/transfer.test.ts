// The transfer over the real edge: what waits is handed out, what is terminated leaves, what is closed comes again, and
// every cell of the table of the transfer, told by the rows of the queue.

import { expect } from 'chai';
import type { TRANSFER } from '../../src/notify/pull/transfer.ts';
import { textsOf } from '../support/answers.ts';
import { akasse as akasseHeader } from '../support/envelopes.ts';
import { changeIn, lookInto } from '../support/new-store.ts';
import { member, saveOne, startQueueService } from '../support/queue.ts';
import type { TestService } from '../support/service.ts';
import { type Called, type Transfers, transfersOf } from '../support/transfer.ts';

const NEVER_WAS = '7c1f7c1e-0000-4000-8000-00000000dead';

describe('the queue over the real edge', () => {
  let service: TestService;
  let akasse: Transfers;
  beforeEach(async () => {
    service = await startQueueService();
    akasse = transfersOf(service, '22');
  });
  afterEach(() => service.stop());

  /** Looks into the store beside the service. */
  const rows = <T>(sql: string): Promise<T[]> => lookInto<T>(service.store, sql);
  const waiting = async (): Promise<string[]> =>
    (
      await rows<{ id: string }>(
        'SELECT message_identifier AS id FROM besked WHERE delivered IS NULL ORDER BY besked_nr',
      )
    ).map(({ id }) => id);

  /** As if nobody had called the open sequences for two hours. */
  const letGoIdle = (): Promise<void> => {
    const then = new Date(Date.now() - 2 * 3_600_000).toISOString();
    return changeIn(service.store, `UPDATE sequence SET last_call = '${then}' WHERE state = 'open'`);
  };

  const saveMany = async (kode: string, count: number): Promise<void> => {
    for (let nr = 0; nr < count; nr += 1) await saveOne(service, member(kode, nr));
  };

  describe('a transfer', () => {
    it('hands out what waits, in order, until it is terminated', async () => {
      const first = await saveOne(service, member('22', 1));
      await saveOne(service, member('22', 2));
      await saveOne(service, member('22', 1), { id: first, start: '2026-02-01' });
      await saveOne(service, member('22', 1), { id: first, annul: true });
      const { identifier, antal } = await akasse.create();
      expect(antal).to.equal(4);
      const { body } = await akasse.fetch(identifier);
      const [one, two] = [member('22', 1), member('22', 2)];
      expect(textsOf(body, 'Personnummer')).to.deep.equal([one, two, one, one]);
      expect(textsOf(body, 'RegistrationType')).to.deep.equal(['Create', 'Create', 'Update', 'Update']);
      expect(textsOf(body, 'TidligPensionOvergangsdato')).to.deep.equal([
        '2026-01-01',
        '2026-01-01',
        '2026-02-01',
      ]);
      expect((await akasse.terminate(identifier)).status).to.equal(200);
      expect((await akasse.create()).antal).to.equal(0);
    });

    it('holds what waited when it was opened, however much comes meanwhile', async () => {
      await saveMany('22', 2);
      const { identifier } = await akasse.create();
      await saveOne(service, member('22', 5));
      expect((await akasse.fetch(identifier)).messageIdentifiers).to.have.length(2);
      await akasse.terminate(identifier);
      expect(await waiting()).to.have.length(1);
      expect((await akasse.create()).antal).to.equal(1);
    });

    it('gives the same beskeder again after Close, in their place and under their identifiers', async () => {
      await saveMany('22', 3);
      const first = await akasse.create();
      const before = await akasse.fetch(first.identifier);
      await akasse.close(first.identifier);
      await saveOne(service, member('22', 7));
      const second = await akasse.create();
      const after = await akasse.fetch(second.identifier);
      expect(after.messageIdentifiers.slice(0, 3)).to.deep.equal(before.messageIdentifiers);
      expect(after.messageIdentifiers).to.have.length(4);
    });

    it('is empty, and over at once, when nothing waits', async () => {
      const first = await akasse.create();
      expect(first.antal).to.equal(0);
      const second = await akasse.create();
      expect(second.fault).to.equal(undefined);
      expect(second.identifier).to.not.equal(first.identifier);
      expect((await akasse.terminate(first.identifier)).fault).to.equal(undefined);
      expect((await akasse.close(first.identifier)).fault?.errorCode).to.equal(1014);
    });

    it('is one at a time: CreateSequence names the open one, which can be closed', async () => {
      await saveMany('22', 1);
      const open = await akasse.create();
      const { fault } = await akasse.create();
      expect(fault?.errorCode).to.equal(1014);
      expect(fault?.message).to.include(open.identifier);
      await akasse.close(open.identifier);
      expect((await akasse.create()).antal).to.equal(1);
    });

    it('goes beside those of other a-kasser', async () => {
      await saveMany('22', 2);
      await saveMany('11', 3);
      const other = transfersOf(service, '11');
      const [mine, theirs] = [await akasse.create(), await other.create()];
      expect([mine.antal, theirs.antal]).to.deep.equal([2, 3]);
      await akasse.terminate(mine.identifier);
      expect((await other.fetch(theirs.identifier)).messageIdentifiers).to.have.length(3);
    });

    it('takes what was queued for an a-kasse that has been taken over to its successor', async () => {
      await saveMany('31', 2);
      await saveMany('67', 1);
      const successor = transfersOf(service, '67');
      const { identifier, antal } = await successor.create();
      expect(antal).to.equal(3);
      await successor.terminate(identifier);
      expect(await waiting()).to.deep.equal([]);
      const gone = transfersOf(service, '31', { organisation: akasseHeader('31') });
      expect((await gone.create()).fault?.errorCode).to.equal(1013);
    });

    it('is rolled back when it has been idle, and its beskeder come again', async () => {
      await saveMany('22', 2);
      const idle = await akasse.create();
      await letGoIdle();
      const next = await akasse.create();
      expect(next.antal).to.equal(2);
      expect((await akasse.terminate(idle.identifier)).fault?.message).to.include('nothing was removed');
      expect(await waiting()).to.have.length(2);
      const states = await rows<{ state: string }>('SELECT state FROM sequence ORDER BY sequence_nr');
      expect(states.map(({ state }) => state)).to.deep.equal(['rolled-back', 'open']);
    });

    it('is kept by a call: the idle clock restarts', async () => {
      await saveMany('22', 1);
      const { identifier } = await akasse.create();
      const lastCall = async (): Promise<string> =>
        (await rows<{ at: string }>('SELECT last_call AS at FROM sequence'))[0]!.at;
      const opened = await lastCall();
      await new Promise((resolve) => setTimeout(resolve, 5));
      await akasse.fetch(identifier);
      expect((await lastCall()) > opened).to.equal(true);
    });

    it('takes an identifier in upper case for the same', async () => {
      await saveMany('22', 1);
      const { identifier } = await akasse.create();
      const fetched = await akasse.fetch(identifier.toUpperCase());
      expect(textsOf(fetched.body, 'Identifier')).to.deep.equal([identifier]);
      expect((await akasse.terminate(identifier.toUpperCase())).fault).to.equal(undefined);
      expect(await waiting()).to.deep.equal([]);
    });
  });

  describe('the table of the transfer', () => {
    /** Brings a sequence of a-kasse 22 with two beskeder into a state. */
    const STATES: Readonly<Record<string, () => Promise<string>>> = {
      open: async () => (await akasse.create()).identifier,
      terminated: async () => {
        const { identifier } = await akasse.create();
        await akasse.terminate(identifier);
        return identifier;
      },
      closed: async () => {
        const { identifier } = await akasse.create();
        await akasse.close(identifier);
        return identifier;
      },
      'rolled back': async () => {
        const { identifier } = await akasse.create();
        await letGoIdle();
        return identifier;
      },
      unknown: async () => NEVER_WAS,
      "another a-kasse's": async () => {
        await saveMany('11', 2);
        return (await transfersOf(service, '11').create()).identifier;
      },
    };
    const CALLS: Readonly<Record<keyof typeof TRANSFER, (identifier: string) => Promise<Called>>> = {
      GetTidligPensionVersion1: (identifier) => akasse.fetch(identifier),
      TerminateSequence: (identifier) => akasse.terminate(identifier),
      CloseSequence: (identifier) => akasse.close(identifier),
    };
    /** What the specification says of each: what is answered, and how many of the two beskeder leave the queue. */
    const EXPECTED: Readonly<Record<keyof typeof TRANSFER, Readonly<Record<string, string>>>> = {
      GetTidligPensionVersion1: {
        open: 'the beskeder',
        terminated: '1014',
        closed: '1014',
        'rolled back': '1014',
        unknown: '1014',
        "another a-kasse's": '1014',
      },
      TerminateSequence: {
        open: 'its identifier, 2 left',
        terminated: 'its identifier',
        closed: '1014',
        'rolled back': '1014',
        unknown: '1014',
        "another a-kasse's": '1014',
      },
      CloseSequence: {
        open: 'its identifier',
        terminated: '1014',
        closed: 'its identifier',
        'rolled back': 'its identifier',
        unknown: '1014',
        "another a-kasse's": '1014',
      },
    };

    const describeAnswer = ({ fault, body }: Called, identifier: string): string => {
      if (fault !== undefined) return String(fault.errorCode);
      if (textsOf(body, 'MessageIdentifier').length === 2) return 'the beskeder';
      return textsOf(body, 'Identifier')[0] === identifier ? 'its identifier' : body;
    };

    for (const [operation, cells] of Object.entries(EXPECTED)) {
      for (const [state, expected] of Object.entries(cells)) {
        it(`${operation} on a sequence that is ${state}: ${expected}`, async () => {
          await saveMany('22', 2);
          const identifier = await STATES[state]!();
          const before = await waiting();
          const called = await CALLS[operation as keyof typeof TRANSFER](identifier);
          const left = before.length - (await waiting()).length;
          const answer = describeAnswer(called, identifier) + (left === 0 ? '' : `, ${left} left`);
          expect(answer, called.body).to.equal(expected);
        });
      }
    }

    it('says of an unknown sequence the same as of one of another a-kasse', async () => {
      await saveMany('11', 1);
      const { identifier } = await transfersOf(service, '11').create();
      const said = async (asked: string): Promise<string> =>
        (await akasse.fetch(asked)).fault!.message.replace(asked, 'X');
      expect(await said(identifier)).to.equal(await said(NEVER_WAS));
    });
  });

  describe('the limit of a sequence', () => {
    /** The sizes of the sequences that hold so many beskeder, and what they hand out. */
    for (const [count, sizes] of [
      [499, [499]],
      [500, [500]],
      [501, [500, 1]],
    ] as const) {
      it(`makes sequences of ${sizes.join(' and ')} out of ${count} beskeder`, () =>
        drains(count, sizes)).timeout(60_000);
    }

    async function drains(count: number, sizes: readonly number[]): Promise<void> {
      const id = await saveOne(service, member('22', 1));
      for (let nr = 1; nr < count; nr += 1) await saveOne(service, member('22', 1), { id });
      const antal: number[] = [];
      const seen: string[] = [];
      const all = await waiting();
      for (let next = await akasse.create(); next.antal > 0; next = await akasse.create()) {
        antal.push(next.antal);
        seen.push(...(await akasse.fetch(next.identifier)).messageIdentifiers);
        await akasse.terminate(next.identifier);
      }
      expect(antal).to.deep.equal(sizes);
      expect(seen).to.deep.equal(all);
    }
  });
});

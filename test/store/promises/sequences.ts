// Promises about sequences that the edge cannot show: the idle clock to the millisecond, a merger in the middle of a
// transfer, and what the trail says.

import { createHash } from 'node:crypto';
import { expect } from 'chai';
import type { Personnummer } from '../../../src/domain/personnummer.ts';
import { nyBorger } from '../../support/domain-model.ts';
import { importMedlemskaber, medlemskabLinje as linje, NU } from '../../support/store-fixtures.ts';
import type { CurrentStore } from '../store-promises.ts';
import { given, IDLE_MINUTES, koe, queueCalls, refusal } from './queue-calls.ts';

const IDLE = IDLE_MINUTES * 60_000;

export function sequencePromises(current: CurrentStore): void {
  const { save, create, fetch, end } = queueCalls(current);
  const [A11, A22] = [koe('11'), koe('22')];
  const later = (milliseconds: number): void => {
    current().clock.now = new Date(current().clock.now.getTime() + milliseconds);
  };
  const member = async (akasse: string): Promise<Personnummer> => {
    const borger = nyBorger();
    await importMedlemskaber(current().store, { linjer: [linje(2, borger, akasse, '2020-01-01')] });
    return borger;
  };
  const eventsOf = async (personnummer: Personnummer): Promise<(string | undefined)[]> =>
    (await current().store.audit.entries({ after: 0, limit: 1000, filter: { personnummer } })).map(
      ({ entry }) => entry.operation,
    );

  describe('a sequence', () => {
    it('is open until it has been idle for all of its minutes, and not a millisecond longer', async () => {
      await save(await member('11'));
      const { identifier } = given(await create(A11));
      later(IDLE - 1);
      expect(await current().store.sequences.rollBackIdle(IDLE_MINUTES)).to.deep.equal([]);
      expect(given(await fetch(A11, identifier))).to.have.length(1);
      later(IDLE - 1);
      expect(given(await fetch(A11, identifier)), 'the clock was restarted').to.have.length(1);
      later(IDLE);
      expect(await current().store.sequences.rollBackIdle(IDLE_MINUTES)).to.deep.equal([identifier]);
      expect(refusal(await end('TerminateSequence', A11, identifier)).message).to.include('rolled back');
      expect(await current().delivered()).to.deep.equal([]);
    });

    it('that is idle is rolled back by the call that meets it, with an entry before that of the call', async () => {
      await save(await member('11'));
      const idle = given(await create(A11));
      later(IDLE);
      const next = given(await create(A11));
      const trail = (await current().entries()).slice(-2);
      expect(trail.map(({ operation, sequence }) => [operation, sequence])).to.deep.equal([
        ['RulSequenceTilbage', idle.identifier],
        ['CreateSequence', next.identifier],
      ]);
    });

    it('is not made idle by a clock that is set back', async () => {
      await save(await member('11'));
      const { identifier } = given(await create(A11));
      later(-10 * IDLE);
      expect(given(await fetch(A11, identifier))).to.have.length(1);
    });

    it('of an a-kasse that is taken over meanwhile belongs to the successor, who has to end it first', async () => {
      const borger = await member('11');
      await save(borger);
      const { identifier } = given(await create(A11));
      const successor = koe('22', '11');
      expect(refusal(await create(successor)).message).to.include(identifier);
      expect(given(await fetch(successor, identifier))).to.have.length(1);
      expect(refusal(await fetch(A22, identifier)).kode, 'not before it is').to.equal(1014);
      given(await end('TerminateSequence', successor, identifier));
      expect(given(await create(successor)).antal).to.equal(0);
    });

    it('of a successor holds what was queued for both, oldest first', async () => {
      const [a, b] = [await member('11'), await member('22')];
      const ids: string[] = [];
      for (const borger of [b, a, b, a]) ids.push(await save(borger));
      const { identifier } = given(await create(koe('22', '11')));
      const held = given(await fetch(koe('22', '11'), identifier));
      expect(held.map(({ forloebId }) => forloebId)).to.deep.equal(ids);
    });
  });

  describe('a merger that is undone in the middle of a transfer', () => {
    it('rolls back the sequence that held beskeder of both, and each has its own again', async () => {
      const [a, b] = [await member('11'), await member('22')];
      const [ofA, ofB] = [await save(a), await save(b)];
      const { identifier, antal } = given(await create(koe('22', '11')));
      expect(antal).to.equal(2);
      expect(refusal(await fetch(A22, identifier)).message).to.include('rolled back');
      expect(refusal(await end('TerminateSequence', A22, identifier)).kode).to.equal(1014);
      for (const [queue, forloebId] of [
        [A11, ofA],
        [A22, ofB],
      ] as const) {
        const next = given(await create(queue));
        expect(given(await fetch(queue, next.identifier)).map((one) => one.forloebId)).to.deep.equal([
          forloebId,
        ]);
      }
      const told = (await current().entries()).find(({ operation }) => operation === 'RulSequenceTilbage');
      expect(told).to.include({ sequence: identifier, detaljer: '{"grund":"afloeser"}' });
    });

    it('does so when the one that has its own queue again calls first', async () => {
      await save(await member('11'));
      const { identifier } = given(await create(koe('22', '11')));
      const next = given(await create(A11));
      expect(next.antal).to.equal(1);
      expect(refusal(await end('TerminateSequence', koe('22', '11'), identifier)).message).to.include(
        'rolled back',
      );
    });
  });

  describe('a sequence of a successor with more than it may hold', () => {
    it('has the oldest of both queues', async () => {
      const borgere = [await member('11'), await member('22')];
      const ids: string[] = [];
      for (let nr = 0; nr < 540; nr += 1) ids.push(await save(borgere[nr % 2]!));
      const { identifier } = given(await create(koe('22', '11')));
      const held = given(await fetch(koe('22', '11'), identifier));
      expect(held.map(({ forloebId }) => forloebId)).to.deep.equal(ids.slice(0, 500));
    });
  });

  describe('the trail of a transfer', () => {
    it('has one entry for each call, and says what a sequence holds so that it can be verified', async () => {
      const borger = await member('11');
      await save(borger);
      await save(borger);
      const before = (await current().entries()).length;
      const { identifier } = given(await create(A11));
      const held = given(await fetch(A11, identifier));
      refusal(await create(A11));
      given(await end('TerminateSequence', A11, identifier));
      refusal(await end('CloseSequence', A11, identifier));
      const trail = (await current().entries()).slice(before);
      expect(trail.map(({ operation, fejlkode, sequence }) => [operation, fejlkode, sequence])).to.deep.equal(
        [
          ['CreateSequence', undefined, identifier],
          ['GetTidligPensionVersion1', undefined, identifier],
          ['CreateSequence', 1014, identifier],
          ['TerminateSequence', undefined, identifier],
          ['CloseSequence', 1014, identifier],
        ],
      );
      const text = held.map(({ messageIdentifier }) => `${messageIdentifier}\n`).join('');
      expect(JSON.parse(trail[0]!.detaljer!)).to.deep.equal({
        beskeder: 2,
        sha256: createHash('sha256').update(text).digest('hex'),
      });
    });

    it('is found by every citizen whose besked was in it, and by no other', async () => {
      const [a, b, c] = [await member('11'), await member('11'), await member('22')];
      for (const borger of [a, b, c]) await save(borger);
      const { identifier } = given(await create(A11));
      given(await fetch(A11, identifier));
      given(await end('TerminateSequence', A11, identifier));
      given(await create(A22));
      const transfer = ['CreateSequence', 'GetTidligPensionVersion1', 'TerminateSequence'];
      expect(await eventsOf(a)).to.deep.equal(['SaveTidligPension', ...transfer]);
      expect(await eventsOf(b)).to.deep.equal(['SaveTidligPension', ...transfer]);
      expect(await eventsOf(c)).to.deep.equal(['SaveTidligPension', 'CreateSequence']);
      expect(await eventsOf(nyBorger())).to.deep.equal([]);
    });
  });

  describe('EventDate', () => {
    it('is the moment of queueing, also of a besked that is fetched much later', async () => {
      await save(await member('11'));
      later(9 * IDLE);
      const { identifier } = given(await create(A11));
      expect(given(await fetch(A11, identifier))[0]!.eventDate).to.deep.equal(NU);
    });
  });
}

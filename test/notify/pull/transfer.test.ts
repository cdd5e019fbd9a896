// The rules of a transfer, cell by cell: the table stands here a second time, in full, as the specification has it.

import { expect } from 'chai';
import {
  alreadyOpen,
  decideCall,
  isIdle,
  SEQUENCE_STATES,
  type SequenceOperation,
  type SequenceState,
} from '../../../src/notify/pull/transfer.ts';

const IDENTIFIER = '5e90c7d1-2f3b-4a68-8c0e-d14b7a96f325';
const REFUSED = 1014;

/** What comes of each call in each state; undefined is a sequence that never was, or of another a-kasse. */
const TABLE: readonly (readonly [SequenceOperation, SequenceState | undefined, string | number])[] = [
  ['GetTidligPensionVersion1', 'open', 'hand-out'],
  ['GetTidligPensionVersion1', 'terminated', REFUSED],
  ['GetTidligPensionVersion1', 'closed', REFUSED],
  ['GetTidligPensionVersion1', 'rolled-back', REFUSED],
  ['GetTidligPensionVersion1', undefined, REFUSED],
  ['TerminateSequence', 'open', 'remove'],
  ['TerminateSequence', 'terminated', 'nothing'],
  ['TerminateSequence', 'closed', REFUSED],
  ['TerminateSequence', 'rolled-back', REFUSED],
  ['TerminateSequence', undefined, REFUSED],
  ['CloseSequence', 'open', 'release'],
  ['CloseSequence', 'terminated', REFUSED],
  ['CloseSequence', 'closed', 'nothing'],
  ['CloseSequence', 'rolled-back', 'nothing'],
  ['CloseSequence', undefined, REFUSED],
];

const messageOf = (operation: SequenceOperation, state: SequenceState | undefined): string => {
  const verdict = decideCall(operation, IDENTIFIER, state);
  if (verdict.ok) throw new Error('it is not refused');
  return verdict.fejl.message;
};

describe('the table of the transfer', () => {
  for (const [operation, state, outcome] of TABLE) {
    it(`${operation} on ${state ?? 'an unknown sequence'}: ${outcome}`, () => {
      const verdict = decideCall(operation, IDENTIFIER, state);
      expect(verdict.ok ? verdict.value : verdict.fejl.kode).to.equal(outcome);
    });
  }

  it('has a line here for each of its cells', () => {
    const cells = TABLE.map(([operation, state]) => `${operation} ${state}`);
    expect(new Set(cells).size).to.equal(3 * (SEQUENCE_STATES.length + 1));
    expect(cells).to.have.length(3 * (SEQUENCE_STATES.length + 1));
  });
});

describe('a refused call on a sequence', () => {
  it('is told which sequence it named, what has become of it, and the way on', () => {
    expect(messageOf('GetTidligPensionVersion1', 'terminated')).to.match(
      new RegExp(`^The sequence ${IDENTIFIER} has been terminated: .*CreateSequence`),
    );
    expect(messageOf('TerminateSequence', 'closed')).to.match(
      /has been closed: nothing was removed from the queue.*CreateSequence/,
    );
    expect(messageOf('TerminateSequence', 'rolled-back')).to.match(
      /idle for too long.*rolled back: nothing was removed from the queue.*CreateSequence/,
    );
  });

  it('is told the same of a sequence that never was, whatever it wanted', () => {
    const told = (['GetTidligPensionVersion1', 'TerminateSequence', 'CloseSequence'] as const).map(
      (operation) => messageOf(operation, undefined),
    );
    expect(new Set(told).size).to.equal(1);
    expect(told[0]).to.include(IDENTIFIER);
  });

  it('is told, where it wanted to open another, which one is open', () => {
    const { fejl } = alreadyOpen(IDENTIFIER);
    expect(fejl.kode).to.equal(REFUSED);
    expect(fejl.message).to.include(IDENTIFIER);
  });
});

describe('a sequence is idle', () => {
  const at = (time: string): Date => new Date(`2026-11-22T${time}Z`);

  it('from the very minute on, and not a millisecond before', () => {
    expect(isIdle(at('08:00:00.500'), at('09:00:00.499'), 60)).to.equal(false);
    expect(isIdle(at('08:00:00.500'), at('09:00:00.500'), 60)).to.equal(true);
    expect(isIdle(at('08:00:00.500'), at('09:00:00.501'), 60)).to.equal(true);
  });

  it('after as many minutes as are set', () => {
    expect(isIdle(at('08:00:00.000'), at('08:00:59.999'), 1)).to.equal(false);
    expect(isIdle(at('08:00:00.000'), at('08:01:00.000'), 1)).to.equal(true);
  });

  it('by the time that has passed, on the nights on which the clock is changed too', () => {
    const summer = new Date('2026-10-25T00:30:00Z');
    expect(isIdle(summer, new Date('2026-10-25T01:29:59Z'), 60)).to.equal(false);
    expect(isIdle(summer, new Date('2026-10-25T01:30:00Z'), 60)).to.equal(true);
  });

  it('never when the last call lies ahead, as after the clock of the machine was put back', () => {
    expect(isIdle(at('09:00:00.000'), at('08:00:00.000'), 60)).to.equal(false);
  });
});

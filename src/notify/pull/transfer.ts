// The rules of a transfer: what each call does to a sequence in each state, and when one has been idle for too long.
// Pure: the store asks it inside the transaction that carries out what it says.

import { afvist, fejl, ok, type Resultat } from '../../contract/fejlkatalog.ts';

/** The states of a sequence. An open one becomes one of the other three, once and for ever. */
export const SEQUENCE_STATES = ['open', 'terminated', 'closed', 'rolled-back'] as const;
export type SequenceState = (typeof SEQUENCE_STATES)[number];

/** The operations that name a sequence. */
export type SequenceOperation = 'GetTidligPensionVersion1' | 'TerminateSequence' | 'CloseSequence';

/** What a call does to a sequence that it may be made on; `nothing` gives the same answer as the call before it. */
export type SequenceEffect = 'hand-out' | 'remove' | 'release' | 'nothing';

type Cell = SequenceEffect | 'refused';

/** The table of the transfer. `unknown` is a sequence that never was, and one of another a-kasse. */
export const TRANSFER: Readonly<
  Record<SequenceOperation, Readonly<Record<SequenceState | 'unknown', Cell>>>
> = {
  GetTidligPensionVersion1: {
    open: 'hand-out',
    terminated: 'refused',
    closed: 'refused',
    'rolled-back': 'refused',
    unknown: 'refused',
  },
  TerminateSequence: {
    open: 'remove',
    terminated: 'nothing',
    closed: 'refused',
    'rolled-back': 'refused',
    unknown: 'refused',
  },
  CloseSequence: {
    open: 'release',
    terminated: 'refused',
    closed: 'nothing',
    'rolled-back': 'nothing',
    unknown: 'refused',
  },
};

/** What became of a sequence that a call came too late for, and what its caller does now. */
const ENDED: Readonly<Record<Exclude<SequenceState, 'open'> | 'unknown', string>> = {
  terminated: 'has been terminated: its beskeder have left the queue. Open the next one with CreateSequence',
  closed:
    'has been closed: nothing was removed from the queue. Its beskeder come again in the next sequence; open it with CreateSequence',
  'rolled-back':
    'was idle for too long and has been rolled back: nothing was removed from the queue. Its beskeder come again in the next sequence; open it with CreateSequence',
  unknown: 'is not one of yours. Use the Identifier that CreateSequence answered',
};

/** What the call does, by the table, or 1014 with the reason and the way on. `identifier` is what the caller named. */
export function decideCall(
  operation: SequenceOperation,
  identifier: string,
  state: SequenceState | undefined,
): Resultat<SequenceEffect> {
  const cell = TRANSFER[operation][state ?? 'unknown'];
  if (cell !== 'refused') return ok(cell);
  if (state === 'open') throw new Error(`the table refuses ${operation} on an open sequence`);
  return afvist(fejl(1014, `The sequence ${identifier} ${ENDED[state ?? 'unknown']}.`));
}

/** CreateSequence while one is open: 1014 that names it, so that the caller can close it and start again. */
export const alreadyOpen = (identifier: string) =>
  afvist(
    fejl(
      1014,
      `The sequence ${identifier} is open, and there is one at a time. Terminate it if you have kept all its beskeder; otherwise close it, and create again: they come in the next one.`,
    ),
  );

/** Whether an open sequence is to be rolled back: so many minutes after the last call on it. */
export const isIdle = (lastCall: Date, now: Date, idleMinutes: number): boolean =>
  now.getTime() - lastCall.getTime() >= idleMinutes * 60_000;

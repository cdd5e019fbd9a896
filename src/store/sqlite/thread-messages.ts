// What is said between the service and the thread that its store is in: calls, many in a message, and their answers.

import type { StoreFailure } from '../health.ts';
import { type ServedStore, StoreBusyError, StoreError, StoreFailingError } from '../store.ts';

/** What is asked for, as functions of plain data, under flat names. */
export const callsOf = (store: ServedStore) => ({
  save: store.save,
  get: store.get,
  recordRefusal: store.recordRefusal,
  createSequence: store.sequences.create,
  fetchSequence: store.sequences.fetch,
  endSequence: store.sequences.end,
  rollBackIdle: store.sequences.rollBackIdle,
  queueLengths: store.outbox.lengths,
  record: store.audit.record,
  seal: store.audit.seal,
  tryAgain: store.health.tryAgain,
  close: store.close,
});

export type Calls = ReturnType<typeof callsOf>;
export type CallName = keyof Calls;

/** A call: its number, what is asked for, and of what; nothing where nothing needs to be said. */
export type ThreadCall = readonly [nr: number, name: CallName, argument: unknown];

/** An answer: the number of its call, and what came of it. */
export type ThreadAnswer = readonly [nr: number, value: unknown, error?: ThreadError];

/** All that has been answered by now, and how the store is. */
export interface ThreadAnswers {
  readonly answers: readonly ThreadAnswer[];
  readonly failure: StoreFailure | undefined;
}

/** What the thread says at the start, and from then on. */
export type FromThread = { readonly opened: true } | { readonly refused: ThreadError } | ThreadAnswers;

/** An error as it crosses: of our own ones, which it was. */
export interface ThreadError {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly mayBeKept: boolean;
}

/** Writes an error down. */
export function toThreadError(error: unknown): ThreadError {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  return { name, message, stack, mayBeKept: error instanceof StoreFailingError && error.mayBeKept };
}

/** Makes an error of what was written down. */
export function fromThreadError({ name, message, stack, mayBeKept }: ThreadError): Error {
  if (name === 'StoreBusyError') return new StoreBusyError(message, mayBeKept);
  if (name === 'StoreFailingError') return new StoreFailingError(message, mayBeKept);
  if (name === 'StoreError') return new StoreError(message);
  return Object.assign(new Error(message), { name, stack });
}

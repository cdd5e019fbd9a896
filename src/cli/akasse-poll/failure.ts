// Why a poll did not come to its end, and whether the next one may fare better.

import { FEJLKATALOG, type Fejlkode } from '../../contract/fejlkatalog.ts';
import { explain } from '../client/explain.ts';
import { isCallerFault, isTransient } from '../client/retries.ts';
import type { Failure } from '../client/soap-client.ts';

/** What stopped a poll. Whatever it was, nothing is lost: what was not removed from the queue comes again. */
export type PollFailure =
  /** The service refuses the caller or the call itself; asking again gives the same. */
  | { readonly kind: 'refused'; readonly failure: Failure }
  /** The service did not answer, or could not carry out a call, also not after all retries. */
  | { readonly kind: 'unavailable'; readonly failure: Failure }
  /** Answers that are valid one by one do not fit together, or ask for what this program does not know. */
  | { readonly kind: 'disagreement'; readonly reason: string }
  /** Sequences are ended by somebody else, again and again. */
  | { readonly kind: 'contention'; readonly reason: string }
  /** What was fetched could not be kept; `error` is what `keep` threw. */
  | { readonly kind: 'not-kept'; readonly error: unknown };

/** Whether a later poll may succeed although nobody has changed anything. */
export function mayPass(failure: PollFailure): boolean {
  switch (failure.kind) {
    case 'refused':
    case 'not-kept':
      return false;
    case 'unavailable':
    case 'disagreement':
    case 'contention':
      return true;
  }
}

/** What a failed call means for the poll. */
export const callFailed = (failure: Failure): PollFailure => ({
  kind: isForGood(failure) ? 'refused' : 'unavailable',
  failure,
});

function isForGood(failure: Failure): boolean {
  switch (failure.kind) {
    case 'no-answer':
      return false;
    case 'http':
      // A page where an answer should be, and 5xx, say nothing about the call.
      return failure.status >= 400 && failure.status < 500 && !isTransient(failure);
    case 'fault': {
      // A code that is not catalogued is nobody's verdict on this caller.
      const known = FEJLKATALOG[failure.fejlkode as Fejlkode];
      return isCallerFault(failure) || known?.skyld === 'Client';
    }
  }
}

/** Says what stopped a poll, and what to do about it. No personnummer is in it. */
export function explainPollFailure(failure: PollFailure): string {
  switch (failure.kind) {
    case 'refused':
    case 'unavailable':
      return explain(failure.failure);
    case 'disagreement':
      return `the answers of the service do not fit together: ${failure.reason}`;
    case 'contention':
      return failure.reason;
    case 'not-kept':
      return failure.error instanceof Error ? failure.error.message : String(failure.error);
  }
}

// Which calls are worth making again, and after how long. One place for the waits, so that a test need not wait.

import { setTimeout as sleep } from 'node:timers/promises';
import type { CallResult, Failure } from './soap-client.ts';

/** How long is waited before a call is made again. */
export interface Delays {
  /** Milliseconds before each further attempt, give or take half; as many attempts as there are numbers. */
  readonly retries: readonly number[];
  /** Milliseconds at most that a service may ask to wait with Retry-After. */
  readonly longest: number;
  /** Waits that many milliseconds, or until the signal is aborted; it never rejects. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

/** The waits of every client command. */
export const DELAYS: Delays = {
  retries: [200, 500, 1_000, 2_000, 4_000],
  longest: 60_000,
  sleep: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }).catch(() => undefined),
};

const TRANSIENT_STATUS: readonly number[] = [408, 429, 502, 503, 504];
const INTERNAL_ERROR = 1011;
/** Faults that speak of the caller and not of the call: every call would be refused. */
const CALLER_FAULTS: readonly number[] = [1012, 1013, 1101, 4413, 8173, 8174, 8232, 8233, 8234, 8235];

/** Whether the service turns this caller away, whatever it asks for. */
export const isCallerFault = (failure: Failure): boolean =>
  failure.kind === 'fault' && CALLER_FAULTS.includes(failure.fejlkode);

/** Whether the same call may succeed later. */
export function isTransient(failure: Failure): boolean {
  switch (failure.kind) {
    case 'no-answer':
      return true;
    case 'http':
      return TRANSIENT_STATUS.includes(failure.status);
    case 'fault':
      return failure.fejlkode === INTERNAL_ERROR;
  }
}

/**
 * Makes a call until it is answered, refused for good, or `delays` has no further attempt; what came of the last
 * attempt is the result. No attempt follows once `interrupted` is aborted.
 */
export async function withRetries<T>(
  call: () => Promise<CallResult<T>>,
  delays: Delays,
  interrupted: AbortSignal,
): Promise<CallResult<T>> {
  for (let attempt = 0; ; attempt += 1) {
    const result = await call();
    const delay = delays.retries[attempt];
    if (result.kind === 'answered' || !isTransient(result)) return result;
    if (delay === undefined || interrupted.aborted) return result;
    const asked = result.kind === 'http' ? (result.retryAfterSeconds ?? 0) * 1_000 : 0;
    await delays.sleep(Math.min(Math.max(delay * (0.5 + Math.random()), asked), delays.longest), interrupted);
    if (interrupted.aborted) return result;
  }
}

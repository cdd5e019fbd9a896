// What is known of the health of a store in use, whatever the database: the last failure, until a write has succeeded.

import type { StoreFailure } from '../health.ts';

/** An error as those who asked should know it; with a `cause`, in words, when it is the store that fails. */
export interface ExplainedFailure {
  readonly error: unknown;
  readonly cause?: string;
}

export interface HealthKeeper {
  failure(): StoreFailure | undefined;
  /** Takes note of what a transaction failed with; gives it as those who asked should know it. */
  failed(error: unknown): unknown;
  /** Runs a durable write; all is well when it succeeds and nothing failed meanwhile or since the last time. */
  judge(write: () => Promise<void>): Promise<void>;
}

/** Begins well. */
export function makeHealth(now: () => Date, explain: (error: unknown) => ExplainedFailure): HealthKeeper {
  let failure: StoreFailure | undefined;
  let hasFailedAgain = false;
  const failed = (thrown: unknown): unknown => {
    const { error, cause } = explain(thrown);
    if (cause !== undefined) {
      hasFailedAgain = true;
      failure = { cause, since: failure?.since ?? now() };
    }
    return error;
  };
  return {
    failure: () => failure,
    failed,
    async judge(write) {
      const wasQuiet = !hasFailedAgain;
      hasFailedAgain = false;
      try {
        await write();
        if (wasQuiet && !hasFailedAgain) failure = undefined;
      } catch (error) {
        failed(error);
      }
    },
  };
}

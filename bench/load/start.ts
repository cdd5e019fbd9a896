// Starts the process that makes the load, and gives it its jobs.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Job, Outcome } from './generator.ts';

export interface Generator {
  /** Rejects when a call was not answered as it should be. */
  run(job: Job): Promise<Outcome>;
  stop(): void;
}

/** Starts it. */
export function startGenerator(): Generator {
  const child = fork(fileURLToPath(new URL('generator.ts', import.meta.url)));
  return {
    async run(job) {
      child.send(job);
      const [{ outcome, error }] = (await once(child, 'message')) as [{ outcome?: Outcome; error?: string }];
      if (outcome === undefined) throw new Error(error);
      return outcome;
    },
    stop: () => child.disconnect(),
  };
}

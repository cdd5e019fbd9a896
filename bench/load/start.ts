// Starts a process that makes load, and gives it its jobs.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { end, keepTrackOf, within } from '../processes.ts';

/** Milliseconds beyond its own time that a job may take: to connect, and to get the last answers. */
const PATIENCE = 60_000;

export interface Generator<Job, Outcome> {
  /** Rejects when a call was not answered as it should be, and when the job does not come to its end. */
  run(job: Job): Promise<Outcome>;
  stop(): Promise<void>;
}

/** How long a job is to take. */
interface Timed {
  readonly milliseconds: number;
  readonly warmUp: number;
}

/** Starts the program of that name in this folder; it tells of each job its outcome or an error. */
export function startGenerator<Job extends Timed, Outcome>(program: string): Generator<Job, Outcome> {
  const child = fork(fileURLToPath(new URL(program, import.meta.url)));
  keepTrackOf(child);
  const ended = once(child, 'exit').then(() =>
    Promise.reject(new Error('the process of the load has ended')),
  );
  ended.catch(() => undefined);
  return {
    async run(job) {
      const told = once(child, 'message') as Promise<[{ outcome?: Outcome; error?: string }]>;
      child.send(job);
      const limit = job.warmUp + job.milliseconds + PATIENCE;
      const [{ outcome, error }] = await within(limit, 'a job of the load', Promise.race([told, ended]));
      if (outcome === undefined) throw new Error(error);
      return outcome;
    },
    stop: () => end(child),
  };
}

/** What such a program does: carries out the jobs it is sent, until its parent has gone. */
export function takeJobs<Job, Outcome>(run: (job: Job) => Promise<Outcome>): void {
  process.on('message', (job: Job) => {
    run(job).then(
      (outcome) => process.send!({ outcome }),
      (error: unknown) => process.send!({ error: error instanceof Error ? error.message : String(error) }),
    );
  });
  process.on('disconnect', () => process.exit());
}

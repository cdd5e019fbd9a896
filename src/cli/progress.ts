// The progress of long work, on a terminal only; where the output goes to a file there is none.

import { SingleBar } from 'cli-progress';

/** Shows how far the work is. */
export interface Progress {
  update(done: number): void;
  stop(): void;
}

const NONE: Progress = { update: () => undefined, stop: () => undefined };

/** Starts a bar on stderr, where that is a terminal. `total` and `unit` say what is counted, `done` what is done already. */
export function startProgress(total: number, unit: string, done = 0): Progress {
  if (!process.stderr.isTTY || total === 0) return NONE;
  const bar = new SingleBar({
    format: `{bar} {percentage} % | {value}/{total} ${unit} | {eta_formatted} left`,
    stream: process.stderr,
    hideCursor: true,
  });
  bar.start(total, done);
  return bar;
}

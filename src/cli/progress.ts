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

/** Shows how far work is whose extent comes to light on the way. */
export interface GrowingProgress {
  /** So much more there is to do. */
  expect(count: number): void;
  /** So much more is done. */
  add(count: number): void;
  stop(): void;
}

/** A bar as above that appears with the first that is to be done, and grows with what follows. */
export function startGrowingProgress(unit: string): GrowingProgress {
  const bar = new SingleBar({
    format: `{bar} {value}/{total} ${unit} | {duration_formatted}`,
    stream: process.stderr,
    hideCursor: true,
  });
  let total = 0;
  return {
    expect: (count) => {
      total += count;
      if (!process.stderr.isTTY) return;
      if (bar.isActive) bar.setTotal(total);
      else bar.start(total, 0);
    },
    add: (count) => bar.increment(bar.isActive ? count : 0),
    stop: () => bar.stop(),
  };
}

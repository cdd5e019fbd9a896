// Follows a file that another process adds lines to, and notes when how many of them had come.

import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds between looks: what the times noted may be late by. */
const LOOK = 20;
const MOST_AT_ONCE = 1 << 20;

/** What has come of the lines that count. */
export interface Followed {
  readonly lines: number;
  /** When, by `performance.now`, the first and the latest of them were there; 0 without any. */
  readonly first: number;
  readonly latest: number;
}

/**
 * Follows until `wanted` lines that hold `mark` have come, or until `isOver`. The file need not be there yet; when
 * another takes its name, as happens to a file that is rewritten at its end, that one is left alone.
 */
export async function follow(
  file: string,
  mark: string,
  wanted: number,
  isOver: () => boolean,
): Promise<Followed> {
  const fd = await opened(file, isOver);
  if (fd === undefined) return { lines: 0, first: 0, latest: 0 };
  const followed = { lines: 0, first: 0, latest: 0 };
  const buffer = Buffer.alloc(MOST_AT_ONCE);
  let rest = '';
  let at = 0;
  try {
    for (;;) {
      const last = isOver(); // asked before the look, so that what came before the end is seen
      while (fstatSync(fd).size > at) {
        const read = readSync(fd, buffer, 0, buffer.length, at);
        at += read;
        const lines = (rest + buffer.toString('latin1', 0, read)).split('\n');
        rest = lines.pop()!;
        const count = lines.filter((line) => line.includes(mark)).length;
        if (count === 0) continue;
        followed.lines += count;
        followed.latest = performance.now();
        followed.first ||= followed.latest;
      }
      if (last || followed.lines >= wanted) return followed;
      await sleep(LOOK);
    }
  } finally {
    closeSync(fd);
  }
}

async function opened(file: string, isOver: () => boolean): Promise<number | undefined> {
  while (!isOver()) {
    try {
      return openSync(file, 'r');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      await sleep(LOOK);
    }
  }
  return undefined;
}

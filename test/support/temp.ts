// Temporary folders for tests, removed when the test file is done.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const made: string[] = [];

/** A new, empty folder. */
export function tempDir(): string {
  const dir = mkdtempSync(path.join(tmpdir(), 'pension-test-'));
  made.push(dir);
  return dir;
}

process.once('exit', () => {
  for (const dir of made) rmSync(dir, { recursive: true, force: true });
});

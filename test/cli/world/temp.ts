// A folder of its own for each test of the demo world, removed afterwards.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A new empty folder that is removed when disposed. */
export function tempFolder(): { dir: string; read: (name: string) => string; remove: () => void } {
  const dir = mkdtempSync(path.join(tmpdir(), 'pension-world-'));
  return {
    dir,
    read: (name) => readFileSync(path.join(dir, name), 'utf8'),
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}

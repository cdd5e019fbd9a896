// Folders whose entries are on disk: a file that is flushed is lost all the same when the name of it is not.

import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { flush } from './files.ts';

/** Makes a folder and those above it, if need be; it is there after a power cut too. Throws what the file system says. */
export function makeFolder(folder: string): void {
  const first = mkdirSync(path.resolve(folder), { recursive: true });
  if (first === undefined) return;
  const top = path.dirname(first);
  for (let at = path.dirname(path.resolve(folder)); at !== path.dirname(top); at = path.dirname(at)) {
    flush(at);
    if (at === path.dirname(at)) return;
  }
}

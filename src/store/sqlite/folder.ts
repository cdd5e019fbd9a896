// Folders whose entries are on disk: a file that is flushed is lost all the same when the name of it is not.

import { closeSync, fsyncSync, mkdirSync, openSync } from 'node:fs';
import path from 'node:path';

/** Flushes the names in a folder. Throws where that is not possible. */
export function flushFolder(folder: string): void {
  const fd = openSync(folder, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** Makes a folder and those above it, if need be; it is there after a power cut too. Throws what the file system says. */
export function makeFolder(folder: string): void {
  const first = mkdirSync(path.resolve(folder), { recursive: true });
  if (first === undefined) return;
  const top = path.dirname(first);
  for (let at = path.dirname(path.resolve(folder)); at !== path.dirname(top); at = path.dirname(at)) {
    flushFolder(at);
    if (at === path.dirname(at)) return;
  }
}

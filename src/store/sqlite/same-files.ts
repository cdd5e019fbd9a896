// A store in use is three files: the database, its log, and the index of the log. What is written to one that has no name
// any more is lost when the process ends, so nothing is committed unless all three are those that were opened.

import { type Stats, statSync } from 'node:fs';
import { StoreError, StoreFailingError } from '../store.ts';

/** Remembers the files of an open store. Gives what throws when one of them is not what its name stands for any more. */
export function watchFiles(path: string): () => void {
  const files = [path, `${path}-wal`, `${path}-shm`].map((name) => ({ name, opened: look(name) }));
  return () => {
    for (const { name, opened } of files) {
      const now = look(name);
      if (now === undefined || now.ino !== opened?.ino || now.dev !== opened.dev) throw gone(name);
    }
  };
}

function look(name: string): Stats | undefined {
  try {
    return statSync(name, { throwIfNoEntry: false });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new StoreFailingError(`the files of the store cannot be looked at (${code})`);
  }
}

const gone = (name: string): StoreError =>
  new StoreError(
    `PENSION_STORE: the file ${name} was removed or replaced while it was in use; nothing is kept any more. Stop the service with SIGTERM, so that what it has is written, and restart it on the right file.`,
  );

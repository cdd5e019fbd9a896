// Reload: the files of the settings are read again when one of them changes, or when the service is told to. What is
// good is used from the next call on; what is not is refused, and what was read before stays in force.

import { statSync } from 'node:fs';
import type { Log } from '../soap/log.ts';
import type { SettingFiles } from './setting-files.ts';
import { SettingsError } from './settings.ts';

/** Milliseconds between two looks at the files. */
const INTERVAL = 1_000;

export interface ReloadParts {
  readonly first: SettingFiles;
  /** Reads all files. Throws SettingsError when one cannot be used. */
  read(): SettingFiles;
  /** Puts what was read to use; `changed` names the variables. Throws when it cannot be, and has then done nothing. */
  use(next: SettingFiles, changed: readonly string[]): void;
  readonly log: Log;
}

/** Makes the reload. When nothing has changed, it says so only if it was `asked`. Never throws. */
export function makeReload({ first, read, use, log }: ReloadParts): (why: 'asked' | 'changed') => void {
  let current = first;
  return (why) => {
    try {
      const next = read();
      const changed = [...next.digests.keys()].filter(
        (variable) => next.digests.get(variable) !== current.digests.get(variable),
      );
      if (changed.length === 0 && why === 'changed') return;
      if (changed.length > 0) {
        use(next, changed);
        current = next;
      }
      for (const remark of next.remarks) log.warn(remark);
      log.info('reloaded', { changed });
    } catch (error) {
      const problems = error instanceof SettingsError ? error.problems : [String(error)];
      log.error('not reloaded; what was read before stays in force', { problems });
    }
  };
}

/** What the file system says of files, to see that one has changed. Taken before they are read, nothing is missed. */
export function stampOf(paths: Iterable<string>): string {
  return [...paths].map(stampOfOne).join('\n');
}

/** Of the file that a link leads to, so that a link which is made to lead elsewhere is seen. */
function stampOfOne(path: string): string {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
    return [dev, ino, size, mtimeNs, ctimeNs].join(' ');
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'unreadable';
  }
}

/**
 * Calls `changed` when the files are no longer as `before` says. Looks by itself instead of being told: that works on
 * every file system, and with files that are replaced. Does not keep the process alive. Gives what ends it.
 */
export function watchFiles(paths: Iterable<string>, before: string, changed: () => void): () => void {
  const all = [...paths];
  let last = before;
  const look = (): void => {
    const now = stampOf(all);
    if (now === last) return;
    last = now;
    changed();
  };
  const timer = setInterval(look, INTERVAL).unref();
  return () => clearInterval(timer);
}

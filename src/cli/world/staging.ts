// The hidden folder in which one run keeps its files until all of them are ready.
//
// It is named after its process. While that runs, other runs in the same folder stop; when a killed run left
// it behind, it says that world files beside it are that run's, not the user's, and may be overwritten.
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';

const PREFIX = '.pension-init-';
// A run takes well under a second: one that old is dead, even if another process now has its number.
const STALE_MS = 60_000;

// A dead run may have had our own number (in a container each may be 1); ours are known here.
const ours = new Set<string>();

/** The staging folders found in a world's folder, by what has become of their runs. */
export interface Staging {
  readonly running: readonly string[];
  readonly abandoned: readonly string[];
}

/** Makes a staging folder in `dir` (readable by its owner only). */
export async function createStaging(dir: string): Promise<string> {
  const staging = await mkdtemp(path.join(dir, `${PREFIX}${process.pid}-`));
  ours.add(staging);
  return staging;
}

/** Removes a staging folder with what is in it. */
export async function removeStaging(staging: string): Promise<void> {
  await rm(staging, { recursive: true, force: true });
  ours.delete(staging);
}

/** Finds the staging folders in `dir`, apart from `own`. */
export async function findStaging(dir: string, own?: string): Promise<Staging> {
  const running: string[] = [];
  const abandoned: string[] = [];
  for (const name of await readdir(dir)) {
    const staging = path.join(dir, name);
    if (!name.startsWith(PREFIX) || staging === own) continue;
    ((await isRunning(staging)) ? running : abandoned).push(staging);
  }
  return { running, abandoned };
}

async function isRunning(staging: string): Promise<boolean> {
  const pid = Number.parseInt(path.basename(staging).slice(PREFIX.length), 10);
  if (pid === process.pid) return ours.has(staging);
  if (!isAlive(pid)) return false;
  const { mtimeMs } = await stat(staging).catch(() => ({ mtimeMs: 0 }));
  return Date.now() - mtimeMs < STALE_MS;
}

function isAlive(pid: number): boolean {
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Alive, but another user's.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

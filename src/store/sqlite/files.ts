// The files of a store, and how one is put in the place of another so that at every moment the whole of one is there.

import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fchownSync,
  fsyncSync,
  linkSync,
  lstatSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { type FileDigest, NameNotFlushed } from '../backup.ts';

/** What SQLite keeps beside a database: its log, the index of that, and a journal to be rolled back. */
const BESIDE = ['-wal', '-shm', '-journal'] as const;

/** The files that SQLite may keep beside a database. */
export const besideOf = (file: string): string[] => BESIDE.map((ending) => file + ending);

/** Those of them that are there. */
export const foundBeside = (file: string): string[] => besideOf(file).filter((beside) => existsSync(beside));

/** Removes an unfinished copy, and what SQLite kept beside it. */
export function removeCopy(file: string): void {
  for (const name of [file, ...besideOf(file)]) rmSync(name, { force: true });
}

/** Bytes that are read at a time. */
const CHUNK = 1024 * 1024;
/** Bytes after which a copy is flushed, so that it never makes others' flushes wait for much of it. */
const FLUSH = 16 * CHUNK;

/** Reads a file from its beginning to its end; gives its digest. */
export async function digestFile(
  file: string,
  onChunk: (chunk: Uint8Array, bytes: number) => void = () => undefined,
): Promise<FileDigest> {
  const hash = createHash('sha256');
  const descriptor = openSync(file, 'r');
  const buffer = Buffer.alloc(CHUNK);
  let bytes = 0;
  try {
    for (;;) {
      const read = readSync(descriptor, buffer);
      if (read === 0) return { bytes, sha256: hash.digest('hex') };
      const chunk = buffer.subarray(0, read);
      hash.update(chunk);
      bytes += read;
      onChunk(chunk, bytes);
      await new Promise(setImmediate); // whoever shows how far it is has a turn
    }
  } finally {
    closeSync(descriptor);
  }
}

/** Copies a file into a new one that only its owner can read, down to the disk; gives the digest of what was read. */
export async function copyFile(
  from: string,
  to: string,
  onBytes: (bytes: number) => void,
): Promise<FileDigest> {
  const descriptor = openSync(to, 'wx', 0o600);
  try {
    let flushed = 0;
    const digest = await digestFile(from, (chunk, bytes) => {
      for (let at = 0; at < chunk.length; ) at += writeSync(descriptor, chunk, at);
      if (bytes - flushed >= FLUSH) {
        fsyncSync(descriptor);
        flushed = bytes;
      }
      onBytes(bytes);
    });
    fsyncSync(descriptor);
    return digest;
  } finally {
    closeSync(descriptor);
  }
}

/** Flushes a file, or the names in a folder. */
export function flush(name: string): void {
  const descriptor = openSync(name, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Flushes the names in the folder of a file; some network shares keep them by themselves and know no such thing. */
export function flushFolderOf(file: string): void {
  try {
    flush(path.dirname(path.resolve(file)));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EINVAL') throw error;
  }
}

/** Gives a file to the owner of another, where this user may do so: a service must be able to use what root restores. */
export function giveToOwnerOf(file: string, other: string): void {
  const { uid, gid } = statSync(other);
  const own = statSync(file);
  if (process.getuid?.() !== 0 || (own.uid === uid && own.gid === gid)) return;
  const descriptor = openSync(file, 'r');
  try {
    fchownSync(descriptor, uid, gid);
  } finally {
    closeSync(descriptor);
  }
}

/** What link(2) fails with where there are no hard links: FAT, and many a network share. */
const NO_LINKS = ['EPERM', 'EOPNOTSUPP', 'ENOTSUP', 'ENOSYS'];

/** Whether an error says that a file can have no second name there. */
export const isWithoutLinks = (error: unknown): boolean =>
  NO_LINKS.includes((error as NodeJS.ErrnoException).code ?? '');

/**
 * Gives a whole, flushed file its name, which nothing has yet. Throws EEXIST where something has, and NameNotFlushed
 * when it has the name, but maybe not for good.
 */
export function nameNew(whole: string, name: string): void {
  try {
    linkSync(whole, name);
  } catch (error) {
    if (!isWithoutLinks(error)) throw error;
    // The next best: whoever makes a file of that name between these two loses it. One that holds the name meanwhile,
    // empty, would be left there by a kill.
    if (lstatSync(name, { throwIfNoEntry: false }) !== undefined)
      throw Object.assign(new Error(`EEXIST: file already exists, ${name}`), { code: 'EEXIST' });
    renameSync(whole, name);
  }
  afterwards(name, () => rmSync(whole, { force: true }));
}

/**
 * Gives a whole, flushed file a name that another has; the other goes. At each moment one of both has it. Throws
 * NameNotFlushed as above.
 */
export function nameInstead(whole: string, name: string): void {
  renameSync(whole, name);
  afterwards(name);
}

/** The file has its name: what fails from here on does not take it away again. */
function afterwards(name: string, tidy: () => void = () => undefined): void {
  try {
    tidy();
    flushFolderOf(name);
  } catch (error) {
    throw new NameNotFlushed(
      `its folder could not be flushed (${(error as Error).message}): after a power cut the name may be as it was before`,
    );
  }
}

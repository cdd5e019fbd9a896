// The files of a store, and how one is put in the place of another so that at every moment the whole of one is there.

import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fchownSync,
  fsyncSync,
  linkSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import type { FileDigest } from '../backup.ts';

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

/** Flushes the names in the folder of a file. */
export const flushFolderOf = (file: string): void => flush(path.dirname(path.resolve(file)));

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

/** Gives a whole, flushed file its name, which nothing has yet. Throws EEXIST where something has. */
export function nameNew(whole: string, name: string): void {
  linkSync(whole, name);
  rmSync(whole);
  flushFolderOf(name);
}

/** Gives a whole, flushed file a name that another has; the other goes. At each moment one of both has it. */
export function nameInstead(whole: string, name: string): void {
  renameSync(whole, name);
  flushFolderOf(name);
}

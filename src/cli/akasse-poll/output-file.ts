// The file that beskeder are kept in: each once, durable before anybody says so, and whole again after any interruption.

import { constants, existsSync, lstatSync, realpathSync, statSync } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import path from 'node:path';
import { type LockUser, releaseLock, takeLock } from '../lock.ts';
import { CommandFailed } from '../outcome.ts';
import { type Besked, toLine } from './besked.ts';
import { readBeskedFile } from './read-file.ts';

const USER: LockUser = {
  command: 'akasse poll',
  file: 'file of beskeder',
  consequence: 'nothing was fetched',
};

/** What has been done with the beskeder that came. */
export interface KeepCounts {
  /** New in the file: forløb that began, and forløb that changed. */
  readonly creates: number;
  readonly updates: number;
  /** In the file already. */
  readonly alreadyThere: number;
}

/** A file of beskeder that is open for more. One process at a time may have it. */
export class BeskedFile {
  /** Bytes of a torn end that were cut off when it was opened. */
  readonly cutOff: number;
  readonly #path: string;
  readonly #handle: FileHandle;
  readonly #known: Set<string>;
  /** Bytes that are known to be durable. */
  #length: number;
  /** After a failed write nobody knows what is in the file until it is read again. */
  #isBroken = false;
  #counts = { creates: 0, updates: 0, alreadyThere: 0 };

  private constructor(at: string, handle: FileHandle, known: Set<string>, length: number, cutOff: number) {
    this.cutOff = cutOff;
    this.#path = at;
    this.#handle = handle;
    this.#known = known;
    this.#length = length;
  }

  /** See `openBeskedFile`. */
  static async open(given: string): Promise<BeskedFile> {
    const at = realPath(given);
    const before = statSync(at, { throwIfNoEntry: false });
    if (before !== undefined && !before.isFile()) throw cannotWrite(given, 'it is not a file');
    // One file under two names would have two locks.
    if (before !== undefined && before.nlink > 1) throw cannotWrite(given, 'it has another name as well');
    takeLock(at, USER);
    let handle: FileHandle | undefined;
    try {
      handle = await openFile(at);
      const { known, length, size, lacksLineEnd } = await readBeskedFile(handle, given);
      // Lines of a run that was killed may still be in memory only, and what stands here is never fetched again.
      if (length < size) await handle.truncate(length);
      if (lacksLineEnd) await handle.write('\n', length);
      await handle.datasync();
      await syncFolder(at);
      return new BeskedFile(at, handle, known, lacksLineEnd ? length + 1 : length, size - length);
    } catch (error) {
      await handle?.close();
      releaseLock(at);
      throw error instanceof CommandFailed ? error : cannotWrite(given, (error as Error).message);
    }
  }

  /** What this process has kept so far. */
  get counts(): KeepCounts {
    return this.#counts;
  }

  /**
   * Adds the beskeder that are not in the file yet, in their order, and resolves when they are on disk. When they
   * cannot be written the file is cut back to what it was and this rejects, as does every later call.
   */
  async keep(beskeder: readonly Besked[]): Promise<void> {
    if (this.#isBroken) throw new Error('the file of beskeder has to be opened again after a failed write');
    const fresh = new Map<string, Besked>();
    for (const besked of beskeder) {
      const key = besked.messageIdentifier.toLowerCase();
      if (!this.#known.has(key)) fresh.set(key, besked);
    }
    if (fresh.size > 0) await this.#append([...fresh.values()].map(toLine).join(''));
    for (const [key, { registrationType }] of fresh) {
      this.#known.add(key);
      this.#counts[registrationType === 'Create' ? 'creates' : 'updates'] += 1;
    }
    this.#counts.alreadyThere += beskeder.length - fresh.size;
  }

  /** Lets the file go. */
  async close(): Promise<void> {
    await this.#handle.close();
    releaseLock(this.#path);
  }

  /** What is terminated must be where everybody looks for it: not in a file that was moved, removed or changed. */
  async #check(size: number): Promise<void> {
    const [own, named] = await Promise.all([this.#handle.stat(), stat(this.#path).catch(() => undefined)]);
    if (named?.ino === own.ino && named.dev === own.dev && own.size === size) return;
    this.#isBroken = true;
    throw new CommandFailed(
      `${this.#path} was removed, replaced or changed while it was in use. The beskeder stay in the queue; leave the file alone while it is polled into, and poll again.`,
    );
  }

  async #append(text: string): Promise<void> {
    const bytes = Buffer.from(text);
    await this.#check(this.#length);
    try {
      for (let done = 0; done < bytes.length; ) {
        const { bytesWritten } = await this.#handle.write(bytes, done, undefined, this.#length + done);
        done += bytesWritten;
      }
      await this.#handle.datasync();
      await this.#check(this.#length + bytes.length);
    } catch (error) {
      this.#isBroken = true;
      if (error instanceof CommandFailed) throw error;
      // Where this fails too, the next run cuts off the torn line.
      await this.#handle.truncate(this.#length).catch(() => undefined);
      throw new CommandFailed(
        `${this.#path} could not be written (${(error as Error).message}). The beskeder stay in the queue; make room and poll again.`,
      );
    }
    this.#length += bytes.length;
  }
}

/**
 * Opens a file of beskeder, JSON lines, making it if need be (mode 0600), and reads which beskeder it has. A last line
 * that an interruption has torn is cut off: it comes again. Rejects when another process has the file open, when it is
 * not a file of beskeder, or when it cannot be written. Its `keep` fits `pollBeskeder`. Memory grows with the number
 * of beskeder in the file, by about 100 bytes each, up to 16 million of them.
 */
export const openBeskedFile = (file: string): Promise<BeskedFile> => BeskedFile.open(file);

/** The same file has one lock, by whatever name it is opened. */
function realPath(file: string): string {
  try {
    if (!existsSync(file) && lstatSync(file, { throwIfNoEntry: false }) !== undefined)
      throw new Error('it is a link to nothing');
    return existsSync(file)
      ? realpathSync(file)
      : path.join(realpathSync(path.dirname(file)), path.basename(file));
  } catch (error) {
    throw cannotWrite(file, (error as Error).message);
  }
}

async function openFile(at: string): Promise<FileHandle> {
  return open(at, constants.O_RDWR | constants.O_CREAT, 0o600);
}

async function syncFolder(file: string): Promise<void> {
  const folder = await open(path.dirname(file), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

const cannotWrite = (file: string, why: string): CommandFailed =>
  new CommandFailed(`The file of beskeder ${file} cannot be written: ${why}. Nothing was fetched.`);

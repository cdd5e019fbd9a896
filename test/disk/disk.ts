// A disk that keeps no more than it has promised: built from the system calls of a process, it gives the files as they
// are found when the power is cut. A write is on disk for certain once a later fsync of its file has succeeded, a name
// once an fsync of its folder has. What failed to be flushed counts as lost for ever, as on Linux.

import path from 'node:path';
import type { Seeded } from '../support/seeded.ts';
import { pathOf, stringsOf, type Traced } from './strace.ts';

const SECTOR = 512;
/** Calls whose first argument is a name. */
const NAMING = /^(?:rename|link|truncate)/;

/** The system calls that must be in a log for it, as strace names them; `?` where not every machine has the call. */
export const DISK_CALLS =
  'pwrite64,ftruncate,openat,?unlink,unlinkat,?mkdir,mkdirat,fsync,fdatasync,' +
  'write,writev,pwritev,pwritev2,fallocate,truncate,?rename,?renameat,renameat2,?link,linkat';

/** A change of a file: bytes at a place, or a new length. */
export interface Change {
  readonly offset: number;
  /** Undefined for a new length. */
  readonly bytes: Buffer | undefined;
  /** `made` when the system call has returned; `kept` when it is certainly on disk; `lost` when a flush of it failed. */
  state: 'begun' | 'made' | 'kept' | 'lost';
}

/** A file: what is certainly on disk, and the changes after it, in order. */
interface DiskFile {
  readonly kept: Content;
  changes: Change[];
}

/** A name that has come or gone, and whether that is certain. */
interface NameChange {
  readonly name: string;
  /** The file behind the name; undefined for a folder. Not there when the name is gone. */
  readonly to: DiskFile | 'folder' | undefined;
  isMade: boolean;
}

/** What a begun call will do when it succeeds or fails. */
type Ending = (succeeded: boolean) => void;

/** The disk below a folder, which is certainly there itself. */
export class Disk {
  readonly #root: string;
  /** Names that are certain, and what they name. */
  readonly #kept = new Map<string, DiskFile | 'folder'>();
  /** Names as processes see them. */
  readonly #seen = new Map<string, DiskFile | 'folder'>();
  #names: NameChange[] = [];
  readonly #endings = new Map<string, Ending>();
  /** Is told of each write to a file. */
  readonly #onWrite: (name: string, change: Change) => void;

  constructor(root: string, onWrite: (name: string, change: Change) => void = () => undefined) {
    this.#root = root;
    this.#onWrite = onWrite;
  }

  /** A file that is certainly there. */
  add(name: string, content: Buffer): void {
    const file: DiskFile = { kept: new Content(content), changes: [] };
    this.#kept.set(name, file);
    this.#seen.set(name, file);
  }

  /** Takes the next system call of the log. */
  take(call: Traced): void {
    if (call.phase === 'ends') {
      this.#endings.get(call.pid)?.((call.result ?? -1) >= 0);
      this.#endings.delete(call.pid);
      return;
    }
    const ending = this.#begin(call);
    if (ending !== undefined) this.#endings.set(call.pid, ending);
  }

  /**
   * The files as they are found when the power is cut now. Without chance, nothing is there but what is certain; with it,
   * any part of the rest is, and writes may be torn between sectors.
   */
  afterPowerCut(chance?: Seeded): Map<string, Buffer> {
    const names = new Map(this.#kept);
    for (const { name, to } of this.#names)
      if (chance?.chance(0.5)) {
        if (to === undefined) names.delete(name);
        else names.set(name, to);
      }
    const found = new Map<string, Buffer>();
    for (const [name, file] of names)
      if (file !== 'folder' && this.#isReachable(name, names)) found.set(name, contentOf(file, chance));
    return found;
  }

  #begin({ name, args }: Traced): Ending | undefined {
    switch (name) {
      case 'pwrite64': {
        const offset = Number(/, (\d+)$/.exec(args)![1]);
        return this.#change(this.#under(pathOf(args)), offset, stringsOf(args)[0]!);
      }
      case 'ftruncate':
        return this.#change(this.#under(pathOf(args)), Number(/, (\d+)$/.exec(args)![1]), undefined);
      case 'fsync':
      case 'fdatasync':
        return this.#flush(this.#under(pathOf(args)));
      case 'openat':
      case 'mkdir':
      case 'mkdirat':
      case 'unlink':
      case 'unlinkat':
        return this.#nameChange(name, args);
      default:
        this.#demandElsewhere(name, args);
        return undefined;
    }
  }

  /** The name below the root, `.` for the root itself; undefined for what is elsewhere. */
  #under(file: string): string | undefined {
    const name = path.relative(this.#root, file);
    return file === '' || name.startsWith('..') ? undefined : name || '.';
  }

  #change(name: string | undefined, offset: number, bytes: Buffer | undefined): Ending | undefined {
    const file = name === undefined ? undefined : this.#seen.get(name);
    // The index of the log is shared memory: it is made anew after a power cut.
    if (file === undefined || file === 'folder' || name!.endsWith('-shm')) return undefined;
    const change: Change = { offset, bytes, state: 'begun' };
    file.changes.push(change);
    this.#onWrite(name!, change);
    return (succeeded) => {
      if (succeeded) change.state = 'made';
      else file.changes = file.changes.filter((one) => one !== change);
    };
  }

  #flush(name: string | undefined): Ending | undefined {
    if (name === undefined) return undefined;
    const file = this.#seen.get(name);
    if (file === 'folder' || name === '.') {
      const names = this.#names.filter((one) => one.isMade && path.dirname(one.name) === name);
      return (succeeded) => {
        if (succeeded) this.#keepNames(names);
      };
    }
    if (file === undefined) return undefined;
    const made = file.changes.filter(({ state }) => state === 'made');
    return (succeeded) => {
      for (const change of made) {
        change.state = succeeded ? 'kept' : 'lost';
        if (succeeded) file.kept.apply(change);
      }
      file.changes = file.changes.filter(({ state }) => state !== 'kept' && state !== 'lost');
    };
  }

  #nameChange(call: string, args: string): Ending | undefined {
    const name = this.#under(stringsOf(args)[0]!.toString());
    if (name === undefined || name === '.') return undefined;
    if (call.startsWith('unlink')) {
      return (succeeded) => {
        if (!succeeded) return;
        this.#seen.delete(name);
        this.#names.push({ name, to: undefined, isMade: true });
      };
    }
    if (this.#seen.has(name) || (call === 'openat' && !args.includes('O_CREAT'))) return undefined;
    return (succeeded) => {
      if (!succeeded) return;
      const to = call.startsWith('mkdir') ? 'folder' : { kept: new Content(Buffer.alloc(0)), changes: [] };
      this.#seen.set(name, to);
      this.#names.push({ name, to, isMade: true });
    };
  }

  /** What this disk does not know must not be done to its files. */
  #demandElsewhere(call: string, args: string): void {
    const touched = /^\d+</.test(args)
      ? pathOf(args)
      : NAMING.test(call)
        ? stringsOf(args)[0]!.toString()
        : '';
    const name = this.#under(touched);
    if (name !== undefined && !name.endsWith('-shm')) throw new Error(`${call} on ${name} is not understood`);
  }

  #keepNames(names: readonly NameChange[]): void {
    for (const { name, to } of names)
      if (to === undefined) this.#kept.delete(name);
      else this.#kept.set(name, to);
    this.#names = this.#names.filter((one) => !names.includes(one));
  }

  #isReachable(name: string, names: ReadonlyMap<string, unknown>): boolean {
    const folder = path.dirname(name);
    return folder === '.' || (names.has(folder) && this.#isReachable(folder, names));
  }
}

/** Bytes that grow at their end without being copied each time. */
class Content {
  #room: Buffer;
  #length: number;

  constructor(bytes: Buffer) {
    this.#room = Buffer.from(bytes);
    this.#length = bytes.length;
  }

  get bytes(): Buffer {
    return this.#room.subarray(0, this.#length);
  }

  apply({ offset, bytes }: Pick<Change, 'offset' | 'bytes'>): void {
    const end = bytes === undefined ? offset : Math.max(this.#length, offset + bytes.length);
    if (end > this.#room.length) {
      const wider = Buffer.alloc(end * 2);
      this.bytes.copy(wider);
      this.#room = wider;
    }
    if (end < this.#length) this.#room.fill(0, end, this.#length);
    this.#length = end;
    bytes?.copy(this.#room, offset);
  }
}

function contentOf({ kept, changes }: DiskFile, chance: Seeded | undefined): Buffer {
  const content = new Content(kept.bytes);
  if (chance !== undefined)
    for (const change of changes)
      if (chance.chance(0.5)) content.apply(chance.chance(0.5) ? change : torn(change, chance));
  return content.bytes;
}

/** Some of the sectors of a write. */
function torn({ offset, bytes }: Change, chance: Seeded): Pick<Change, 'offset' | 'bytes'> {
  if (bytes === undefined || bytes.length <= SECTOR) return { offset, bytes };
  const at = SECTOR * (1 + chance.below(Math.floor((bytes.length - 1) / SECTOR)));
  return chance.chance(0.5)
    ? { offset: offset + at, bytes: bytes.subarray(at) }
    : { offset, bytes: bytes.subarray(0, at) };
}

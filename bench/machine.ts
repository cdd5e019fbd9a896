// What processes have used of the machine, as Linux tells it, and what machine it is.

import { readdirSync, readFileSync, statfsSync } from 'node:fs';
import { cpus } from 'node:os';

const TICKS_A_SECOND = 100;
/** What `statfs` says of a file system in memory, where a flush costs nothing. */
const TMPFS = 0x01021994;

/** The fields of a process behind its name, from its state on; undefined when it has ended. */
function fieldsOf(pid: number): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

/** Seconds of CPU that the processes have used since they were started, all their threads together. */
export const cpuOf = (pids: readonly number[]): number =>
  pids.reduce((sum, pid) => sum + ticksOf(fieldsOf(pid), [11, 12]), 0) / TICKS_A_SECOND;

/** Seconds of CPU of a process, of those that it has started and of those of them that have ended. */
export const cpuWithChildrenOf = (pid: number): number =>
  ticksOf(fieldsOf(pid), [11, 12, 13, 14]) / TICKS_A_SECOND + cpuOf(childrenOf(pid));

const ticksOf = (fields: readonly string[] | undefined, at: readonly number[]): number =>
  fields === undefined ? 0 : at.reduce((sum, each) => sum + Number(fields[each]), 0);

/** The processes that a process has started and that have not ended. */
const childrenOf = (parent: number): number[] =>
  readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && Number(fieldsOf(pid)?.[1]) === parent);

/** Megabytes (10⁶ bytes) of memory that a process holds. */
export interface Memory {
  readonly now: number;
  /** The most that it has held so far. */
  readonly most: number;
}

/** What a process holds. */
export function memoryOf(pid: number): Memory {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const of = (name: string): number =>
    (Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)![1]) * 1024) / 1e6;
  return { now: of('VmRSS'), most: of('VmHWM') };
}

/** The machine in words. */
export const machineInWords = (): string =>
  `${cpus().length} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), Node ${process.versions.node}`;

/** Whether the files of a folder are in memory only. */
export const isInMemory = (folder: string): boolean => statfsSync(folder).type === TMPFS;

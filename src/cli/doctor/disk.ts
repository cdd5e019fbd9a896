// The file system that holds the store: does it keep what it is given, and is there room?

import type { StoreCondition } from '../../store/store.ts';
import { bad, type Finding, good } from './check.ts';
import type { Machine } from './machine.ts';
import { existingFolderOf } from './store.ts';

const MIB = 1024 * 1024;

/**
 * Bytes that must be free: a call takes about 3 kB with its audit entry, so this is some 300 000 calls, time enough to
 * make room. A share of the disk would say nothing: 5 % is a day on a small one and years on a large one.
 */
export const LEAST_FREE = 1024 * MIB;

/** File systems that forget everything when the machine stops, by the magic number of Linux. */
const IN_MEMORY: Readonly<Record<number, string>> = { 16914836: 'tmpfs', 2240043254: 'ramfs' };
/** File systems of other machines, whose locks and flushes SQLite cannot rely on. */
const REMOTE: Readonly<Record<number, string>> = {
  26985: 'NFS',
  20859: 'SMB',
  4283649346: 'CIFS',
  4266872130: 'SMB',
  16914839: '9P',
  12805120: 'Ceph',
};
/** The layer of a container: kept as long as the container is, so it is no failure, but worth a word. */
const OVERLAY = 0x794c7630;

/** The disk on which the store is or will be made. That of a server is not seen from here. */
export function checkDisk({ place }: StoreCondition, { fileSystemOf }: Machine): Finding[] {
  if (place.kind === 'server')
    return [good('disk', `it is the database server's own, ${place.name}: watch it there`)];
  const folder = existingFolderOf(place.file);
  const { kind, freeBytes } = fileSystemOf(folder);
  const magic = kind === undefined ? undefined : kind >>> 0;
  const findings: Finding[] = [];
  const memory = magic === undefined ? undefined : IN_MEMORY[magic];
  if (memory !== undefined) {
    findings.push(
      bad('disk', `${folder} is kept in memory (${memory}): a restart of the machine loses the store`, MOVE),
    );
  }
  const remote = magic === undefined ? undefined : REMOTE[magic];
  if (remote !== undefined) {
    findings.push(
      bad('disk', `${folder} is on another machine (${remote}), where a write-ahead log is not safe`, MOVE),
    );
  }
  if (freeBytes < LEAST_FREE) {
    findings.push(
      bad(
        'disk',
        `${mebibytes(freeBytes)} are free in ${folder}, less than ${mebibytes(LEAST_FREE)}; on a full disk every call is answered 1011`,
        'Make room there, or move the store to a larger disk while the service is stopped',
      ),
    );
  }
  if (findings.length > 0) return findings;
  const layer =
    magic === OVERLAY
      ? '; it is the layer of a container and goes with it, use a volume for what must stay'
      : '';
  return [good('disk', `${mebibytes(freeBytes)} are free where the store is${layer}`)];
}

const MOVE = 'Move the store to a local disk while the service is stopped, and name it in PENSION_STORE';

const mebibytes = (bytes: number): string => `${Math.floor(bytes / MIB)} MiB`;

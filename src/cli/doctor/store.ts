// The store: can the service use it, is every commit on disk, and who else may read it?

import { accessSync, constants, existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { nameOfPlace } from '../../store/open-store.ts';
import type { StoreCondition, StoreInUse, StorePlace } from '../../store/store.ts';
import { bad, type Finding, good } from './check.ts';

/** The store as its setting names it. With the durability `test` it is not known whether a server flushes. */
export function checkStore(
  condition: StoreCondition,
  durability: 'required' | 'test' = 'required',
): Finding[] {
  const { place } = condition;
  const blocked = place.kind === 'file' ? cannotWrite(place.file) : undefined;
  if (blocked !== undefined) {
    return [
      bad(
        'store',
        `${blocked} cannot be written to by this user`,
        "Run this as the user of the service; give that user the right to write the store's file and its folder",
      ),
    ];
  }
  const name = nameOfPlace(place);
  if (condition.state === 'unusable') return [bad('store', `${name}: ${condition.reason}`, condition.remedy)];
  if (condition.state === 'none') {
    return [good('store', `${name} is not there yet; the first start makes it`)];
  }
  const findings = [...notDurable(condition), ...(place.kind === 'file' ? readByOthers(place.file) : [])];
  return findings.length > 0 ? findings : [good('store', describe(condition, durability))];
}

function describe({ place, version, state, schema, lookedThrough }: StoreInUse, durability: string): string {
  const its =
    state === 'current'
      ? `schema ${schema}`
      : `an older schema (${schema}), which the next start brings up to date`;
  if (place.kind === 'server') {
    const flushed =
      durability === 'test'
        ? 'whether it flushes every commit is not looked at (PENSION_STORE_DURABILITY=test): never for real data'
        : 'every commit is flushed to its disk (fsync, full_page_writes, synchronous_commit)';
    return `${place.name}${version === undefined ? '' : ` (${version})`} has ${its}; ${flushed}`;
  }
  const pages = lookedThrough ? 'no page is damaged' : 'too large to look through every page here';
  return `${path.basename(place.file)} has ${its}; every commit is flushed to the disk (write-ahead log, synchronous=FULL); ${pages}`;
}

/** What stands in the way of writing: the file, or the folder it is in or will be made in. */
function cannotWrite(file: string): string | undefined {
  if (existsSync(file) && !may(file, constants.R_OK | constants.W_OK)) return file;
  const folder = existingFolderOf(file);
  const isUsable = statSync(folder).isDirectory() && may(folder, constants.W_OK | constants.X_OK);
  return isUsable ? undefined : folder;
}

/** The folder in which the file is, or the nearest one above it that is there already. */
export function existingFolderOf(file: string): string {
  let folder = path.dirname(path.resolve(file));
  while (!existsSync(folder) && folder !== path.dirname(folder)) folder = path.dirname(folder);
  return folder;
}

function may(at: string, rights: number): boolean {
  try {
    accessSync(at, rights);
    return true;
  } catch {
    return false;
  }
}

const REMEDY_OF_DURABILITY: Readonly<Record<StorePlace['kind'], string>> = {
  file: 'Start the service on it once, which sets it right; if it stays so, put the store on a local disk',
  server: 'Set fsync, full_page_writes and synchronous_commit to on in PostgreSQL',
};

const notDurable = ({ place, notDurable: problem }: StoreInUse): Finding[] =>
  problem === undefined
    ? []
    : [
        bad(
          'store',
          `${nameOfPlace(place)} does not hold every commit as soon as it is answered: ${problem}`,
          REMEDY_OF_DURABILITY[place.kind],
        ),
      ];

/** Whoever can read the file reads every citizen in it. */
function readByOthers(file: string): Finding[] {
  if (process.platform === 'win32') return []; // has no such rights
  const open = [file, `${file}-wal`, `${file}-shm`].filter(
    (at) => existsSync(at) && (statSync(at).mode & 0o077) !== 0,
  );
  if (open.length === 0) return [];
  return [
    bad(
      'store',
      `${open.join(', ')} can be read or written by others than the owner`,
      `Take their rights away: chmod 600 ${open.join(' ')}`,
    ),
  ];
}

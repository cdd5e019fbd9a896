// The store: can the service use it, is every commit on disk, and who else may read it?

import { accessSync, constants, existsSync, statSync } from 'node:fs';
import path from 'node:path';
import type { StoreCondition, StoreInUse } from '../../store/store.ts';
import { bad, type Finding, good } from './check.ts';

/** The store as its setting names it. */
export function checkStore(condition: StoreCondition): Finding[] {
  const { file } = condition;
  const blocked = cannotWrite(file);
  if (blocked !== undefined) {
    return [
      bad(
        'store',
        `${blocked} cannot be written to by this user`,
        "Run this as the user of the service; give that user the right to write the store's file and its folder",
      ),
    ];
  }
  if (condition.state === 'unusable') return [bad('store', `${file}: ${condition.reason}`, condition.remedy)];
  if (condition.state === 'none') {
    return [good('store', `${file} is not there yet; the first start makes it`)];
  }
  const findings = [...notDurable(condition), ...readByOthers(condition)];
  return findings.length > 0 ? findings : [good('store', describe(condition))];
}

function describe({ file, state, schema, lookedThrough }: StoreInUse): string {
  const its =
    state === 'current'
      ? `schema ${schema}`
      : `an older schema (${schema}), which the next start brings up to date`;
  const pages = lookedThrough ? 'no page is damaged' : 'too large to look through every page here';
  return `${path.basename(file)} has ${its}; every commit is flushed to the disk (write-ahead log, synchronous=FULL); ${pages}`;
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

const notDurable = ({ file, notDurable: problem }: StoreInUse): Finding[] =>
  problem === undefined
    ? []
    : [
        bad(
          'store',
          `${file} does not hold every commit as soon as it is answered: ${problem}`,
          'Start the service on it once, which sets it right; if it stays so, put the store on a local disk',
        ),
      ];

/** Whoever can read the file reads every citizen in it. */
function readByOthers({ file }: StoreInUse): Finding[] {
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

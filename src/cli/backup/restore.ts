// Puts a backup where the store is kept. A copy of it is verified beside that place, gets the entry that says what
// was done, and takes the place in one step.

import path from 'node:path';
import type { NotedSeal } from '../../access/audit/verify.ts';
import { systemPorts } from '../../domain/ports.ts';
import {
  addressOf,
  type CheckResult,
  copies,
  type FileDigest,
  filesOf,
  NameNotFlushed,
  PlaceTaken,
  type PutAside,
  type StoreContents,
} from '../../store/open-store.ts';
import { StoreError, StoreFailingError } from '../../store/store.ts';
import { releaseLock, takeLock } from '../lock.ts';
import { operatorEntry } from '../operator.ts';
import { CommandFailed } from '../outcome.ts';
import { startProgress } from '../progress.ts';
import { contentsDetaljer, sealText } from './contents.ts';
import { demandFolder, demandSpace, explainFile, placeOf, refuseStoreItself, statOf } from './files.ts';
import { failed, verified } from './verified.ts';

export interface RestoreRequest {
  readonly file: string;
  /** Of the place. */
  readonly address: string;
  /** A store that is there is put aside. */
  readonly replace: boolean;
  /** A backup that does not pass a check is taken all the same. */
  readonly anyway: boolean;
  readonly noted?: NotedSeal | undefined;
  readonly onCheck: (check: CheckResult) => void;
}

export interface Restored extends FileDigest {
  /** The file of the store. */
  readonly store: string;
  /** What came with the backup; undefined where it cannot be counted. */
  readonly contents: StoreContents | undefined;
  readonly checks: readonly CheckResult[];
  /** The store that was there before. */
  readonly aside?: PutAside;
}

/** Restores. Throws CommandFailed, UsageError and StoreError; then nothing was changed, or the message says what was. */
export async function restore(asked: RestoreRequest): Promise<Restored> {
  const { file, replace } = asked;
  // Where a symbolic link leads, there the store is.
  const store = placeOf(filesOf(asked.address)[0]!);
  const address = addressOf(store);
  const request = { ...asked, address };
  const copy = `${store}.restoring`;
  refuseStoreItself(address, file);
  refuseStoreItself(addressOf(copy), file);
  const bytes = demandOneFile(file);
  demandFolder(store);
  takeLock(store, { command: 'pension restore', file: 'store', consequence: 'nothing was changed' });
  try {
    copies.checkPlace(address, { replace });
    copies.remove(copy); // of one that was killed
    demandSpace(store, bytes);
    return await place(request, store, copy, bytes);
  } catch (error) {
    copies.remove(copy);
    throw explain(error, { file, copy, store });
  } finally {
    releaseLock(store);
  }
}

/** A backup is one file: what a log beside it holds would be missing. Gives how long it is. */
function demandOneFile(file: string): number {
  const found = statOf(file);
  if (found === undefined) throw new CommandFailed(`There is no file ${file}.`);
  if (!found.isFile()) throw new CommandFailed(`${file} is not a file; name a backup.`);
  const [, log, , journal] = filesOf(addressOf(file));
  const beside = [log!, journal!].find((name) => (statOf(name)?.size ?? 0) > 0);
  if (beside !== undefined)
    throw new CommandFailed(
      `${file} is not whole by itself: part of it is in ${beside}. It is a store, not a backup: make one of it, with pension backup under PENSION_STORE=sqlite:${file}.`,
    );
  return found.size;
}

async function place(
  { file, address, replace, anyway, noted, onCheck }: RestoreRequest,
  store: string,
  copy: string,
  bytes: number,
): Promise<Restored> {
  const progress = startProgress(bytes, 'bytes');
  const digest = await copies.take(file, copy, (done) => progress.update(done));
  progress.stop();
  copies.bringUp(copy, systemPorts);
  const { checks, contents } = await verified(addressOf(copy), { noted, onCheck });
  const bad = failed(checks);
  if (bad.length > 0 && !anyway)
    throw new CommandFailed(
      `${file} does not pass ${bad.join(', ')}; nothing was changed. Take an earlier backup; --anyway takes this one all the same.`,
    );
  const now = systemPorts.now().toISOString();
  const entry = (aside: PutAside | undefined) =>
    operatorEntry('GendanStore', {
      detaljer: JSON.stringify({
        fil: path.resolve(file),
        ...contentsDetaljer(digest, contents),
        ...(bad.length > 0 && { afvigelser: bad }),
        ...(aside && { erstattet: asideDetaljer(aside) }),
      }),
    });
  const aside = replace ? `${store}.before-${now.replaceAll(/[-:.]/g, '')}` : undefined;
  const old = await copies.place(copy, address, { entry, ...(aside && { aside }) }, systemPorts);
  return { ...digest, store, contents, checks, ...(old && { aside: old }) };
}

const asideDetaljer = ({ file, contents }: PutAside) => ({
  fil: file,
  ...(contents && { poster: contents.entries, segl: sealText(contents) ?? null }),
});

/** What is said of the copy is said of the backup: that is the file the operator knows. */
function explain(
  error: unknown,
  { file, copy, store }: { readonly file: string; readonly copy: string; readonly store: string },
): unknown {
  if (error instanceof PlaceTaken) return new CommandFailed(error.message);
  if (error instanceof NameNotFlushed)
    return new CommandFailed(
      `${store} is restored from ${file}, but ${error.message}. A store that was there is beside it, as ${path.basename(store)}.before-…. Look after the disk, and look which store is there before a service starts.`,
    );
  // The copy gets its entry, and that failed.
  if (error instanceof StoreFailingError)
    return new CommandFailed(`${file} cannot be restored: ${error.message}. The store is as it was.`);
  if (error instanceof StoreError)
    return new CommandFailed(
      error.message.replaceAll(copy, file).replace(/^PENSION_STORE: /, 'The backup cannot be used: '),
    );
  return explainFile(error, `${file} cannot be restored`, 'The store is as it was.');
}

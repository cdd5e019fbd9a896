// Makes a backup: a copy of the store in use, under another name until it has been verified and is on the disk.
//
// Its entry in the audit trail is written twice: before the copy is begun, for no copy of every citizen's data may be
// made without a trace, and so that the copy says of itself that it is one; and before it gets its name, with the
// digest by which it is known again. A trail may so tell of a copy that was never finished, never the other way round.

import path from 'node:path';
import { systemPorts } from '../../domain/ports.ts';
import {
  addressOf,
  type CheckResult,
  copies,
  type FileDigest,
  NameNotFlushed,
  openStore,
  type StoreContents,
} from '../../store/open-store.ts';
import { StoreFailingError } from '../../store/store.ts';
import { releaseLock, takeLock } from '../lock.ts';
import { operatorEntry } from '../operator.ts';
import { CommandFailed } from '../outcome.ts';
import { startProgress } from '../progress.ts';
import { storeFailingText } from '../store-failing.ts';
import { contentsDetaljer } from './contents.ts';
import { demandFolder, demandSpace, explainFile, refuseStoreItself, statOf } from './files.ts';
import { failed, verified } from './verified.ts';

export interface BackupRequest {
  /** Of the store. */
  readonly address: string;
  readonly file: string;
  /** A file of that name may be there; it is replaced when the new one is whole. */
  readonly replace: boolean;
  /** A copy that does not pass a check is kept all the same. */
  readonly anyway: boolean;
  readonly onCheck: (check: CheckResult) => void;
}

export interface Backup extends FileDigest {
  /** Undefined where they cannot be counted. */
  readonly contents: StoreContents | undefined;
  readonly checks: readonly CheckResult[];
}

/** What is not finished is called so, and can be taken for nothing else. */
const unfinished = (file: string): string => `${file}.partial`;

/**
 * Makes the backup. Throws CommandFailed, UsageError and StoreError; then there is none of that name, or the message
 * says that there is.
 */
export async function makeBackup(request: BackupRequest): Promise<Backup> {
  const { address, file, replace } = request;
  const partial = unfinished(file);
  refuseStoreItself(address, file, partial, `${file}.lock`);
  demandFolder(file);
  const there = statOf(file);
  if (there !== undefined && !replace)
    throw new CommandFailed(`${file} is there already. Name another file, or replace it with --replace.`);
  if (there?.isFile() === false) throw new CommandFailed(`${file} is not a file; name another.`);
  const bytes = copies.size(address);
  takeLock(file, { command: 'pension backup', file: 'backup', consequence: 'no backup was made' });
  try {
    copies.remove(partial); // of one that was killed
    demandSpace(file, bytes);
    return await copy(request, partial);
  } catch (error) {
    copies.remove(partial);
    if (error instanceof NameNotFlushed)
      throw new CommandFailed(
        `${file} is made, but ${error.message}. Look after the disk, and make another.`,
      );
    throw explainFile(error, `${file} cannot be written`, 'No backup was made.');
  } finally {
    releaseLock(file);
  }
}

async function copy(request: BackupRequest, partial: string): Promise<Backup> {
  const { address, file, replace, anyway, onCheck } = request;
  const begun = operatorEntry('TagSikkerhedskopi', {
    detaljer: JSON.stringify({ trin: 'paabegyndt', fil: path.resolve(file) }),
  });
  await keep(address, begun);
  const size = copies.size(address);
  const progress = startProgress(size, 'bytes');
  try {
    await copies.make(address, partial, (done, total) => progress.update(Math.round((done / total) * size)));
  } finally {
    progress.stop();
  }
  const { checks, contents } = await verified(addressOf(partial), { onCheck });
  const bad = failed(checks);
  if (bad.length > 0 && !anyway)
    throw new CommandFailed(
      `The copy does not pass ${bad.join(', ')}, and so neither does the store; no backup was made. Look into it first; --anyway makes one all the same.`,
    );
  const digest = await copies.digest(partial);
  await keep(address, {
    ...operatorEntry('TagSikkerhedskopi', {
      detaljer: JSON.stringify({
        trin: 'faerdig',
        fil: path.resolve(file),
        ...contentsDetaljer(digest, contents),
        ...(bad.length > 0 && { afvigelser: bad }),
      }),
    }),
    correlationId: begun.correlationId,
  });
  copies.name(partial, file, { replace });
  return { ...digest, contents, checks };
}

async function keep(address: string, entry: ReturnType<typeof operatorEntry>): Promise<void> {
  const store = await openStore(address, systemPorts, { mustExist: true });
  try {
    await store.audit.record(entry);
  } catch (error) {
    if (!(error instanceof StoreFailingError)) throw error;
    throw new CommandFailed(`No backup was made: ${storeFailingText(error)}`);
  } finally {
    await store.close();
  }
}

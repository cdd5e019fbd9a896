// Copies a store as the command does it: with a bar for each part of the work, and the entries of an operator.

import {
  type CheckResult,
  type Copied,
  CopyRefused,
  copyBetween,
  type StoreContents,
  type StoreOptions,
} from '../../store/open-store.ts';
import { StoreError } from '../../store/store.ts';
import { failed, verifiedRows } from '../backup/verified.ts';
import { operatorEntry } from '../operator.ts';
import { CommandFailed } from '../outcome.ts';
import { type Progress, startProgress } from '../progress.ts';

export interface CopyAsked {
  /** Addresses. */
  readonly from: string;
  readonly to: string;
  readonly durability: NonNullable<StoreOptions['durability']>;
  readonly onCheck: (check: CheckResult) => void;
}

export interface StoreCopied extends Copied {
  /** What was verified; undefined where the copy was finished before. */
  readonly contents: StoreContents | undefined;
  readonly checks: readonly CheckResult[];
}

/** Copies. Throws CommandFailed; then there is no store at `to`, or one that nobody can open until it is finished. */
export async function copy({ from, to, durability, onCheck }: CopyAsked): Promise<StoreCopied> {
  const bars = makeBars();
  let found: Pick<StoreCopied, 'contents' | 'checks'> = { contents: undefined, checks: [] };
  try {
    const copied = await copyBetween(from, to, {
      durability,
      entry: (detaljer) => operatorEntry('KopierStore', { detaljer }),
      onRows: bars.show,
      verify: async (rows) => {
        bars.stop();
        found = await verifiedRows(rows, { onCheck });
        return failed(found.checks);
      },
    });
    return { ...copied, ...found };
  } catch (error) {
    if (error instanceof CopyRefused) throw new CommandFailed(error.message);
    if (error instanceof StoreError) throw new CommandFailed(error.message.replace(/^PENSION_STORE:? /, ''));
    throw error;
  } finally {
    bars.stop();
  }
}

/** One bar after the other, each for its part of the work. */
function makeBars() {
  let bar: Progress | undefined;
  let shown = '';
  const stop = (): void => {
    bar?.stop();
    bar = undefined;
  };
  return {
    show: (what: string, done: number, total: number): void => {
      if (what !== shown) {
        stop();
        bar = startProgress(total, `rows ${what}`, done);
        shown = what;
      }
      bar?.update(done);
    },
    stop,
  };
}

// Verifies an exported trail, from nothing but its file.

import { checkFace, checkRevealed } from '../../access/audit/digest.ts';
import type { AuditEntry } from '../../access/audit/entry.ts';
import type { FullSeal } from '../../access/audit/seal.ts';
import { type CheckedEntry, type NotedSeal, type Verdict, verifyTrail } from '../../access/audit/verify.ts';
import { type SelectionItem, verifySelection } from '../../access/audit/verify-selection.ts';
import { CommandFailed } from '../outcome.ts';
import { readEnds, readLines } from './export-file.ts';
import { ENTRY_KEYS, type ExportedEntry } from './export-line.ts';

/** What a file turned out to be: everything, or a selection. */
export interface ExportVerdict {
  readonly verdict: Verdict;
  readonly isComplete: boolean;
}

/** Verifies the file. Throws CommandFailed when it is no export, was cut off, or does not hold the seal that was noted. */
export async function verifyExport(file: string, noted?: NotedSeal): Promise<ExportVerdict> {
  const { head, end } = readEnds(file);
  const isComplete = Object.keys(head.filter).length === 0;
  let isHeld = false;
  const items = itemsOf(file, (nr) => {
    isHeld ||= nr === noted?.nr;
  });
  // A seal made after the export is no reason to call its last entries removed.
  const known = noted !== undefined && isComplete && noted.nr > end.seals ? undefined : noted;
  const verdict = isComplete
    ? await verifyTrail({ ...separate(items), counters: end }, known)
    : await verifySelection(items, end, known);
  if (verdict.ok && noted !== undefined && !isHeld) {
    throw new CommandFailed(
      `${file} agrees with itself, but does not hold seal ${noted.nr}: it was written before that was made, is of other entries, or was cut off.`,
    );
  }
  return { verdict, isComplete };
}

async function* itemsOf(
  file: string,
  onSeal: (nr: number) => void,
): AsyncGenerator<SelectionItem, undefined> {
  for (const line of readLines(file)) {
    if ('entry' in line) yield { entry: check(line.entry) };
    if ('seal' in line) {
      onSeal(line.seal.nr);
      yield { seal: line.seal };
    }
  }
  return undefined;
}

/** An exported entry by its digest: of its face, or worked out from what it says in full. */
function check(exported: ExportedEntry): CheckedEntry {
  const ordered: Record<string, unknown> = {};
  for (const key of ENTRY_KEYS) if (exported[key] !== undefined) ordered[key] = exported[key];
  if (exported.salt === undefined) return checkFace(ordered as Parameters<typeof checkFace>[0]);
  const { salt, ...entry } = ordered;
  return checkRevealed(entry as unknown as AuditEntry, String(salt));
}

/** Entries and seals of one file, each to be read by itself; what comes too early for one reader waits for it. */
function separate(items: AsyncGenerator<SelectionItem, undefined>) {
  const entries: CheckedEntry[] = [];
  const seals: FullSeal[] = [];
  const readOne = async (): Promise<boolean> => {
    const { value } = await items.next();
    if (value === undefined) return false;
    if ('entry' in value) entries.push(value.entry);
    else seals.push({ ...value.seal, entries: value.seal.entries ?? [] });
    return true;
  };
  async function* take<T>(queue: T[]): AsyncGenerator<T> {
    for (;;) {
      for (const item of queue.splice(0)) yield item;
      if (queue.length === 0 && !(await readOne())) return;
    }
  }
  return { entries: take(entries), seals: take(seals) };
}

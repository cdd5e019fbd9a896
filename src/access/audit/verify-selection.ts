// Verifies a selection of a trail: some of its entries, with the seals that stand for them. It proves that each is as it
// was sealed; what was left out cannot be known.

import type { SealOrLink } from './seal.ts';
import {
  type CheckedEntry,
  checkNoted,
  checkSeal,
  type NotedSeal,
  type PreviousSeal,
  Tampered,
  type Verdict,
} from './verify.ts';

/** What a selection consists of, in the order in which it was written: each seal behind the entries it stands for. */
export type SelectionItem = { readonly entry: CheckedEntry } | { readonly seal: SealOrLink };

/** Verifies a selection that is said to have so many entries and seals, and that it agrees with a noted seal it holds. */
export async function verifySelection(
  items: AsyncIterable<SelectionItem>,
  counted: { readonly entries: number; readonly seals: number },
  noted?: NotedSeal,
): Promise<Verdict> {
  try {
    const { lastSeq, ...verdict } = await walk(items, noted);
    if (verdict.entries === counted.entries && verdict.seals === counted.seals) return verdict;
    const { entries, seals } = counted;
    const grund = `the file was written with ${entries} entries and ${seals} seals; it has ${verdict.entries} and ${verdict.seals}`;
    return { ok: false, seq: lastSeq + 1, grund };
  } catch (error) {
    if (error instanceof Tampered) return { ok: false, seq: error.seq, grund: error.message };
    throw error;
  }
}

async function walk(items: AsyncIterable<SelectionItem>, noted: NotedSeal | undefined) {
  let waiting: CheckedEntry[] = [];
  let last: PreviousSeal | undefined;
  let entries = 0;
  let seals = 0;
  let seq = 0; // of the last entry that was read, or that a seal behind it stands for
  for await (const item of items) {
    if ('entry' in item) {
      const { entry } = item;
      if (entry.seq <= seq) throw new Tampered(entry.seq, 'it is out of order');
      if (entry.problem !== undefined) throw new Tampered(entry.seq, entry.problem);
      seq = entry.seq;
      entries += 1;
      waiting.push(entry);
      continue;
    }
    const { seal } = item;
    const first = waiting[0]?.seq ?? seal.entries?.[0]?.seq ?? seq + 1;
    if (last !== undefined && seal.nr !== last.nr + 1)
      throw new Tampered(first, `seal ${last.nr + 1}, which comes next, is missing`);
    checkSeal(seal, first, last);
    checkEntries(waiting, seal);
    checkNoted(noted, seal, first);
    waiting = [];
    seq = Math.max(seq, seal.entries?.at(-1)?.seq ?? 0);
    last = { ...seal, first };
    seals += 1;
  }
  return {
    ok: true as const,
    lastSeq: seq,
    entries,
    unsealed: waiting.length,
    seals,
    ...(last && { lastSeal: { nr: last.nr, hash: last.hash } }),
  };
}

function checkEntries(waiting: readonly CheckedEntry[], seal: SealOrLink): void {
  const listed = new Map(seal.entries?.map((entry) => [entry.seq, entry.digest]));
  for (const { seq, digest } of waiting) {
    if (listed.get(seq) !== digest) throw new Tampered(seq, `it is not what seal ${seal.nr} stands for`);
  }
}

// Verifies a selection of a trail: some of its entries, with the seals that stand for them. It proves that each is as it
// was sealed; what was left out cannot be known.

import { contentHash, type FullSeal, type Seal, sealHash } from './seal.ts';
import { type CheckedEntry, checkNoted, type NotedSeal, Tampered, type Verdict } from './verify.ts';

/** A seal without its list only links two others. */
export type SealOrLink = FullSeal | (Seal & { readonly entries?: undefined });

/** What a selection consists of, in the order in which it was written: each seal behind the entries it stands for. */
export type SelectionItem = { readonly entry: CheckedEntry } | { readonly seal: SealOrLink };

/** Verifies a selection that is said to have so many entries and seals, and that it agrees with a noted seal it holds. */
export async function verifySelection(
  items: AsyncIterable<SelectionItem>,
  counted: { readonly entries: number; readonly seals: number },
  noted?: NotedSeal,
): Promise<Verdict> {
  try {
    const verdict = await walk(items, noted);
    if (verdict.entries === counted.entries && verdict.seals === counted.seals) return verdict;
    const { entries, seals } = counted;
    const grund = `the file was written with ${entries} entries and ${seals} seals; it has ${verdict.entries} and ${verdict.seals}`;
    return { ok: false, seq: verdict.lastSeq + 1, grund };
  } catch (error) {
    if (error instanceof Tampered) return { ok: false, seq: error.seq, grund: error.message };
    throw error;
  }
}

async function walk(items: AsyncIterable<SelectionItem>, noted: NotedSeal | undefined) {
  let waiting: CheckedEntry[] = [];
  let last: Seal | undefined;
  let entries = 0;
  let seals = 0;
  let seq = 0;
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
    checkEntries(waiting, seal);
    const problem = problemOf(seal, last);
    const first = waiting[0]?.seq ?? seal.entries?.[0]?.seq ?? seq + 1;
    if (problem !== undefined) throw new Tampered(first, `seal ${seal.nr} has been changed: ${problem}`);
    checkNoted(noted, seal, first);
    waiting = [];
    last = seal;
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

function problemOf(seal: SealOrLink, last: Seal | undefined): string | undefined {
  if (seal.entries !== undefined && contentHash(seal.entries) !== seal.indhold) {
    return '`indhold` is not the hash of its list of entries';
  }
  if (sealHash(seal) !== seal.hash) return '`hash` is not that of the seal';
  if (last === undefined) return undefined;
  if (seal.nr !== last.nr + 1) return `it does not follow seal ${last.nr}`;
  if (seal.forrige !== last.hash) return '`forrige` is not the hash of the seal before it';
  return undefined;
}

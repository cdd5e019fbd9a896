// Verifies a trail: entries and seals are read side by side, and the first entry that is not as it was sealed is named.

import { contentHash, type FullSeal, NO_SEAL, type Seal, type SealOrLink, sealHash } from './seal.ts';

/** An entry whose digest has been computed anew from what it says. */
export interface CheckedEntry {
  readonly seq: number;
  readonly digest: string;
  /** What is wrong with it, seen by itself. */
  readonly problem?: string;
}

/** All of a trail, in order, and how far it is said to go. */
export interface Trail {
  readonly entries: AsyncIterable<CheckedEntry>;
  readonly seals: AsyncIterable<FullSeal>;
  /** Numbers of the last entry and the last seal, from somewhere else than the entries and the seals. */
  readonly counters: { readonly entries: number; readonly seals: number };
}

/** A seal that is known from elsewhere. */
export interface NotedSeal {
  readonly nr: number;
  readonly hash: string;
}

/** What came of it. */
export type Verdict =
  | {
      readonly ok: true;
      readonly entries: number;
      /** Entries behind the last seal: each is as it was written, but nothing else vouches for it yet. */
      readonly unsealed: number;
      readonly seals: number;
      /** The last seal, to be noted elsewhere. */
      readonly lastSeal?: NotedSeal;
    }
  | { readonly ok: false; readonly seq: number; readonly grund: string };

/** Something that is not as it was; it ends the verification. */
export class Tampered extends Error {
  readonly seq: number;

  constructor(seq: number, grund: string) {
    super(grund);
    this.seq = seq;
  }
}

/** Verifies the whole trail, and that it holds the seal that was noted, if one is given. */
export async function verifyTrail(trail: Trail, noted?: NotedSeal): Promise<Verdict> {
  try {
    return await walk(trail, noted);
  } catch (error) {
    if (error instanceof Tampered) return { ok: false, seq: error.seq, grund: error.message };
    throw error;
  }
}

async function walk(
  { entries, seals: sealing, counters }: Trail,
  noted: NotedSeal | undefined,
): Promise<Verdict> {
  const reading = entries[Symbol.asyncIterator]();
  let seq = 0;
  let last: PreviousSeal | undefined;

  /** Takes the next entry, which must be the one after the last. */
  const take = async (): Promise<CheckedEntry | undefined> => {
    const next = await reading.next();
    if (next.done) return undefined;
    const entry = next.value;
    if (entry.seq > seq + 1) throw new Tampered(seq + 1, 'it is missing');
    if (entry.seq <= seq) throw new Tampered(entry.seq, 'it is out of order');
    if (entry.problem !== undefined) throw new Tampered(entry.seq, entry.problem);
    seq = entry.seq;
    return entry;
  };

  for await (const seal of sealing) {
    const nr = (last?.nr ?? 0) + 1;
    const first = seq + 1;
    if (seal.nr > nr) throw new Tampered(first, `seal ${nr}, which stands for it, is missing`);
    if (seal.nr < nr) throw new Tampered(first, `seal ${seal.nr} before it is none of the trail`);
    if (nr > counters.seals)
      throw new Tampered(first, `seal ${nr}, which stands for it, was added past the counter of the seals`);
    checkSeal(seal, first, last);
    for (const listed of seal.entries) {
      if (listed.seq !== seq + 1)
        throw new Tampered(seq + 1, `seal ${nr} does not stand for it in its place`);
      const entry = await take();
      if (entry === undefined) throw new Tampered(listed.seq, 'it is missing');
      if (entry.digest !== listed.digest)
        throw new Tampered(entry.seq, `it is not what seal ${nr} stands for`);
    }
    checkNoted(noted, seal, first);
    last = { ...seal, first };
  }
  const sealed = seq;
  const seals = last?.nr ?? 0;
  if (counters.seals > seals)
    throw new Tampered(sealed + 1, `seal ${seals + 1}, which stands for it, is missing`);
  if (noted !== undefined && noted.nr > seals) {
    throw new Tampered(sealed + 1, `seal ${noted.nr}, which was noted, is missing`);
  }
  while ((await take()) !== undefined) {
    // each by itself
  }
  if (counters.entries > seq) throw new Tampered(seq + 1, 'it is missing');
  if (counters.entries < seq)
    throw new Tampered(counters.entries + 1, 'it was added past the counter of the trail');
  return {
    ok: true,
    entries: seq,
    unsealed: seq - sealed,
    seals,
    ...(last && { lastSeal: { nr: last.nr, hash: last.hash } }),
  };
}

/** The seal before, and the first entry that is read of those it stands for. */
export type PreviousSeal = Pick<Seal, 'nr' | 'hash'> & { readonly first: number };

/**
 * Throws Tampered when a seal has been changed: nothing that it says of entries is worth anything then, and the first
 * of them is named. Where it agrees with itself but not with the one before it, that one has been made anew.
 */
export function checkSeal(seal: SealOrLink, first: number, last: PreviousSeal | undefined): void {
  const problem = sealProblem(seal);
  if (problem !== undefined)
    throw new Tampered(first, `seal ${seal.nr}, which stands for it, has been changed: ${problem}`);
  if (last === undefined || seal.forrige === last.hash) return;
  throw new Tampered(
    last.first,
    `seal ${last.nr}, which stands for it, has been changed: seal ${seal.nr} was built on another`,
  );
}

/** What is wrong with a seal, seen by itself. */
function sealProblem(seal: SealOrLink): string | undefined {
  if (seal.entries !== undefined) {
    if (seal.problem !== undefined) return seal.problem;
    if (seal.entries.length === 0) return 'it stands for nothing';
    if (contentHash(seal.entries) !== seal.indhold) return '`indhold` is not the hash of its list of entries';
  }
  if (seal.nr === 1 && seal.forrige !== NO_SEAL) return '`forrige` is not that of the first seal';
  if (sealHash(seal) !== seal.hash) return '`hash` is not that of the seal';
  return undefined;
}

/** Throws Tampered when the seal is the one that was noted, and was another then. */
export function checkNoted(noted: NotedSeal | undefined, seal: Seal, first: number): void {
  if (noted === undefined || noted.nr !== seal.nr || noted.hash === seal.hash) return;
  throw new Tampered(first, `seal ${seal.nr}, which stands for it, is not the one that was noted`);
}

// The seals: each stands for a batch of entries and for the seal before it, so that nothing behind it can be changed
// without changing every seal since.

import { hash } from 'node:crypto';

/** An entry as a seal knows it. `digest` is SHA-256 in hexadecimal. */
export interface SealedEntry {
  readonly seq: number;
  readonly digest: string;
}

/** One seal. Hashes are SHA-256 in hexadecimal. */
export interface Seal {
  /** 1 for the first, without gaps. */
  readonly nr: number;
  /** When it was made, UTC, milliseconds. */
  readonly tidspunkt: string;
  /** `hash` of the seal before it; sixty-four zeros before the first. */
  readonly forrige: string;
  /** Hash of what it stands for. */
  readonly indhold: string;
  readonly hash: string;
}

/** A seal and the entries it stands for, by number. */
export interface FullSeal extends Seal {
  readonly entries: readonly SealedEntry[];
  /** What is wrong with the way it is kept, so that its hashes need not be looked at. */
  readonly problem?: string;
}

/** A seal without its list only links two others. */
export type SealOrLink = FullSeal | (Seal & { readonly entries?: undefined });

/** What the first seal builds on. */
export const NO_SEAL = '0'.repeat(64);

/** Entries that one seal stands for at most. */
export const SEAL_ENTRIES = 500;

/** What a seal stands for, as text: a line `seq digest` for each entry, ended by a line feed. */
export const sealedLines = (entries: readonly SealedEntry[]): string =>
  entries.map(({ seq, digest }) => `${seq} ${digest}\n`).join('');

/** Hash of those lines. */
export const contentHash = (entries: readonly SealedEntry[]): string => hash('sha256', sealedLines(entries));

/** Hash of the line `nr tidspunkt forrige indhold`, ended by a line feed. */
export const sealHash = ({ nr, tidspunkt, forrige, indhold }: Omit<Seal, 'hash'>): string =>
  hash('sha256', `${nr} ${tidspunkt} ${forrige} ${indhold}\n`);

/** Makes the seal that follows `previous`. */
export function makeSeal(
  previous: Pick<Seal, 'nr' | 'hash'> | undefined,
  entries: readonly SealedEntry[],
  now: Date,
): FullSeal {
  const seal = {
    nr: (previous?.nr ?? 0) + 1,
    tidspunkt: now.toISOString(),
    forrige: previous?.hash ?? NO_SEAL,
    indhold: contentHash(entries),
  };
  return { ...seal, hash: sealHash(seal), entries };
}

// Keeps the audit trail sealed while a service runs. Any number of processes may do so on one store.

import { repeat } from '../../domain/repeat.ts';
import type { Seal } from './seal.ts';

/** A trail that can be sealed. */
interface Sealable {
  /** Gives the last seal that was made, if one was. */
  seal(): Promise<Seal | undefined>;
}

/** Who is told what became of it. */
interface Listener {
  onSeal(seal: Seal): void;
  onError(error: unknown): void;
}

/** Milliseconds between seals: short enough that little is ever unsealed, long enough for batches. */
export const SEAL_INTERVAL = 5_000;

/**
 * Seals every `interval` milliseconds, one time after the other. What fails is tried again.
 * Gives a function that stops it and resolves when nothing of it is under way; it leaves a last seal to the store.
 */
export function keepSealed(
  trail: Sealable,
  listener: Listener,
  interval = SEAL_INTERVAL,
): () => Promise<void> {
  const seal = async (): Promise<void> => {
    const last = await trail.seal();
    if (last !== undefined) listener.onSeal(last);
  };
  return repeat(seal, interval, (error) => listener.onError(error));
}

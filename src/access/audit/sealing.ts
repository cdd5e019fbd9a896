// Keeps the audit trail sealed while a service runs. Any number of processes may do so on one store.

/** A trail that can be sealed. */
interface Sealable {
  seal(): Promise<void>;
}

/** Milliseconds between seals: short enough that little is ever unsealed, long enough for batches. */
export const SEAL_INTERVAL = 5_000;

/**
 * Seals every `interval` milliseconds, one time after the other. What fails is told to `onError` and tried again.
 * Gives a function that stops it and resolves when nothing of it is under way; it leaves a last seal to the store.
 */
export function keepSealed(
  trail: Sealable,
  onError: (error: unknown) => void,
  interval = SEAL_INTERVAL,
): () => Promise<void> {
  let underWay: Promise<void> = Promise.resolve();
  let isIdle = true;
  const timer = setInterval(() => {
    if (!isIdle) return;
    isIdle = false;
    underWay = trail
      .seal()
      .catch(onError)
      .finally(() => {
        isIdle = true;
      });
  }, interval);
  return () => {
    clearInterval(timer);
    return underWay;
  };
}

// Work that is done again and again while a service runs: one time after the other, never two at once.

/**
 * Does the work every `interval` milliseconds; a turn that comes while it is under way is left out. What it rejects
 * with goes to `onError`, and it is tried again at the next turn. Gives a function that stops it and resolves when
 * nothing of it is under way.
 */
export function repeat(
  work: () => Promise<unknown>,
  interval: number,
  onError: (error: unknown) => void,
): () => Promise<void> {
  let underWay: Promise<void> = Promise.resolve();
  let isIdle = true;
  const timer = setInterval(() => {
    if (!isIdle) return;
    isIdle = false;
    underWay = work()
      .then(() => undefined, onError)
      .finally(() => {
        isIdle = true;
      });
  }, interval);
  return () => {
    clearInterval(timer);
    return underWay;
  };
}

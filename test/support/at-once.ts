// Work on many things, some of them at a time.

/** How many are under way at once. */
const AT_ONCE = 64;

/** Does the work for each item, some of them at a time. */
export async function forEachAtOnce<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const left = items.values();
  const worker = async (): Promise<void> => {
    for (const item of left) await work(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

// Reads what is numbered page by page, to its end.

/** Before every number, also before those that are never given: a hand at the store could have. */
const BEGINNING = Number.NEGATIVE_INFINITY;

/** Every row, by number; `read` gives at most `limit` of those after a number, in order. */
export async function* inPages<T>(
  limit: number,
  read: (page: { readonly after: number; readonly limit: number }) => readonly T[] | Promise<readonly T[]>,
  numberOf: (row: T) => number,
): AsyncGenerator<T> {
  for (let after = BEGINNING; ; ) {
    const page = await read({ after, limit });
    yield* page;
    if (page.length < limit) return;
    after = numberOf(page.at(-1)!);
  }
}

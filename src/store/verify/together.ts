// Walks several lists that are in the order of the same key side by side, so that what belongs together is seen
// together and no more than that is in memory.

type Key = string | number;

/** A list, and the key by which it is in order. */
export interface Ordered<T> {
  readonly rows: AsyncIterable<T>;
  key(row: T): Key;
}

/** For each key the rows of each list that have it, in the order of the keys. */
export async function* together<L extends Record<string, unknown>>(
  lists: {
    readonly [N in keyof L]: Ordered<L[N]>;
  },
): AsyncGenerator<{ readonly [N in keyof L]: L[N][] }> {
  const cursors = Object.entries(lists).map(([name, list]) => ({
    name,
    cursor: new Cursor(list as Ordered<unknown>),
  }));
  try {
    for (const { cursor } of cursors) await cursor.step();
    for (;;) {
      const keys = cursors.flatMap(({ cursor }) => (cursor.key === undefined ? [] : [cursor.key]));
      if (keys.length === 0) return;
      const least = keys.reduce((a, b) => (b < a ? b : a));
      const group: Record<string, unknown[]> = {};
      for (const { name, cursor } of cursors) group[name] = await cursor.takeAll(least);
      yield group as never;
    }
  } finally {
    for (const { cursor } of cursors) await cursor.end();
  }
}

/** The place that is reached in one list. */
class Cursor<T> {
  /** Of the next row; undefined at the end. */
  key: Key | undefined;
  #row: T | undefined;
  readonly #reading: AsyncIterator<T>;
  readonly #list: Ordered<T>;

  constructor(list: Ordered<T>) {
    this.#list = list;
    this.#reading = list.rows[Symbol.asyncIterator]();
  }

  async step(): Promise<void> {
    const next = await this.#reading.next();
    this.#row = next.done ? undefined : next.value;
    this.key = next.done ? undefined : this.#list.key(next.value);
  }

  async takeAll(key: Key): Promise<T[]> {
    const rows: T[] = [];
    while (this.key === key) {
      rows.push(this.#row!);
      await this.step();
    }
    return rows;
  }

  async end(): Promise<void> {
    await this.#reading.return?.();
  }
}

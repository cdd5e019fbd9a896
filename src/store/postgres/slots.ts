// So many at a time; the others wait in the order they came.

/** The places of those who are at it. */
export class Slots {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  /** So many there are. */
  constructor(count: number) {
    this.#free = count;
  }

  /** Does the work when there is a place for it. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((go) => this.#waiting.push(go));
    try {
      return await work();
    } finally {
      // The place goes from one to the next, so that nobody who comes now is before those who wait.
      const next = this.#waiting.shift();
      if (next === undefined) this.#free += 1;
      else next();
    }
  }
}

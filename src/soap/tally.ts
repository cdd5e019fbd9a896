// Counts what there is of something by whose it is, and in all; what is back at nothing takes no room.

/** Amounts by key. */
export class Tally {
  readonly #amounts = new Map<string, number>();
  #total = 0;

  /** Of all keys together. */
  get total(): number {
    return this.#total;
  }

  of(key: string): number {
    return this.#amounts.get(key) ?? 0;
  }

  /** Adds an amount, which may be below nothing. */
  add(key: string, amount: number): void {
    this.#total += amount;
    const now = this.of(key) + amount;
    if (now === 0) this.#amounts.delete(key);
    else this.#amounts.set(key, now);
  }
}

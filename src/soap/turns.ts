// Who is served next: each system in its turn, so that one that asks for very much makes itself wait, and not the others.

/** Waits for its turn; told whether it has come in time. */
type Waiting = { readonly since: number; readonly go: (inTime: boolean) => void };

/** The turns of those who are served at the same place. */
export class Turns {
  /** Who waits, by system, in the order in which systems have their turn. */
  readonly #waiting = new Map<string, Waiting[]>();
  readonly #atOnce: number;
  readonly #patience: number;
  #served = 0;

  /** So many are served at once; one that has waited for more than `patience` milliseconds is not served any more. */
  constructor(atOnce: number, patience: number) {
    this.#atOnce = atOnce;
    this.#patience = patience;
  }

  /** Resolves when it is the turn of one of that system: true, and `done` must be called; or false, when it took too long. */
  next(system: string): Promise<boolean> {
    if (this.#served < this.#atOnce) {
      this.#served += 1;
      return Promise.resolve(true);
    }
    return new Promise((go) => {
      const queue = this.#waiting.get(system) ?? [];
      queue.push({ since: performance.now(), go });
      this.#waiting.set(system, queue);
    });
  }

  /** One has been served: it is the turn of the next. */
  done(): void {
    this.#served -= 1;
    for (let next = this.#take(); next !== undefined; next = this.#take()) {
      const inTime = performance.now() - next.since <= this.#patience;
      if (inTime) this.#served += 1;
      next.go(inTime);
      if (inTime) return;
    }
  }

  /** The one that has waited longest of the system whose turn it is; that system goes behind the others. */
  #take(): Waiting | undefined {
    for (const [system, queue] of this.#waiting) {
      const first = queue.shift()!;
      this.#waiting.delete(system);
      if (queue.length > 0) this.#waiting.set(system, queue);
      return first;
    }
    return undefined;
  }
}

// How long calls take while things are killed, and whether there is a reason why one failed: those that a kill of a process
// may have met are told apart from the others.

export class Stopwatch {
  /** Milliseconds of the slowest call during which no process was being killed. */
  slowest = 0;
  /** Of those, the slowest during which the database was down. */
  slowestWithoutDatabase = 0;
  /** Calls that failed though the database was there, and everybody knew. */
  failedForNoReason = 0;
  readonly #killing = new Window();
  readonly #down = new Window();
  readonly #unwell = new Window();

  /** A call begins; what this gives is called when it has ended, and with 1011 or otherwise. */
  readonly onCall = (): ((isFailing: boolean) => void) => {
    const began = performance.now();
    return (isFailing) => {
      if (isFailing && !this.#unwell.meets(began)) this.failedForNoReason += 1;
      if (this.#killing.meets(began)) return;
      const took = performance.now() - began;
      this.slowest = Math.max(this.slowest, took);
      if (this.#down.meets(began)) this.slowestWithoutDatabase = Math.max(this.slowestWithoutDatabase, took);
    };
  };

  /** Processes are killed and started again in that time. */
  whileKilling<T>(work: () => Promise<T>): Promise<T> {
    return this.#killing.during(work);
  }

  /** The database goes in that time and comes back, and all processes are well again at the end of it. */
  whileUnwell<T>(work: () => Promise<T>): Promise<T> {
    return this.#unwell.during(work);
  }

  /** The database is down in that time. */
  whileDown<T>(work: () => Promise<T>): Promise<T> {
    return this.#down.during(work);
  }
}

/** Times in which something goes on. */
class Window {
  #open = 0;
  #closed = Number.NEGATIVE_INFINITY;

  async during<T>(work: () => Promise<T>): Promise<T> {
    this.#open += 1;
    try {
      return await work();
    } finally {
      this.#open -= 1;
      this.#closed = performance.now();
    }
  }

  /** Whether it went on at some moment since then. */
  meets(since: number): boolean {
    return this.#open > 0 || since < this.#closed;
  }
}

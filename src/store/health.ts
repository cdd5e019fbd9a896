// How a store in use is: well, or failing, why and since when. One that fails is tried until it is well again.

import { repeat } from '../domain/repeat.ts';

/** What is wrong. `cause` is for people, and tells nothing of a citizen. */
export interface StoreFailure {
  readonly cause: string;
  readonly since: Date;
}

export interface StoreHealth {
  /** What is wrong; undefined when all is well. */
  failure(): StoreFailure | undefined;
  /**
   * Tries a durable write that changes nothing. The store is well again when that succeeds and nothing has failed since
   * the last try. Never rejects.
   */
  tryAgain(): Promise<void>;
}

/** Who is told when it changes. */
interface Listener {
  onFailing(failure: StoreFailure): void;
  onWell(failure: StoreFailure): void;
  /** At each look at a store that is well. */
  whileWell(): void;
}

/** Milliseconds between looks, and between tries of a store that fails. */
const LOOK_INTERVAL = 1_000;

/** Looks every `interval` milliseconds. Gives a function that stops it and resolves when nothing of it is under way. */
export function keepWell(
  health: StoreHealth,
  listener: Listener,
  interval = LOOK_INTERVAL,
): () => Promise<void> {
  let told: StoreFailure | undefined;
  const look = async (): Promise<void> => {
    if (told !== undefined) await health.tryAgain();
    const failure = health.failure();
    if (failure !== undefined && told === undefined) listener.onFailing(failure);
    if (failure === undefined && told !== undefined) listener.onWell(told);
    told = failure;
    if (failure === undefined) listener.whileWell();
  };
  return repeat(look, interval, () => undefined);
}

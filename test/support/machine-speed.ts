// How fast this machine is just now: a bound in milliseconds of CPU then means the same work on every machine, and on one
// that others use meanwhile.

/** Numbers to go through in no order: more than a core keeps near. */
const NUMBERS = new Int32Array(2 ** 21);
const STEPS = 20_000_000;
/** Milliseconds of CPU that these steps take on the machine on which the bounds were set. */
const USUAL = 44;
const TRIES = 3;

/** What the work gives, and the milliseconds of CPU that this thread spends until it is done. */
export async function cpuOf<T>(work: () => T): Promise<{ readonly value: Awaited<T>; readonly cpu: number }> {
  const began = process.threadCpuUsage();
  const value = await work();
  const { user, system } = process.threadCpuUsage(began);
  return { value, cpu: (user + system) / 1000 };
}

/** How many times slower this machine is than the one on which the bounds were set; at least 1. */
export async function slowness(): Promise<number> {
  const times: number[] = [];
  for (let n = 0; n < TRIES; n += 1) times.push((await cpuOf(calculate)).cpu);
  return Math.max(1, Math.min(...times) / USUAL);
}

function calculate(): void {
  let at = 1;
  for (let n = 0; n < STEPS; n += 1) {
    at = (Math.imul(at, 1_103_515_245) + 12_345) & (NUMBERS.length - 1);
    NUMBERS[at] = NUMBERS[at]! + n;
  }
}

// Runs several processes on the same stores at the same moments.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const CHILD = fileURLToPath(new URL('./child.ts', import.meta.url));
/** Milliseconds from one file to the next. */
const PACE = 120;

/** Lets that many processes open each file at once and save so often each. Gives everything they say in the end. */
export async function runAtOnce(
  processes: number,
  files: readonly string[],
  saves: number,
): Promise<string[]> {
  const children = Array.from({ length: processes }, () => fork(CHILD, [String(saves), ...files]));
  // Each says `ready` when everything is loaded, so that what happens at once is the opening itself.
  await Promise.all(children.map((child) => once(child, 'message')));
  const outcomes = children.map(async (child) => {
    const exited = once(child, 'exit');
    const [outcome] = (await Promise.race([once(child, 'message'), exited])) as [string[] | number];
    await exited;
    return outcome;
  });
  const now = Date.now();
  for (const child of children) child.send(files.map((_, i) => now + 20 + i * PACE));
  return (await Promise.all(outcomes)).flat().map(String);
}

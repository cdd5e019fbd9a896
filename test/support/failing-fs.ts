// A file system on which a call of Node's fails as the test says, for as long as some work takes.

import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/** An error as Node gives it. */
const fault = (code: string): Error => Object.assign(new Error(`${code}: made by a test`), { code });

/** Works while a call fails with the code, whenever `when` says so of its first argument. */
export async function whileFailing<T>(
  call: 'fsyncSync' | 'linkSync',
  code: string,
  work: () => T | Promise<T>,
  when: (first: never) => boolean = () => true,
): Promise<T> {
  const real = fs[call] as (...args: unknown[]) => unknown;
  const failing = (...args: unknown[]): unknown => {
    if (when(args[0] as never)) throw fault(code);
    return real(...args);
  };
  Object.assign(fs, { [call]: failing });
  syncBuiltinESMExports();
  try {
    return await work();
  } finally {
    Object.assign(fs, { [call]: real });
    syncBuiltinESMExports();
  }
}

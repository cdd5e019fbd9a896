// What the doctor is told of the machine it runs on, so that tests can tell it something else.

import { statfsSync } from 'node:fs';
import { type Dato, datoI } from '../../domain/dato.ts';
import { systemPorts } from '../../domain/ports.ts';

/** What a file system says of itself, as `statfs` does. */
export interface FileSystem {
  /** The magic number of its kind; only Linux has one. */
  readonly kind?: number;
  readonly freeBytes: number;
}

export interface Machine {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly now: Date;
  /** As in `process.versions.node`. */
  readonly node: string;
  /** The day in Denmark at that instant, by this machine's time zone data. */
  readonly dayAt: (instant: Date) => Dato;
  readonly fileSystemOf: (path: string) => FileSystem;
}

/** The machine as it is. */
export const thisMachine = (): Machine => ({
  env: process.env,
  now: systemPorts.now(),
  node: process.versions.node,
  dayAt: datoI,
  fileSystemOf(path) {
    const { type, bavail, bsize } = statfsSync(path);
    return { ...(process.platform === 'linux' && { kind: type }), freeBytes: bavail * bsize };
  },
});

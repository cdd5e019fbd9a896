// The password of a database that stands in no address: from PGPASSWORD, or from the file that PGPASSFILE names, as all
// programs of PostgreSQL find it. It is looked up for each connection, so a new one is taken without a restart.

import { readFileSync, statSync } from 'node:fs';
import { StoreError } from '../store.ts';

/** Who connects where. */
export interface Login {
  readonly host: string;
  readonly port: string;
  readonly database: string;
  readonly user: string;
}

/** The password for that login. Throws StoreError where there is none, and for a file that cannot be used. */
export function passwordOf(
  login: Login,
  env: Readonly<Record<string, string | undefined>> = process.env,
): string {
  if (env.PGPASSWORD) return env.PGPASSWORD;
  const { host, port, database, user } = login;
  if (!env.PGPASSFILE)
    throw new StoreError(
      `PENSION_STORE: the database asks for a password, and there is none. Write it into a file, as ${host}:${port}:${database}:${user}:PASSWORD, and name that in PGPASSFILE.`,
    );
  const found = passwordIn(readPassFile(env.PGPASSFILE), login);
  if (!found)
    throw new StoreError(
      `PGPASSFILE: ${env.PGPASSFILE} has no line for ${host}:${port}:${database}:${user}. Add one, with the password behind it.`,
    );
  return found;
}

/** The password of the first line that fits: `host:port:database:user:password`, `*` for any, `\:` and `\\` as they are. */
export function passwordIn(text: string, { host, port, database, user }: Login): string | undefined {
  const wanted = [host, port, database, user];
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith('#')) continue;
    const fields = [...line.matchAll(/((?:\\.|[^\\:])*)(?::|$)/g)].map(([, field = '']) => plain(field));
    if (fields.length >= 5 && wanted.every((value, at) => fields[at] === '*' || fields[at] === value)) {
      return fields[4];
    }
  }
  return undefined;
}

const plain = (field: string): string => field.replaceAll(/\\(.)/g, '$1');

function readPassFile(file: string): string {
  try {
    if (process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0)
      throw new StoreError(
        `PGPASSFILE: ${file} can be read by others than its owner. Take their rights away: chmod 600 ${file}`,
      );
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof StoreError) throw error;
    throw new StoreError(`PGPASSFILE: ${file} cannot be read (${(error as Error).message}).`);
  }
}

// Databases on a PostgreSQL, made and dropped: each test has its own.

import { randomBytes } from 'node:crypto';
import pg from 'pg';

/** Runs statements on a connection of their own. */
export async function onServer<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined); // the statement under way is refused with it
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/**
 * Makes an empty database on the server of that address, in UTF-8 and with the order of bytes, and gives its address.
 * `name` is one that was not there yet; by default a random one.
 */
export async function newDatabase(
  url: string,
  name = `pension_${randomBytes(6).toString('hex')}`,
): Promise<string> {
  await onServer(url, async (client) => {
    const { rows } = await client.query<{ version: number }>(
      "SELECT current_setting('server_version_num')::int AS version",
    );
    // A server may have been made with another provider, whose order "C" does not change.
    const provider = rows[0]!.version >= 150_000 ? 'LOCALE_PROVIDER libc' : '';
    await client.query(
      `CREATE DATABASE ${pg.escapeIdentifier(name)} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C' ${provider}`,
    );
  });
  return onDatabase(url, name);
}

/** Drops the database of that address, whoever is connected to it. `server` is an address on the same server. */
export async function dropDatabase(server: string, url: string): Promise<void> {
  const name = decodeURIComponent(new URL(url).pathname.slice(1));
  await onServer(server, (client) =>
    client.query(`DROP DATABASE IF EXISTS ${pg.escapeIdentifier(name)} WITH (FORCE)`),
  );
}

/** The address of another database on the same server. */
export function onDatabase(url: string, name: string): string {
  const other = new URL(url);
  other.pathname = `/${encodeURIComponent(name)}`;
  return other.href;
}

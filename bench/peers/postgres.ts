// Several processes of the service on one private PostgreSQL, and a database with the citizens for them.

import { findBinaries } from '../../build/postgres/binaries.ts';
import { newDatabase, onServer } from '../../build/postgres/databases.ts';
import { type PrivatePostgres, startPostgres } from '../../build/postgres/server.ts';
import type { Subject } from '../meter.ts';
import { fill } from '../prepared.ts';
import { counted, say } from '../table.ts';
import { type Peer, type PeerOptions, startService } from './peer.ts';

/** PostgreSQL's own default for its memory. Everything that makes a commit last is as it is by default. */
const SETTINGS = { shared_buffers: '128MB' };

/** Processes on one database. */
export interface Cluster {
  readonly major: number;
  readonly peers: readonly Peer[];
  /** The first so many processes. */
  first(processes: number): Subject;
  stop(): Promise<void>;
}

/** Whether there is a PostgreSQL here that could be started. */
export const isPostgresHere = (): boolean => findBinaries() !== undefined;

/** Starts a server, fills a database and starts so many processes on it. */
export async function startCluster(
  citizens: number,
  processes: number,
  options: PeerOptions,
): Promise<Cluster> {
  // While it is filled nothing is flushed, for that is not what is measured.
  const server = await startPostgres({ settings: { ...SETTINGS, fsync: 'off' } });
  const peers: Peer[] = [];
  const stop = async (): Promise<void> => {
    await Promise.allSettled(peers.map((peer) => peer.stop()));
    await server.remove();
  };
  try {
    const database = await filled(server, citizens);
    for (let each = 0; each < processes; each += 1) peers.push(await startService(database, options));
    return { major: server.major, peers, first: (count) => subject(server, peers.slice(0, count)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function filled(server: PrivatePostgres, citizens: number): Promise<string> {
  say(`filling a database with ${citizens} citizens ...`);
  const database = await newDatabase(server.url);
  await fill(database, citizens, 'test');
  await onServer(database, (client) => client.query('VACUUM ANALYZE'));
  await server.stop();
  await server.start(SETTINGS);
  return database;
}

const subject = (server: PrivatePostgres, peers: readonly Peer[]): Subject => ({
  name: `PostgreSQL, ${counted(peers.length, 'process', 'processes')}`,
  store: 'postgres',
  watched: { service: peers.map(({ pid }) => pid), ...(server.pid && { database: server.pid }) },
  addresses: (asked) => peers.map((peer) => peer.address(asked)),
});

// The thread that brings the write-ahead log of a store into the database file, while the store goes on.

import { parentPort, workerData } from 'node:worker_threads';
import { openConnection } from './connection.ts';

/** When so few pages have come meanwhile, the store does the rest itself. */
const FEW = 200;
/** Times that it is tried: what has come meanwhile gets less each time, or there is too much to keep up with. */
const ROUNDS = 8;

const db = openConnection(workerData as string, { mustExist: true });
db.pragma('wal_autocheckpoint = 0');
const checkpoint = db.prepare<[], { busy: number; log: number; checkpointed: number }>(
  'PRAGMA wal_checkpoint(PASSIVE)',
);
const look = db.prepare<[], { log: number; checkpointed: number }>('PRAGMA wal_checkpoint(NOOP)');

parentPort!.on('message', () => {
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      checkpoint.get();
      const { log, checkpointed } = look.get()!;
      if (log - checkpointed <= FEW) break;
    }
  } catch {
    // What could not be brought over stays in the log, and the store finds out by itself what is wrong with the disk.
  }
  parentPort!.postMessage('done');
});

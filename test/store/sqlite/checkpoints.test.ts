// The log of a store that is served: it may get long, is brought over beside the transactions, and begins anew.

import { statSync } from 'node:fs';
import { expect } from 'chai';
import { makeCheckpoints } from '../../../src/store/sqlite/checkpoints.ts';
import { openConnection } from '../../../src/store/sqlite/connection.ts';
import { newPath } from './under-test.ts';

/** Bytes of a page in the log, with what is written before it. */
const FRAME = 4_120;

/** Rows that are written at most. */
const MOST = 2_000_000;

describe('the log of a store that is served', () => {
  it('is brought over when it is long, by another thread, and begins anew: it does not grow without end', async function () {
    this.timeout(60_000);
    const file = newPath();
    const db = openConnection(file);
    db.pragma('synchronous = OFF'); // how long the log is does not depend on when it is flushed
    db.exec('CREATE TABLE held (nr INTEGER PRIMARY KEY, bytes BLOB)');
    const checkpoints = makeCheckpoints(db, file);
    const look = db.prepare<[], { log: number }>('PRAGMA wal_checkpoint(NOOP)');
    const insert = db.prepare('INSERT OR REPLACE INTO held VALUES (?, zeroblob(3000))');
    const written = db.transaction((from: number) => {
      for (let nr = from; nr < from + 100; nr += 1) insert.run(nr % 50_000);
    });
    // Until it has begun anew twice, however fast the other thread is; what makes it long enough for that is written often.
    let [longest, begun, last] = [0, 0, 0];
    for (let from = 0; begun < 2 && from < MOST; from += 100) {
      written.immediate(from);
      checkpoints.afterTransaction();
      await new Promise(setImmediate);
      const { log } = look.get()!;
      if (log < last) begun += 1;
      last = log;
      longest = Math.max(longest, statSync(`${file}-wal`).size / FRAME);
    }
    expect(begun, 'times that it has begun anew').to.equal(2);
    expect(longest, 'pages in the log').to.be.at.least(40_000);
    expect(db.pragma('integrity_check', { simple: true })).to.equal('ok');
    await checkpoints.stop();
    db.close();
  });

  it('stays as it is where it cannot be brought over, and nobody is told', async () => {
    const file = newPath();
    const db = openConnection(file);
    db.exec('CREATE TABLE held (nr INTEGER PRIMARY KEY)');
    const checkpoints = makeCheckpoints(db, file);
    db.close();
    for (let transaction = 0; transaction < 40; transaction += 1) checkpoints.afterTransaction();
    await checkpoints.stop();
  });
});
